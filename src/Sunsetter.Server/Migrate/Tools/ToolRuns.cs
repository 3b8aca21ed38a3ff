using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Migrate;

/// <summary>The work behind requested runs: found from the facts, claimed by one node at a time, kept while it lasts, ended once.</summary>
internal sealed class ToolRuns(IDbContextFactory<SunsetterDb> databases, TimeProvider clock)
{
    /// <summary>How long a node may be silent before another takes its run.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(60);

    private const int Batch = 500;

    /// <summary>Makes work of every requested run that is none yet.</summary>
    public async Task Discover(CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var requested = await db.Set<FactRow>().FromSql($"""
            select * from fact where kind = 'entry.run-requested' and not exists (
                select 1 from tool_run run where run.retirement = fact.retirement and run.customer = fact.customer and run.version = fact.version)
            order by retirement, customer, version limit {Batch}
            """).AsNoTracking().ToListAsync(cancel);
        foreach (var row in requested)
        {
            var fact = (MigrationRunRequested)FactKinds.Read(row.Kind, row.Body);
            await db.Database.ExecuteSqlAsync($"""
                insert into tool_run (id, retirement, customer, version, tool, dry_run, state, attempts, next_attempt_at, lease_until, fence, message, output)
                values ({fact.Id.ToString("N")}, {row.Retirement.ToString()}, {row.Customer}, {row.Version}, {fact.Tool.ToString("N")}, {fact.DryRun}, {nameof(ToolRunState.Waiting)}, 0,
                    {row.At.ToUnixTimeMilliseconds()}, 0, 0, '', '')
                on conflict do nothing
                """, cancel);
        }
    }

    /// <summary>Claims up to <paramref name="most"/> runs that are due; their fence has risen.</summary>
    public async Task<IReadOnlyList<ToolRunRow>> Claim(int most, CancellationToken cancel)
    {
        if (most <= 0)
            return [];
        await using var db = await databases.CreateDbContextAsync(cancel);
        var (at, until, waiting) = (clock.GetUtcNow().ToUnixTimeMilliseconds(), (clock.GetUtcNow() + Lease).ToUnixTimeMilliseconds(), nameof(ToolRunState.Waiting));
        // The outer conditions stand again: on PostgreSQL a node that had to wait for the row looks at its newest version.
        return await db.Set<ToolRunRow>().FromSql($"""
            update tool_run set lease_until = {until}, fence = fence + 1, attempts = attempts + 1
            where state = {waiting} and lease_until <= {at} and id in (
                select id from tool_run where state = {waiting} and next_attempt_at <= {at} and lease_until <= {at} order by next_attempt_at, id limit {most})
            returning *
            """).AsNoTracking().ToListAsync(cancel);
    }

    /// <summary>Renews the lease and writes how far it is. False where the claim was lost: then the tool must be ended at once.</summary>
    public Task<bool> Keep(ToolRunRow claimed, ToolTalk talk, CancellationToken cancel)
    {
        var (said, until) = (talk.Now, clock.GetUtcNow() + Lease);
        return Write(claimed, set => set.SetProperty(run => run.LeaseUntil, until)
            .SetProperty(run => run.Done, said.Done).SetProperty(run => run.Total, said.Total).SetProperty(run => run.Message, said.Message).SetProperty(run => run.Output, said.Output), cancel);
    }

    /// <summary>Writes what a tool that reports by itself has said.</summary>
    public Task<bool> Note(ToolRunRow run, ToolTalk talk, CancellationToken cancel)
    {
        var said = talk.Now;
        return Write(run, set => set.SetProperty(row => row.Done, said.Done).SetProperty(row => row.Total, said.Total)
            .SetProperty(row => row.Message, said.Message).SetProperty(row => row.Output, said.Output), cancel);
    }

    /// <summary>The tool has taken it and reports with a token of this hash until <paramref name="deadline"/>.</summary>
    public Task<bool> Hand(ToolRunRow claimed, byte[] reportHash, DateTimeOffset deadline, CancellationToken cancel) =>
        Write(claimed, set => set.SetProperty(run => run.State, ToolRunState.Reporting).SetProperty(run => run.ReportHash, reportHash).SetProperty(run => run.DeadlineAt, deadline), cancel);

