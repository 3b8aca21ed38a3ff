using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Campaigns;

/// <summary>A way out of the house. It never throws for what the other side says or for a network that is down.</summary>
internal interface IConnector
{
    /// <summary><c>email</c>, <c>slack</c>, <c>wecom</c>, <c>dingtalk</c> or <c>feishu</c>.</summary>
    string Channel { get; }

    /// <summary>Most attempts in a minute, all nodes together.</summary>
    int PerMinute { get; }

    /// <summary>Attempts at the same time on one node.</summary>
    int AtOnce { get; }

    /// <summary>Longest time one attempt can take; the lease on a message is longer.</summary>
    TimeSpan Timeout { get; }

    /// <summary>False while it is not configured: messages wait without being counted as failed.</summary>
    bool Ready { get; }

    /// <summary>Why nothing may ever be sent to this address; null where nothing speaks against it. Asked when somebody enters it, so that they hear of it then.</summary>
    Task<Refusal?> Forbids(string address, CancellationToken cancel) => Task.FromResult<Refusal?>(null);

    Task<Attempt> Send(OutgoingMessage message, CancellationToken cancel);
}

/// <summary>What a connector needs to know of a message.</summary>
/// <param name="MessageId">Without angle brackets.</param>
/// <param name="Recipient">E-mail address of a contact, or the name of a team-chat channel.</param>
internal sealed record OutgoingMessage(string MessageId, string Recipient, string Address, Letter Letter, DateTimeOffset WrittenAt);
