using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Migrate;

/// <summary>Keeps the lines of the ledger beside the entries they are computed from.</summary>
internal sealed class LedgerLines(IDbContextFactory<SunsetterDb> databases, FactLog log)
{
    private const int Few = 300;

    /// <summary>Brings lines up to date whose entry has changed since; cheap when none has.</summary>
    public async Task CatchUp(Retirement retirement, CancellationToken cancel)
    {
        var id = retirement.Id;
        await using var db = await databases.CreateDbContextAsync(cancel);
        // Versions only grow, and a line is of no later version than its entry: where the numbers and the sums are the same, every line is up to date.
        var sums = await db.Database.SqlQuery<Sums>($"""
            select (select count(*) from entry where retirement = {id.ToString()}) as "Entries", (select coalesce(sum(version), 0) from entry where retirement = {id.ToString()}) as "Versions",
                (select count(*) from ledger_line where retirement = {id.ToString()}) as "Lines", (select coalesce(sum(entry_version), 0) from ledger_line where retirement = {id.ToString()}) as "OfLines"
            """).SingleAsync(cancel);
        if (sums.Entries == sums.Lines && sums.Versions == sums.OfLines)
            return;
        var behind = await db.Set<EntryRow>().AsNoTracking().Where(entry => entry.Retirement == id
            && !db.Set<LedgerLine>().Any(line => line.Retirement == id && line.Customer == entry.Customer && line.EntryVersion == entry.Version)).ToListAsync(cancel);
        if (behind.Count == 0)
            return;
        await Write(db, retirement, [.. behind.Select(row => States.Read<LedgerEntry>(row.State))], null, cancel);
    }

    /// <summary>The line of one customer; null before the first look.</summary>
    public async Task<LedgerLine?> Find(RetirementId retirement, CustomerKey customer, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Set<LedgerLine>().AsNoTracking().FirstOrDefaultAsync(line => line.Retirement == retirement && line.Customer == customer, cancel);
    }

    /// <summary>Computes the lines of some customers anew with what was measured.</summary>
    public async Task Refresh(Retirement retirement, IReadOnlyDictionary<CustomerKey, CustomerUse> uses, CancellationToken cancel)
    {
        if (uses.Count == 0)
            return;
        await using var db = await databases.CreateDbContextAsync(cancel);
        await Write(db, retirement, [.. (await log.Entries(retirement.Id, cancel)).Where(entry => uses.ContainsKey(entry.Customer))], uses, cancel);
    }

    private static async Task Write(SunsetterDb db, Retirement retirement, IReadOnlyList<LedgerEntry> entries, IReadOnlyDictionary<CustomerKey, CustomerUse>? uses, CancellationToken cancel)
    {
        var id = retirement.Id;
        // A page and the measurement may bring up the same line at once. Missing lines are made by the store, where the second of two makes nothing;
        // what remains are updates of rows that are there, in the order of their keys. Nothing is left that could collide.
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await Begin(db, id, cancel);
        var all = db.Set<LedgerLine>().Where(line => line.Retirement == id);
        var keys = entries.Select(entry => entry.Customer).ToList();
        var known = await (keys.Count < Few ? all.Where(line => keys.Contains(line.Customer)) : all).ToDictionaryAsync(line => line.Customer, cancel);
        foreach (var entry in entries)
        {
            var line = known[entry.Customer];
            if (uses is not null && uses.TryGetValue(entry.Customer, out var use))
            {
                (line.OldUsers, line.NewUsers, line.BothUsers, line.NextUseOn) = (use.Old, use.New, use.Both, use.NextUseOn);
                (line.EvidenceEn, line.EvidenceZh) = (use.Evidence.En, use.Evidence.Zh);
                if (!line.Weeks.SequenceEqual(use.Weeks))
                    line.Weeks = [.. use.Weeks];
                (line.Outlook, line.DoneOn, line.DoneEarliest, line.DoneLatest) = (use.Projection.Outlook, use.Projection.On, use.Projection.Earliest, use.Projection.Latest);
            }
            LineRule.Fill(line, retirement, entry);
        }
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
    }

    private sealed record Sums(long Entries, long Versions, long Lines, long OfLines);

    // Version 0 is older than any entry: a line that was only begun is computed at the next look.
    private static Task<int> Begin(SunsetterDb db, RetirementId id, CancellationToken cancel) => db.Database.ExecuteSqlAsync($"""
        insert into ledger_line (retirement, customer, entry_version, name_en, name_zh, tier, class, state, weeks, outlook, reach_en, reach_zh, reach_alarm,
            step_en, step_zh, needs_work, blocks, waits, consequence)
        select entry.retirement, entry.customer, 0, '', '', '', {nameof(CustomerClass.Standard)}, {nameof(MoveState.Unknown)}, '[]', {nameof(Outlook.Unknown)}, '', '', 0,
            '', '', false, false, false, 0
        from entry where entry.retirement = {id.ToString()}
            and not exists (select 1 from ledger_line line where line.retirement = entry.retirement and line.customer = entry.customer)
        on conflict (retirement, customer) do nothing
        """, cancel);
}
