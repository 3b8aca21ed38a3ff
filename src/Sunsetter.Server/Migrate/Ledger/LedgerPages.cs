using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Migrate;

/// <summary>Which rows of the ledger are shown.</summary>
internal enum LedgerFilter
{
    NeedsWork,
    All,
    Key,
    WentBack,
    Unknown,
    Moved,
}

/// <summary>How many customers each filter holds, and how the whole stands.</summary>
/// <param name="Done">Moved, or expected to be done on or before their closing day; with the fast and the slow case beside it.</param>
internal sealed record LedgerCounts(
    int All, int NeedsWork, int Key, int WentBack, int Unknown, int Moved, int Blocks, int Done, int DoneAtBest, int DoneAtWorst, int NotAcknowledged, int NextUse, string? LastDone)
{
    /// <summary>The latest day on which a customer that has not moved is expected to be done. A day is text in both databases, and only SQLite's driver reads it as a day.</summary>
    public DateOnly? LastForecast => LastDone is { } day ? DateOnly.ParseExact(day, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture) : null;

    public int Of(LedgerFilter filter) => filter switch
    {
        LedgerFilter.NeedsWork => NeedsWork,
        LedgerFilter.Key => Key,
        LedgerFilter.WentBack => WentBack,
        LedgerFilter.Unknown => Unknown,
        LedgerFilter.Moved => Moved,
        _ => All,
    };
}

/// <summary>Reads the ledger as it is listed: a page at a time, by consequence.</summary>
internal sealed class LedgerPages(IDbContextFactory<SunsetterDb> databases)
{
    public const int PageSize = 50;

    public async Task<IReadOnlyList<LedgerLine>> Page(RetirementId id, LedgerFilter filter, int page, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await Where(db.Set<LedgerLine>().AsNoTracking().Where(line => line.Retirement == id), filter)
            .OrderByDescending(line => line.Consequence).ThenBy(line => line.Customer).Skip(Math.Clamp(page - 1, 0, 10_000) * PageSize).Take(PageSize).ToListAsync(cancel);
    }

    public async Task<LedgerCounts> Counts(RetirementId id, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Database.SqlQuery<LedgerCounts>($"""
            select count(*) as "All",
                coalesce(sum(case when needs_work then 1 else 0 end), 0) as "NeedsWork",
                coalesce(sum(case when class <> 'Standard' then 1 else 0 end), 0) as "Key",
                coalesce(sum(case when state = 'WentBack' then 1 else 0 end), 0) as "WentBack",
                coalesce(sum(case when state = 'Unknown' then 1 else 0 end), 0) as "Unknown",
                coalesce(sum(case when state = 'Moved' then 1 else 0 end), 0) as "Moved",
                coalesce(sum(case when blocks then 1 else 0 end), 0) as "Blocks",
                coalesce(sum(case when state = 'Moved' or done_on <= closes_on then 1 else 0 end), 0) as "Done",
                coalesce(sum(case when state = 'Moved' or done_earliest <= closes_on then 1 else 0 end), 0) as "DoneAtBest",
                coalesce(sum(case when state = 'Moved' or done_latest <= closes_on then 1 else 0 end), 0) as "DoneAtWorst",
                coalesce(sum(case when class <> 'Standard' and reach_alarm > 0 then 1 else 0 end), 0) as "NotAcknowledged",
                coalesce(sum(case when outlook = 'NextUseAfterClosing' and state <> 'Moved' then 1 else 0 end), 0) as "NextUse",
                max(case when state <> 'Moved' then done_on end) as "LastDone"
            from ledger_line where retirement = {id.ToString()}
            """).SingleAsync(cancel);
    }

    /// <summary>The slack of the plan. Reads entries only where one of them can bind it.</summary>
    public async Task<Slack?> Slack(Retirement retirement, DateOnly? lastForecast, CancellationToken cancel)
    {
        if (retirement.Schedule is null)
            return null;
        var id = retirement.Id;
        await using var db = await databases.CreateDbContextAsync(cancel);
        var latest = await db.Set<LedgerLine>().AsNoTracking().Where(line => line.Retirement == id && line.EarliestOn != null && line.ClosesOn <= retirement.Schedule.ClosesOn)
            .OrderByDescending(line => line.EarliestOn).Select(line => line.Customer).Take(1).ToListAsync(cancel);
        var bound = latest.Count == 0 ? [] : await db.Set<EntryRow>().AsNoTracking().Where(row => row.Retirement == id && row.Customer == latest[0]).ToListAsync(cancel);
        return Migrate.Slack.Of(retirement, [.. bound.Select(row => States.Read<LedgerEntry>(row.State))], lastForecast);
    }

    private static IQueryable<LedgerLine> Where(IQueryable<LedgerLine> lines, LedgerFilter filter) => filter switch
    {
        LedgerFilter.All => lines,
        LedgerFilter.Key => lines.Where(line => line.Class != CustomerClass.Standard),
        LedgerFilter.WentBack => lines.Where(line => line.State == MoveState.WentBack),
        LedgerFilter.Unknown => lines.Where(line => line.State == MoveState.Unknown),
        LedgerFilter.Moved => lines.Where(line => line.State == MoveState.Moved),
        _ => lines.Where(line => line.NeedsWork),
    };
}
