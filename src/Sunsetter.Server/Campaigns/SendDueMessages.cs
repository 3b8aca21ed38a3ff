using System.Threading.Channels;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Campaigns;

/// <summary>
/// Sends what is due, channel by channel: one claims, several send, one writes down how it ended, for many messages at once. A crash between the other
/// side's yes and our writing it down leads to one repeat with the same Message-ID, of no more messages than may be unwritten at a time.
/// </summary>
internal sealed partial class SendDueMessages(Claims claims, IEnumerable<IConnector> connectors, TimeProvider clock, ILogger<SendDueMessages> log) : IDueStep
{
    /// <summary>Messages of one connection that may be on their way or sent, and not written down yet: so many times as many would be repeated after a crash.</summary>
    private const int Unwritten = 4;

    /// <summary>Room for the last attempt of a batch to end before its lease does.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);

    private bool begun;

    public string Name => "campaigns/send";

    public async Task Run(DateTimeOffset now, CancellationToken cancel)
    {
        // Whoever runs here holds the step's lease, so nobody else is sending: what is claimed was claimed by one who died.
        if (!begun)
            await claims.FreeAll(cancel);
        begun = true;
        await Task.WhenAll(connectors.Where(connector => connector.Ready).Select(connector => Drain(connector, cancel)));
    }

    private async Task Drain(IConnector connector, CancellationToken cancel)
    {
        using var broken = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var due = Channel.CreateBounded<MessageRow>(connector.AtOnce);
        var ended = Channel.CreateUnbounded<EndedAttempt>();
        using var room = new SemaphoreSlim(connector.AtOnce * Unwritten);
        var senders = Enumerable.Range(0, connector.AtOnce).Select(_ => OrBreak(Send(connector, due.Reader, ended.Writer, room, broken.Token), () => { }, broken)).ToList();
        await Task.WhenAll(
            OrBreak(Claim(connector, due.Writer, broken.Token), () => due.Writer.TryComplete(), broken),
            OrBreak(Task.WhenAll(senders), () => ended.Writer.TryComplete(), broken),
            OrBreak(Write(ended.Reader, room), () => { }, broken));
    }

    /// <summary>Where one fails the others end too; what was accepted is still written down.</summary>
    private static async Task OrBreak(Task work, Action end, CancellationTokenSource broken)
    {
        var done = false;
        try
        {
            await work;
            done = true;
        }
        finally
        {
            if (!done)
                await broken.CancelAsync();
            end();
        }
    }

    private async Task Claim(IConnector connector, ChannelWriter<MessageRow> due, CancellationToken cancel)
    {
        // A turn is bounded, so that one channel's flood does not keep the others from being looked at.
        var started = clock.GetTimestamp();
        while (clock.GetElapsedTime(started) < Lease / 2)
        {
            var batch = await claims.Take(connector.Channel, connector.AtOnce * 16, connector.PerMinute, Lease, cancel);
            if (batch.Count == 0)
                return;
            foreach (var message in batch)
                await due.WriteAsync(message, cancel);
        }
    }

    private async Task Send(IConnector connector, ChannelReader<MessageRow> due, ChannelWriter<EndedAttempt> ended, SemaphoreSlim room, CancellationToken cancel)
    {
        await foreach (var message in due.ReadAllAsync(cancel))
        {
            await room.WaitAsync(cancel);
            // Too late to end within the lease: whoever claims it next sends it.
            if (clock.GetUtcNow() > message.LeaseUntil - connector.Timeout - Margin)
            {
                room.Release();
                continue;
            }
            var attempt = await Try(connector, new OutgoingMessage(message.MessageId, message.Recipient, message.Address, message.Letter, message.CreatedAt), cancel);
            if (attempt is not Attempt.Accepted)
                NotAccepted(connector.Channel, message.MessageId, attempt);
            ended.TryWrite(new EndedAttempt(message, attempt));
        }
    }

    // Whatever a connector did not foresee is an attempt that failed: unwritten, the message would be sent again and again, and the others of its channel never.
    private async Task<Attempt> Try(IConnector connector, OutgoingMessage message, CancellationToken cancel)
    {
        try
        {
            return await connector.Send(message, cancel);
        }
        catch (Exception unforeseen) when (!cancel.IsCancellationRequested)
        {
            Unforeseen(unforeseen, connector.Channel, message.MessageId);
            return new Attempt.Postponed("send.unforeseen", $"{unforeseen.GetType().Name}: {unforeseen.Message}");
        }
    }

    // What the other side has accepted is written down even while the server is stopping.
    private async Task Write(ChannelReader<EndedAttempt> ended, SemaphoreSlim room)
    {
        while (await ended.WaitToReadAsync(CancellationToken.None))
        {
            var batch = new List<EndedAttempt>();
            while (ended.TryRead(out var one))
                batch.Add(one);
            foreach (var lost in await claims.End(batch, Random.Shared.NextDouble, CancellationToken.None))
                Overtaken(lost.MessageId);
            room.Release(batch.Count);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Sending {MessageId} by {Channel} failed in an unforeseen way; it is tried again later.")]
    private partial void Unforeseen(Exception failure, string channel, string messageId);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Channel} did not accept {MessageId}: {Attempt}")]
    private partial void NotAccepted(string channel, string messageId, Attempt attempt);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The claim on {MessageId} was lost while it was being sent; it may arrive twice, with the same Message-ID.")]
    private partial void Overtaken(string messageId);
}
