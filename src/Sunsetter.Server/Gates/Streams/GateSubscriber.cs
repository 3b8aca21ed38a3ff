using System.IO.Pipelines;

namespace Sunsetter.Server.Gates;

/// <summary>
/// One open stream. It has no queue: it remembers which version it has sent, and when it can write again it sends what leads from there to the newest.
/// So a client that does not read costs nothing but its socket's buffer, and delays nobody.
/// </summary>
internal sealed class GateSubscriber(EdgeCaller caller, PipeWriter writer, GateStreams streams, Action abort, CancellationToken aborted, long version)
{
    private const int Idle = 0, Writing = 1, WritingAndWanted = 2;

    private readonly TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int state;
    private long version = version;
    private volatile bool timeIsDue = true;
    private volatile bool keyIsLost;
    private volatile bool ended;
    private bool greeted;
    private long blockedSince;

    public EdgeCaller Caller => caller;

    /// <summary>Which tick of the clock brings its sign of life.</summary>
    public int Turn { get; init; }

    /// <summary>Ends when the stream has.</summary>
    public Task Done => done.Task;

    /// <summary>Since when a write has been waiting for the client to read, as a timestamp of the clock; 0: it is not.</summary>
    public long BlockedSince => Volatile.Read(ref blockedSince);

    public void TimeIsDue()
    {
        timeIsDue = true;
        Poke();
    }

    public void LoseKey()
    {
        keyIsLost = true;
        Poke();
    }

    /// <summary>There may be something to send. Never waits.</summary>
    public void Poke()
    {
        while (true)
        {
            switch (Interlocked.CompareExchange(ref state, Writing, Idle))
            {
                case Idle:
                    Write();
                    return;
                case Writing when Interlocked.CompareExchange(ref state, WritingAndWanted, Writing) != Writing:
                    // It went idle, or somebody else said the same, meanwhile: look again.
                    continue;
                default:
                    return;
            }
        }
    }

    /// <summary>Cuts the stream off. Whoever is writing ends it, so that nobody writes into a response that is over.</summary>
    public void Abort()
    {
        ended = true;
        abort();
        Poke();
    }

    /// <summary>Writes until there is nothing left or the client's buffer is full; then the client's reading goes on with it.</summary>
    private void Write()
    {
        try
        {
            while (true)
            {
                while (Next() is { } frame)
                {
                    var flush = writer.WriteAsync(frame, aborted);
                    if (!flush.IsCompletedSuccessfully)
                    {
                        Volatile.Write(ref blockedSince, streams.Timestamp());
                        streams.Own(WriteOn(flush));
                        return;
                    }
                    ended |= flush.Result.IsCompleted || keyIsLost;
                }
                if (ended)
                {
                    done.TrySetResult();
                    return;
                }
                if (Interlocked.CompareExchange(ref state, Idle, Writing) == Writing)
                    return;
                // With a fence: what is looked for next must not have been read before whoever asks can see that we look.
                Interlocked.Exchange(ref state, Writing);
            }
        }
        catch (Exception gone) when (HasLeft(gone))
        {
            done.TrySetResult();
        }
        catch (Exception failure)
        {
            // Whatever cannot be written to this one is no reason to leave out those behind it.
            done.TrySetException(failure);
        }
    }

    private async Task WriteOn(ValueTask<FlushResult> flush)
    {
        try
        {
            ended |= (await flush).IsCompleted || keyIsLost;
            Volatile.Write(ref blockedSince, 0);
        }
        catch (Exception gone) when (HasLeft(gone))
        {
            ended = true;
        }
        Write();
    }

    private static bool HasLeft(Exception failure) => failure is OperationCanceledException or IOException or InvalidOperationException;

    private byte[]? Next()
    {
        if (ended)
            return null;
        if (keyIsLost)
            return SseFrame.Revoked;
        if (!greeted)
        {
            greeted = true;
            return SseFrame.Retry;
        }
        if (timeIsDue)
        {
            timeIsDue = false;
            return streams.TimeFrame();
        }
        return streams.Current is { } newest && newest.Version != version ? Towards(newest) : null;
    }

    private byte[] Towards(Published newest)
    {
        if (caller.Customer is { } customer)
        {
            var view = newest.FrameFor(customer, version);
            version = newest.Version;
            return view;
        }
        if (newest.After(version) is { } step)
        {
            version = step.Version;
            return step.Frame;
        }
        version = newest.Version;
        return newest.SnapshotFrame;
    }
}
