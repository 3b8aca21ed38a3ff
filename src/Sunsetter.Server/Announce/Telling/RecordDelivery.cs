using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Campaigns;
using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Announce.Telling;

/// <summary>Records how a message of a notice ended, once; a contact whose mailbox is gone is marked in the catalogue.</summary>
internal sealed class RecordDelivery(FactLog log, IDbContextFactory<SunsetterDb> databases) : IOutcomes
{
    public async Task<bool> Record(EndedMessage message, CancellationToken cancel)
    {
        if (message.Customer is not { } customer || !message.Step.StartsWith(TellCustomers.StepPrefix, StringComparison.Ordinal)
            || !int.TryParse(message.Step.AsSpan(TellCustomers.StepPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var edition))
            return false;
        if (message.RecipientGone)
            await MarkDead(customer, message, cancel);
        var outcome = await log.Change(message.Retirement, customer, Actor.Clock.Id, (_, entry) => Decide(entry, edition, message), cancel);
        return outcome.Refusal == Refusal.Overtaken
            ? throw new InvalidOperationException($"The end of {message.MessageId} could not be recorded; it is tried again.")
            : true;
    }

    internal static Decision Decide(LedgerEntry entry, int edition, EndedMessage message)
    {
        if (entry.Reach.Deliveries.Any(delivery => delivery.Edition == edition && delivery.Recipient == message.Recipient && delivery.Channel == message.Channel))
            return Decision.Nothing;
        return message.Failure is { } reason
            ? Decision.Of(entry.Customer, new NoticeBounced(edition, message.Recipient, message.Channel, reason, message.RecipientGone))
            : Decision.Of(entry.Customer, new NoticeSent(edition, message.Recipient, message.Channel, message.MessageId, Days.DayOf(message.At, Days.Zone(entry.TimeZone))));
    }

    private async Task MarkDead(CustomerKey customer, EndedMessage message, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        foreach (var contact in await db.Set<Contact>().Where(contact => contact.Customer == customer && contact.Email == message.Recipient && contact.DeadSince == null).ToListAsync(cancel))
            (contact.DeadSince, contact.DeadReason) = (message.At, message.Failure);
        await db.SaveChangesAsync(cancel);
    }
}
