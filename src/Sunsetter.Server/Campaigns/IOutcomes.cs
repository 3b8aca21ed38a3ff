using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Campaigns;

/// <summary>
/// Told how a message ended, at least once. Whoever wanted it recognises its own by the step and records the end as a fact, once; one that is not
/// its own it leaves alone.
/// </summary>
internal interface IOutcomes
{
    /// <returns>True where it was its own: then the message is not reported again.</returns>
    Task<bool> Record(EndedMessage message, CancellationToken cancel);
}

/// <param name="Failure">Null where it was accepted.</param>
internal sealed record EndedMessage(
    RetirementId Retirement, CustomerKey? Customer, string Step, string Recipient, string Channel, string MessageId, DateTimeOffset At, string? Failure, bool RecipientGone);
