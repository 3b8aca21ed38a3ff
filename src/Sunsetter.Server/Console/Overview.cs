using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Console;

/// <summary>All retirements as one looks at them together: where each stands, when it closes, how many days of notice it leaves over.</summary>
internal sealed class Overview(IDbContextFactory<SunsetterDb> databases, FactLog log)
{
    /// <param name="Earliest">The latest of its customers' earliest permitted days; null while none is computed.</param>
    internal sealed record Line(Retirement Retirement, Text Module, Text? Replacement, int Customers, int Closed, DateOnly? Earliest)
    {
        /// <summary>The notice margin: days between the latest permitted day and the closing day; negative: too early by so many days. Slack also asks for the forecast, and is told on Migrate.</summary>
        public int? NoticeMargin => Margin ?? (Retirement.Schedule is { } schedule && Earliest is { } earliest ? schedule.ClosesOn.DayNumber - earliest.DayNumber : null);

        /// <summary>The least of its open customers, each by their own day: a later wave binds no one but itself. Null while no ledger is computed.</summary>
        public int? Margin { get; init; }
    }

    public async Task<IReadOnlyList<Line>> Read(CancellationToken cancel)
    {
        var retirements = await log.All(cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var counts = (await db.Set<EntryRow>().GroupBy(row => row.Retirement)
            .Select(group => new { Id = group.Key, Customers = group.Count(), Closed = group.Count(row => row.ClosedAt != null), Earliest = group.Max(row => row.EarliestOn) })
            .ToListAsync(cancel)).ToDictionary(group => group.Id);
        var names = (await db.Set<Module>().AsNoTracking().Select(module => new { module.Key, module.NameEn, module.NameZh }).ToListAsync(cancel))
            .ToDictionary(module => module.Key, module => new Text(module.NameEn, module.NameZh.Length > 0 ? module.NameZh : module.NameEn));
        var margins = (await db.Set<LedgerLine>().Where(line => line.EarliestOn != null && line.ClosesOn != null).GroupBy(line => new { line.Retirement, line.ClosesOn })
            .Select(day => new { day.Key.Retirement, day.Key.ClosesOn, Earliest = day.Max(line => line.EarliestOn) }).ToListAsync(cancel))
            .ToLookup(day => day.Retirement, day => day.ClosesOn!.Value.DayNumber - day.Earliest!.Value.DayNumber);
        return [.. retirements.Select(retirement =>
        {
            var count = counts.GetValueOrDefault(retirement.Id);
            return new Line(retirement, Named(retirement.Module), retirement.Replacement is { } replacement ? Named(replacement) : null, count?.Customers ?? 0, count?.Closed ?? 0, count?.Earliest) { Margin = margins[retirement.Id].Select(days => (int?)days).Min() };
        })];

        Text Named(ModuleKey key) => names.TryGetValue(key, out var name) ? name : Text.Same(key.Value);
    }
}
