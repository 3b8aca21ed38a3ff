using System.Diagnostics;
using System.Threading.Channels;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Usage;

/// <summary>
/// Takes deliveries from many requests and stores them in groups: whatever has arrived while one group was written makes the next. A delivery is
/// answered once it is durable. What waits is bounded; beyond that the answer is "later", not more memory.
/// </summary>
internal sealed partial class UsageIntake(UsageWriter writer, ILogger<UsageIntake> log) : BackgroundService
{
    /// <summary>Events that may wait at most.</summary>
    public const int MostWaiting = 1_000_000;

    private const int MostInGroup = 400_000;
    private const int MostDeliveries = 1_024;

    private readonly Channel<Waiting> queue = Channel.CreateBounded<Waiting>(new BoundedChannelOptions(MostDeliveries) { SingleReader = true });
    private int waiting;

    /// <summary>Events that are read and not yet durable.</summary>
    public int EventsWaiting => Volatile.Read(ref waiting);

    /// <summary>True while a request should be sent away before its body is read.</summary>
    public bool Full => EventsWaiting >= MostWaiting;

    /// <summary>Bodies that may be read and parsed at once; each may take 32 MB until it is a tally.</summary>
    public SemaphoreSlim Reading { get; } = new(16);

    /// <summary>Stores a delivery.</summary>
    /// <returns>Whether it was new, once it is durable; or a refusal to come again later.</returns>
    public async Task<Outcome<bool>> Store(UsageDelivery delivery, CancellationToken cancel)
    {
        var events = Math.Max(1, delivery.Events);
        var entry = new Waiting(delivery, events, new(TaskCreationOptions.RunContinuationsAsynchronously));
        if (Interlocked.Add(ref waiting, events) - events >= MostWaiting || !queue.Writer.TryWrite(entry))
        {
            Interlocked.Add(ref waiting, -events);
            return Busy;
        }
        // The sender may hang up: what is in the queue is stored all the same, and its key keeps a repetition from counting twice.
        return await entry.Answer.Task.WaitAsync(cancel);
    }

    public override void Dispose()
    {
        Reading.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        try
        {
            while (await queue.Reader.WaitToReadAsync(stopping))
                await WriteGroup(Group(), stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Stopping: those who wait are told to send again.
        }
        finally
        {
            queue.Writer.TryComplete();
            foreach (var left in Group())
                left.Answer.TrySetResult(Unavailable);
        }
    }

    private List<Waiting> Group()
    {
        var group = new List<Waiting>();
        for (var events = 0; events < MostInGroup && queue.Reader.TryRead(out var next); events += next.Events)
            group.Add(next);
        return group;
    }

    private async Task WriteGroup(List<Waiting> group, CancellationToken stopping)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            var fresh = await writer.Write([.. group.Select(entry => entry.Delivery)], stopping);
            foreach (var (entry, isNew) in group.Zip(fresh))
                entry.Answer.TrySetResult(isNew);
            Stored(group.Count, group.Sum(entry => entry.Events), (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
        catch (Exception failure) when (failure is System.Data.Common.DbException or IOException or TimeoutException or OperationCanceledException or InvalidDataException)
        {
            NotStored(failure, group.Count);
            foreach (var entry in group)
                entry.Answer.TrySetResult(Unavailable);
        }
        finally
        {
            Interlocked.Add(ref waiting, -group.Sum(entry => entry.Events));
        }
    }

    internal static readonly Refusal Busy = new(
        "usage.busy", "More usage is arriving than can be stored. Send the same batch again after the time in Retry-After.", "到达的使用数据超过存储能力。请在 Retry-After 所示时间后重发同一批次。",
        StatusCodes.Status429TooManyRequests);

    internal static readonly Refusal Unavailable = new(
        "usage.not-stored", "The batch could not be stored. Nothing of it was counted: send the same batch again.", "批次未能存储，未计入任何内容。请重发同一批次。",
        StatusCodes.Status503ServiceUnavailable);

    private sealed record Waiting(UsageDelivery Delivery, int Events, TaskCompletionSource<Outcome<bool>> Answer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Stored {Deliveries} deliveries with {Events} events in {Milliseconds} ms.")]
    private partial void Stored(int deliveries, int events, long milliseconds);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Deliveries} deliveries of usage could not be stored; their senders are told to send them again.")]
    private partial void NotStored(Exception failure, int deliveries);
}
