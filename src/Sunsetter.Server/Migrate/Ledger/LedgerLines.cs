using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Migrate;

/// <summary>Keeps the lines of the ledger beside the entries they are computed from.</summary>
internal sealed class LedgerLines(IDbContextFactory<SunsetterDb> databases, FactLog log)
{
    /// <summary>Brings lines up to date whose entry has changed since; cheap when none has.</summary>
    public async Task CatchUp(Retirement retirement, CancellationToken cancel)
    {
        var id = retirement.Id;
        await using var db = await databases.CreateDbContextAsync(cancel);
        var behind = await db.Set<EntryRow>().AsNoTracking().Where(entry => entry.Retirement == id
            && !db.Set<LedgerLine>().Any(line => line.Retirement == id && line.Customer == entry.Customer && line.EntryVersion == entry.Version)).ToListAsync(cancel);
        if (behind.Count == 0)
            return;
        await Write(db, retirement, [.. behind.Select(row => States.Read<LedgerEntry>(row.State))], null, cancel);
    }

    /// <summary>Computes every line anew with what was measured.</summary>
    public async Task Refresh(Retirement retirement, IReadOnlyDictionary<CustomerKey, CustomerUse> uses, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await Write(db, retirement, await log.Entries(retirement.Id, cancel), uses, cancel);
    }

    private static async Task Write(SunsetterDb db, Retirement retirement, IReadOnlyList<LedgerEntry> entries, IReadOnlyDictionary<CustomerKey, CustomerUse>? uses, CancellationToken cancel)
    {
        var id = retirement.Id;
        var known = await db.Set<LedgerLine>().Where(line => line.Retirement == id).ToDictionaryAsync(line => line.Customer, cancel);
        foreach (var entry in entries)
        {
            if (!known.TryGetValue(entry.Customer, out var line))
                line = db.Add(new LedgerLine { Retirement = id, Customer = entry.Customer }).Entity;
            if (uses is not null && uses.TryGetValue(entry.Customer, out var use))
            {
                (line.OldUsers, line.NewUsers, line.NextUseOn) = (use.Old, use.New, use.NextUseOn);
                if (!line.Weeks.SequenceEqual(use.Weeks))
                    line.Weeks = [.. use.Weeks];
                (line.Outlook, line.DoneOn, line.DoneEarliest, line.DoneLatest) = (use.Projection.Outlook, use.Projection.On, use.Projection.Earliest, use.Projection.Latest);
            }
            LineRule.Fill(line, retirement, entry);
        }
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException)
        {
            // Somebody else wrote the same line at the same moment. It is computed from the same facts; the next look brings the rest.
        }
    }
}
