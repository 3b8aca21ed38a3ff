using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Close;

/// <summary>
/// Records what the clock has closed. The gates themselves know their instants in advance and do not wait for this; it may come late, for what it
/// records is the planned instant.
/// </summary>
internal sealed class ClosingStep(FactLog log, IDbContextFactory<SunsetterDb> databases) : IDueStep
{
    // What was looked at and when it is due next: until the versions change or that instant comes there is nothing to read.
    private readonly Dictionary<RetirementId, (long Versions, DateTimeOffset? Next)> looked = [];

    public string Name => "close";

    public async Task Run(DateTimeOffset now, CancellationToken cancel)
    {
        await Attempts.Each(await Versions(cancel), async open =>
        {
            if (!looked.TryGetValue(open.Id, out var last) || last.Versions != open.Versions || last.Next <= now)
                looked[open.Id] = await Close(open.Id, now, cancel);
        });
    }

    private async Task<(long, DateTimeOffset?)> Close(RetirementId id, DateTimeOffset now, CancellationToken cancel)
    {
        while (true)
        {
            var appended = false;
            DateTimeOffset? next = null;
            long versions = 0;
            var outcome = await log.Change(id, Actor.Clock.Id, (retirement, entries) =>
            {
                var decision = CloseWhatIsDue.Decide(retirement, entries, now);
                appended = decision.Facts.Count > 0;
                next = CloseWhatIsDue.Next(retirement, entries, now);
                versions = retirement.Version + entries.Sum(entry => (long)entry.Version);
                return decision;
            }, cancel);
            // Overtaken by somebody: the next tick looks again.
            if (outcome.Refusal is not null)
                return (-1, null);
            if (!appended)
                return (versions, next);
        }
    }

    private async Task<IReadOnlyList<(RetirementId Id, long Versions)>> Versions(CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var open = await db.Set<RetirementRow>().AsNoTracking().Where(row => row.Stage == Stage.Migrate || row.Stage == Stage.Close || row.Stage == Stage.Observe).Select(row => new { row.Id, row.Version }).ToListAsync(cancel);
        var ids = open.Select(row => row.Id).ToList();
        var entries = await db.Set<EntryRow>().AsNoTracking().Where(row => ids.Contains(row.Retirement)).GroupBy(row => row.Retirement)
            .Select(group => new { Id = group.Key, Sum = group.Sum(row => (long)row.Version) }).ToDictionaryAsync(row => row.Id, row => row.Sum, cancel);
        return [.. open.Select(row => (row.Id, row.Version + entries.GetValueOrDefault(row.Id)))];
    }
}
