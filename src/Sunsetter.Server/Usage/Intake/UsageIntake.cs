using System.Data.Common;
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
    private int events;
    private long bytes;

    /// <summary>Memory that what waits may take at most: names may be long.</summary>
    public long MostBytes { get; init; } = 128 << 20;

    /// <summary>True while a request should be sent away before its body is read.</summary>
    public bool Full => Volatile.Read(ref events) >= MostWaiting || Volatile.Read(ref bytes) >= MostBytes;

    /// <summary>Bodies on their way, of senders that speak for everybody.</summary>
    public ByteBudget Bodies { get; } = new(128 << 20);

    /// <summary>Bodies on their way, of browsers: they can take nothing from the others.</summary>
    public ByteBudget BrowserBodies { get; } = new(32 << 20);

    /// <summary>Bodies that may be parsed at once. None waits for the network here.</summary>
    public SemaphoreSlim Parsing { get; } = new(16);

    /// <summary>Stores a delivery.</summary>
    /// <returns>Whether it was new, once it is durable; or a refusal to come again later.</returns>
    public async Task<Outcome<bool>> Store(UsageDelivery delivery, CancellationToken cancel)
    {
        var entry = new Waiting(delivery, Math.Max(1, delivery.Events), delivery.Memory, new(TaskCreationOptions.RunContinuationsAsynchronously));
        var full = Interlocked.Add(ref events, entry.Events) - entry.Events >= MostWaiting | Interlocked.Add(ref bytes, entry.Bytes) - entry.Bytes >= MostBytes;
        if (full || !queue.Writer.TryWrite(entry))
        {
            Forget([entry]);
            return Busy;
        }
        // The sender may hang up: what is in the queue is stored all the same, and its key keeps a repetition from counting twice.
        return await entry.Answer.Task.WaitAsync(cancel);
    }

    public override void Dispose()
    {
        Parsing.Dispose();
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
            while (Group() is { Count: > 0 } left)
                left.ForEach(entry => entry.Answer.TrySetResult(Unavailable));
        }
    }

    private List<Waiting> Group()
    {
        var group = new List<Waiting>();
        for (var taken = 0; taken < MostInGroup && queue.Reader.TryRead(out var next); taken += next.Events)
            group.Add(next);
        return group;
    }

    private async Task WriteGroup(List<Waiting> group, CancellationToken stopping)
    {
        try
        {
            var failure = await Write(group, stopping);
            if (failure is not null && group.Count > 1 && !IsPassing(failure))
                // One of them may be what no database takes: the others are not kept waiting for it.
                foreach (var entry in group)
                    Refuse(await Write([entry], stopping), [entry]);
            else
                Refuse(failure, group);
        }
        finally
        {
            Forget(group);
        }
    }

    /// <returns>Why nothing of it was stored; null where all were answered.</returns>
    private async Task<Exception?> Write(List<Waiting> group, CancellationToken stopping)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            var fates = await writer.Write([.. group.Select(entry => entry.Delivery)], stopping);
            foreach (var (entry, fate) in group.Zip(fates))
                entry.Answer.TrySetResult(fate == BatchFate.KeyReused ? KeyReused : fate == BatchFate.New);
            Stored(group.Count, group.Sum(entry => entry.Events), (long)Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            return null;
        }
        // Whatever it is: the next group is another, and a server that is here for more than usage goes on.
        catch (Exception failure)
        {
            NotStored(failure, group.Count);
            return failure;
        }
    }

    private static void Refuse(Exception? failure, List<Waiting> group)
    {
        if (failure is not null)
            group.ForEach(entry => entry.Answer.TrySetResult(IsPassing(failure) ? Unavailable : Fault));
    }

    private void Forget(List<Waiting> group)
    {
        Interlocked.Add(ref events, -group.Sum(entry => entry.Events));
        Interlocked.Add(ref bytes, -group.Sum(entry => entry.Bytes));
    }

    /// <summary>The database is away, full or busy, or we are stopping: nothing that the deliveries could be blamed for.</summary>
    internal static bool IsPassing(Exception? failure) =>
        failure is OperationCanceledException or IOException or TimeoutException or DbException { IsTransient: true } or DbException { SqlState: null }
        || (failure?.InnerException is { } inner && IsPassing(inner));

    internal static readonly Refusal Busy = new(
        "usage.busy", "More usage is arriving than can be stored. Send the same batch again after the time in Retry-After.", "到达的使用数据超过存储能力。请在 Retry-After 所示时间后重发同一批次。",
        StatusCodes.Status429TooManyRequests);

    internal static readonly Refusal Unavailable = new(
        "usage.not-stored", "The batch could not be stored. Nothing of it was counted: send the same batch again.", "批次未能存储，未计入任何内容。请重发同一批次。",
        StatusCodes.Status503ServiceUnavailable);

    internal static readonly Refusal Fault = new(
        "usage.fault", "The server met a fault while storing this batch; its log tells more. Nothing of the batch was counted: send it again later, others meanwhile.", "服务器存储此批次时出现故障，详情见服务器日志。该批次未计入任何内容：请先发送其他批次，稍后重发。",
        StatusCodes.Status500InternalServerError);

    internal static readonly Refusal KeyReused = new(
        "usage.key-reused", "Another batch with other events was counted under this key. Nothing of this one was counted: give it a key of its own.", "此键已用于另一个内容不同的批次。本批次未计入任何内容：请为其指定新的键。");

    private sealed record Waiting(UsageDelivery Delivery, int Events, long Bytes, TaskCompletionSource<Outcome<bool>> Answer);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Stored {Deliveries} deliveries with {Events} events in {Milliseconds} ms.")]
    private partial void Stored(int deliveries, int events, long milliseconds);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Deliveries} deliveries of usage could not be stored; their senders are told to send them again.")]
    private partial void NotStored(Exception failure, int deliveries);
}
