using Microsoft.Extensions.Logging;
using Sunsetter.Client.Clock;
using Sunsetter.Gates;

namespace Sunsetter.Client.Snapshots;

/// <summary>The one snapshot that decides: replaced whole, by one reference.</summary>
internal sealed class SnapshotHolder(ServerClock clock, TimeProvider time, ClientTelemetry telemetry, ILogger log)
{
    private volatile State _state = new(GateSnapshot.None, default);
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Told after each new version, on the thread that received it.</summary>
    public event Action? Changed;

    public GateSnapshot Snapshot => _state.Snapshot;

    /// <summary>Null before the first snapshot.</summary>
    public long? Version => _state.Snapshot.Version is >= 0 and var version ? version : null;

    /// <summary>When the held version began to decide here.</summary>
    public DateTimeOffset ObeyedAt => _state.ObeyedAt;

    /// <returns>False when the document was refused; what was held before still is.</returns>
    /// <param name="document">The snapshot as it came.</param>
    /// <param name="means">How it came.</param>
    /// <param name="anew">Also where the version is the one that is held.</param>
    public bool Replace(ReadOnlySpan<byte> document, string means, bool anew = false)
    {
        var reading = GateSnapshot.Read(document);
        if (reading.Snapshot is not { } snapshot)
        {
            Refuse("snapshot", string.Join(' ', reading.Errors));
            return false;
        }
        telemetry.Snapshot("snapshot", "obeyed");
        Obey(snapshot, means, anew);
        return true;
    }

    /// <returns>False when something was lost on the way, or the delta was refused: fetch the whole.</returns>
    public bool Apply(ReadOnlySpan<byte> document)
    {
        var reading = GateDelta.Read(document);
        if (reading.Delta is not { } delta)
        {
            Refuse("delta", string.Join(' ', reading.Errors));
            return false;
        }
        var applied = Snapshot.Apply(delta);
        switch (applied.Outcome)
        {
            case DeltaOutcome.Applied:
                telemetry.Snapshot("delta", "obeyed");
                Obey(applied.Snapshot, "delta");
                return true;
            case DeltaOutcome.AlreadyKnown:
                telemetry.Snapshot("delta", "repeated");
                return true;
            case DeltaOutcome.Refused:
                Refuse("delta", string.Join(' ', applied.Errors));
                return false;
            default:
                telemetry.Snapshot("delta", "resync");
                return false;
        }
    }

    /// <summary>Waits until another version than <paramref name="seen"/> is held, a given time at most; true when there is one.</summary>
    public async Task<bool> WaitForChangeAsync(long? seen, TimeSpan most, CancellationToken cancel)
    {
        var changed = Volatile.Read(ref _changed).Task;
        if (Version != seen) return true;
        try
        {
            await changed.WaitAsync(most, time, cancel);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private void Obey(GateSnapshot snapshot, string means, bool anew = false)
    {
        if (snapshot.Version == Snapshot.Version && !anew) return;
        _state = new State(snapshot, clock.Now);
        log.Obeying(snapshot.Version, means);
        Interlocked.Exchange(ref _changed, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
        Changed?.Invoke();
    }

    private void Refuse(string kind, string errors)
    {
        telemetry.Snapshot(kind, "refused");
        log.SnapshotRefused(errors);
    }

    private sealed record State(GateSnapshot Snapshot, DateTimeOffset ObeyedAt);
}
