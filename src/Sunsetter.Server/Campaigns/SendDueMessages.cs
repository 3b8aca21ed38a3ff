using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Campaigns;

/// <summary>Sends what is due, channel by channel. A crash between the other side's yes and our writing it down leads to one repeat with the same Message-ID.</summary>
internal sealed partial class SendDueMessages(Claims claims, IEnumerable<IConnector> connectors, TimeProvider clock, ILogger<SendDueMessages> log) : IDueStep
{
    /// <summary>Room for the last attempt of a batch to end before its lease does.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);

    public string Name => "campaigns/send";

    public Task Run(DateTimeOffset now, CancellationToken cancel) =>
        Task.WhenAll(connectors.Where(connector => connector.Ready).Select(connector => Drain(connector, cancel)));

    private async Task Drain(IConnector connector, CancellationToken cancel)
    {
        // A turn is bounded, so that the ticker's own lease is renewed in time.
        var started = clock.GetTimestamp();
        while (clock.GetElapsedTime(started) < Lease / 2)
        {
            var batch = await claims.Take(connector.Channel, connector.AtOnce * 8, connector.PerMinute, Lease, cancel);
            if (batch.Count == 0)
                return;
            await Parallel.ForEachAsync(batch, new ParallelOptions { MaxDegreeOfParallelism = connector.AtOnce, CancellationToken = cancel },
                async (message, token) => await Send(connector, message, token));
        }
    }

    private async Task Send(IConnector connector, MessageRow message, CancellationToken cancel)
    {
        // Too late to end within the lease: whoever claims it next sends it.
        if (clock.GetUtcNow() > message.LeaseUntil - connector.Timeout - Margin)
            return;
        var attempt = await connector.Send(new OutgoingMessage(message.MessageId, message.Recipient, message.Address, message.Letter, message.CreatedAt), cancel);
        if (attempt is not Attempt.Accepted)
            NotAccepted(connector.Channel, message.MessageId, attempt);
        // What the other side has accepted is written down even while the server is stopping.
        if (!await claims.End(message, attempt, Random.Shared.NextDouble(), CancellationToken.None))
            Overtaken(message.MessageId);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Channel} did not accept {MessageId}: {Attempt}")]
    private partial void NotAccepted(string channel, string messageId, Attempt attempt);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The claim on {MessageId} was lost while it was being sent; it may arrive twice, with the same Message-ID.")]
    private partial void Overtaken(string messageId);
}
