using System.Threading.Channels;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Gates;

/// <summary>
/// Keeps the newest snapshot and tells the streams. Hints make it look at once (a change on this node, PostgreSQL's NOTIFY from another); the position
/// in the store, looked at twice a second whatever happens, is the truth. One reading after the other, built whole, swapped by reference.
/// </summary>
internal sealed partial class GatePublisher(
    GateReader reader, EdgeKeys keys, GateStreams streams, KeepGateBasis basis, Changes changes, TimeProvider clock, ILogger<GatePublisher> log)
    : BackgroundService, IPreparation
{
    public static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(500);

    private readonly Channel<bool> hints = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly SemaphoreSlim turn = new(1);
    private readonly GateProjection projection = new();
    private volatile Published? current;
    private volatile bool keysAreOld = true;
    private long lookedAt;
    private long keysPosition = -1;
    private volatile IReadOnlyList<RestorePressed> restores = [];

    /// <summary>Null only before <see cref="Prepare"/>.</summary>
    public Published? Current => current;

    /// <summary>The latest restores, newest first.</summary>
    public IReadOnlyList<RestorePressed> Restores => restores;

    /// <summary>Look soon: a gate may have changed.</summary>
    public void Hint() => hints.Writer.TryWrite(true);

    /// <summary>Look soon: a key may have changed on another node.</summary>
    public void HintOfKeys()
    {
        keysAreOld = true;
        Hint();
    }

    public async Task Prepare(CancellationToken cancel)
    {
        await basis.Run(clock.GetUtcNow(), cancel);
        await Look(cancel);
        changes.Raised += _ => Hint();
        basis.Copied += Hint;
    }

    /// <summary>Reads what has changed, if anything has. Whoever returns from here sees every change committed before.</summary>
    public async Task Look(CancellationToken cancel)
    {
        await turn.WaitAsync(cancel);
        try
        {
            lookedAt = clock.GetTimestamp();
            keysAreOld = false;
            var (gates, keysNow) = await reader.Positions(cancel);
            if (keysNow != keysPosition)
            {
                await keys.ReadAll(cancel);
                keysPosition = keysNow;
            }
            if (gates != current?.Version)
                Publish(await reader.Read(gates > current?.Version ? current.Version : null, cancel));
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>The same for one who asks. False: the store cannot be read now.</summary>
    public async Task<bool> TryLook(CancellationToken cancel)
    {
        try
        {
            await Look(cancel);
            return true;
        }
        catch (Exception failure) when (!cancel.IsCancellationRequested)
        {
            Failed(failure);
            return false;
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                var hinted = await Hinted(stopping);
                // However many hints come, positions are looked at twice a second.
                await (hinted && !keysAreOld && clock.GetElapsedTime(lookedAt) < LookEvery ? LookForNews(stopping) : Look(stopping));
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                // What clients hold stays true until the store can be read again.
                Failed(failure);
                await Task.Delay(LookEvery, clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>A hint of a gate needs no question of where everything stands: the changes themselves tell.</summary>
    private async Task LookForNews(CancellationToken cancel)
    {
        await turn.WaitAsync(cancel);
        try
        {
            if (await reader.News(current!.Version, cancel) is { } news)
                Publish(news);
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>True: there was a hint. False: it is time to look without one.</summary>
    private async Task<bool> Hinted(CancellationToken stopping)
    {
        using var look = new CancellationTokenSource(LookEvery, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(look.Token, stopping);
        try
        {
            return await hints.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            return false;
        }
    }

    private void Publish(GateReading reading)
    {
        var snapshot = projection.Apply(reading);
        restores = reading.Whole ? reading.Restores : [.. reading.Restores, .. restores.Take(100)];
        // A smaller position means that the store was set back: clients must not keep what it no longer says.
        var before = current;
        var next = before is not null && snapshot.Version > before.Version ? before.Next(snapshot) : Published.First(snapshot);
        current = next;
        streams.Broadcast(next);
        Told(next.Version, next.Delta?.ChangedModules.Count() ?? snapshot.Modules.Count, before is null ? 0 : next.After(before.Version)?.Frame.Length ?? 0, streams.Count);
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Gates are at version {Version}: {Modules} modules changed, a delta of {Bytes} bytes to {Streams} streams.")]
    private partial void Told(long version, int modules, int bytes, int streams);

    [LoggerMessage(Level = LogLevel.Error, Message = "The gates could not be read; clients keep what they have, and it is tried again.")]
    private partial void Failed(Exception failure);
}
