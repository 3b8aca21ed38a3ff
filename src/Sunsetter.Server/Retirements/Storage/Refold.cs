using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Retirements;

/// <summary>Folds every stored state anew from its facts when the way of folding has changed. Safe to repeat.</summary>
internal static class Refold
{
    private const string Name = "fold-version";

    public static async Task WhereFoldingChanged(SunsetterDb db, DateTimeOffset now, CancellationToken cancel)
    {
        var current = Retirement.FoldVersion.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var stored = await db.Settings.FirstOrDefaultAsync(setting => setting.Name == Name, cancel);
        if (stored?.Json == current)
            return;
        await All(db, cancel);
        if (stored is null)
            db.Add(new Setting { Name = Name, Json = current, ChangedAt = now, ChangedBy = Actor.Clock.Id });
        else
            (stored.Json, stored.ChangedAt) = (current, now);
        await db.SaveChangesAsync(cancel);
        // What gates are computed from may be another now: whoever holds the version of before is told.
        if (stored is not null)
            await GatePosition.Raise(db, null, [], restores: false, now, cancel);
    }

    public static async Task All(SunsetterDb db, CancellationToken cancel)
    {
        foreach (var row in await db.Set<RetirementRow>().ToListAsync(cancel))
        {
            var facts = await db.Set<FactRow>().AsNoTracking().Where(fact => fact.Retirement == row.Id).OrderBy(fact => fact.Version).ToListAsync(cancel);
            row.State = States.Write(facts.Where(fact => fact.Customer == "").Aggregate(new Retirement(row.Id), (state, fact) => state.Apply(States.Recorded(fact))));
            var entries = await db.Set<EntryRow>().Where(entry => entry.Retirement == row.Id).ToListAsync(cancel);
            var byCustomer = facts.ToLookup(fact => fact.Customer);
            foreach (var entry in entries)
            {
                var folded = byCustomer[entry.Customer.Value].Aggregate(new LedgerEntry(row.Id, entry.Customer), (state, fact) => state.Apply(States.Recorded(fact)));
                (entry.State, entry.ClosedAt, entry.EarliestOn) = (States.Write(folded), folded.ClosedAt, folded.Earliest?.Day);
            }
        }
        await db.SaveChangesAsync(cancel);
    }
}