    /// <summary>Gives it back, to be called again from then on.</summary>
    public Task<bool> Postpone(ToolRunRow claimed, DateTimeOffset next, string why, bool countsAsAttempt, CancellationToken cancel)
    {
        var back = countsAsAttempt ? 0 : 1;
        return Write(claimed, set => set.SetProperty(run => run.NextAttemptAt, next).SetProperty(run => run.LeaseUntil, DateTimeOffset.UnixEpoch)
            .SetProperty(run => run.Message, why).SetProperty(run => run.Attempts, run => run.Attempts - back), cancel);
    }

    /// <summary>Ends it. False where somebody else had ended or taken it before.</summary>
    public Task<bool> End(ToolRunRow run, ToolTalk talk, bool succeeded, string lastWord, CancellationToken cancel)
    {
        var (said, now) = (talk.Now, clock.GetUtcNow());
        return Write(run, set => set.SetProperty(row => row.State, ToolRunState.Ended).SetProperty(row => row.EndedAt, now).SetProperty(row => row.Succeeded, succeeded)
            .SetProperty(row => row.Done, said.Done).SetProperty(row => row.Total, said.Total).SetProperty(row => row.Message, lastWord).SetProperty(row => row.Output, said.Output), cancel);
    }

    /// <summary>Those that report by themselves.</summary>
    public async Task<IReadOnlyList<ToolRunRow>> Reporting(CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Set<ToolRunRow>().AsNoTracking().Where(run => run.State == ToolRunState.Reporting).OrderBy(run => run.Id).ToListAsync(cancel);
    }

    /// <summary>Those that wait for their next call.</summary>
    public async Task<IReadOnlyList<ToolRunRow>> Postponed(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Set<ToolRunRow>().AsNoTracking().Where(run => run.State == ToolRunState.Waiting && run.NextAttemptAt > now && run.LeaseUntil <= now).OrderBy(run => run.Id).ToListAsync(cancel);
    }

    /// <summary>Those whose outcome does not stand in the ledger yet.</summary>
    public async Task<IReadOnlyList<ToolRunRow>> Unrecorded(CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Set<ToolRunRow>().AsNoTracking().Where(run => run.State == ToolRunState.Ended && run.RecordedAt == null).OrderBy(run => run.EndedAt).Take(Batch).ToListAsync(cancel);
    }

    public async Task Recorded(Guid run, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.Set<ToolRunRow>().Where(row => row.Id == run).ExecuteUpdateAsync(set => set.SetProperty(row => row.RecordedAt, now), cancel);
    }

    public async Task<ToolRunRow?> Find(Guid id, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Set<ToolRunRow>().AsNoTracking().FirstOrDefaultAsync(run => run.Id == id, cancel);
    }

    /// <summary>The runs of a retirement, those under way first, then the newest; without what they said.</summary>
    public async Task<IReadOnlyList<ToolRunLine>> Of(RetirementId retirement, int most, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Set<ToolRunRow>().AsNoTracking().Where(run => run.Retirement == retirement)
            .OrderBy(run => run.State == ToolRunState.Ended).ThenByDescending(run => run.EndedAt).ThenByDescending(run => run.Fence).ThenBy(run => run.Customer).Take(most)
            .Select(run => new ToolRunLine(run.Id, run.Customer, run.DryRun, run.State, run.Attempts, run.NextAttemptAt, run.LeaseUntil, run.Done, run.Total, run.Message, run.Succeeded, run.EndedAt))
            .ToListAsync(cancel);
    }

    private async Task<bool> Write(ToolRunRow claimed, Action<Microsoft.EntityFrameworkCore.Query.UpdateSettersBuilder<ToolRunRow>> set, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Set<ToolRunRow>().Where(run => run.Id == claimed.Id && run.Fence == claimed.Fence && run.State == claimed.State).ExecuteUpdateAsync(set, cancel) == 1;
    }
}

/// <summary>A run as lists show it.</summary>
internal sealed record ToolRunLine(
    Guid Id, string Customer, bool DryRun, ToolRunState State, int Attempts, DateTimeOffset NextAttemptAt, DateTimeOffset LeaseUntil, int? Done, int? Total, string Message, bool? Succeeded, DateTimeOffset? EndedAt)
{
    public bool RunningAt(DateTimeOffset now) => State == ToolRunState.Reporting || State == ToolRunState.Waiting && LeaseUntil > now;
}
