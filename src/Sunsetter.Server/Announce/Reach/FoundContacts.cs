using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Announce.Reach;

/// <summary>Somebody inside learnt that a contact who passed for gone is there after all: the next letter goes to them again.</summary>
internal sealed record FindContact(string Email, string Reason)
{
    public Decision Decide(LedgerEntry entry) => string.IsNullOrWhiteSpace(Reason) || Reason.Length > 500
        ? new Refusal("contact.no-reason", "Say how you know, in at most 500 characters.", "请说明依据，最多 500 字。") { Field = "reason" }
        : entry.Reach.IsDead(Email) ? Decision.Of(entry.Customer, new ContactFound(Email, Reason.Trim())) : Decision.Nothing;
}

/// <summary>Carries it into the catalogue too, where the mail server's answer had marked them.</summary>
internal sealed class FoundContacts(FactLog log, IDbContextFactory<SunsetterDb> databases)
{
    public async Task<Outcome<Retirement>> Find(RetirementId id, CustomerKey customer, FindContact found, Actor actor, CancellationToken cancel)
    {
        var outcome = await log.Change(id, customer, actor.By, (_, entry) => found.Decide(entry), cancel);
        if (outcome.Refusal is not null)
            return outcome;
        await using var db = await databases.CreateDbContextAsync(cancel);
        foreach (var contact in await db.Set<Contact>().Where(contact => contact.Customer == customer && contact.Email == found.Email && contact.DeadSince != null).ToListAsync(cancel))
            (contact.DeadSince, contact.DeadReason) = (null, null);
        await db.SaveChangesAsync(cancel);
        return outcome;
    }
}
