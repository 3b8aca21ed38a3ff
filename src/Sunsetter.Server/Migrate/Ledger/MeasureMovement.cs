using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Usage;

namespace Sunsetter.Server.Migrate;

/// <summary>Measures from usage where every customer stands (G3), records it where it changed, and refreshes the ledger.</summary>
internal sealed class MeasureMovement(FactLog log, UsageQuestions usage, LedgerLines lines) : IDueStep
{
    // A year and a bit, so that quarter-ends show.
    private const int HistoryDays = 399;
    private const int Batch = 500;

    public string Name => "measure-movement";

    public TimeSpan Every => TimeSpan.FromMinutes(1);

    public async Task Run(DateTimeOffset now, CancellationToken cancel)
    {
        var open = (await log.All(cancel)).Where(retirement => retirement.Stage is Stage.Announce or Stage.Migrate or Stage.Close);
        await Attempts.Each(open, retirement => Measure(retirement, now, cancel));
    }

    /// <summary>Measures one retirement now.</summary>
    public async Task Measure(Retirement retirement, DateTimeOffset now, CancellationToken cancel)
    {
        var uses = await Uses(retirement, DateOnly.FromDateTime(now.UtcDateTime), cancel);
        var entries = await log.Entries(retirement.Id, cancel);
        foreach (var changed in entries.Where(entry => Changed(entry, uses)).Select(entry => entry.Customer).Chunk(Batch))
        {
            var batch = changed.ToHashSet();
            await log.Change(retirement.Id, Actor.Clock.Id, (_, current) => current.Where(entry => batch.Contains(entry.Customer) && Changed(entry, uses))
                .Select(entry => Decision.Of(entry.Customer, Observed(uses[entry.Customer]))).Aggregate(Decision.Nothing, (all, one) => all.And(one)), cancel);
        }
        await lines.Refresh(retirement, uses, cancel);
    }

    private static bool Changed(LedgerEntry entry, Dictionary<CustomerKey, CustomerUse> uses) =>
        uses.TryGetValue(entry.Customer, out var use) && (entry.Move.ObservedAt is null || entry.Move.State != use.State);

    private static MovementObserved Observed(CustomerUse use) => new(use.State, use.Old, use.New, use.Both, use.Evidence);

    private async Task<Dictionary<CustomerKey, CustomerUse>> Uses(Retirement retirement, DateOnly until, CancellationToken cancel)
    {
        var (old, replacement) = (retirement.Module, retirement.Replacement ?? new ModuleKey(""));
        var standings = await usage.Standings(old, replacement, until, cancel);
        var weeks = (await usage.Customers(old, until, HistoryDays, cancel)).ToDictionary(customer => customer.Customer, customer => customer.Weeks);
        var uses = standings.ToDictionary(standing => standing.Customer,
            standing => CustomerUse.Of(standing, weeks.GetValueOrDefault(standing.Customer, []), retirement.Replacement is not null, until));
        var covered = (await usage.Coverage(old, until.AddDays(1 - UsageQuestions.Month), until, cancel)).Sufficient;
        foreach (var entry in await log.Entries(retirement.Id, cancel))
            uses.TryAdd(entry.Customer, CustomerUse.Silent(covered));
        return uses;
    }
}
