using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Usage;

namespace Sunsetter.Server.Migrate;

/// <summary>Measures from usage where every customer stands (G3), records it where it changed, and refreshes the ledger.</summary>
internal sealed class MeasureMovement(FactLog log, UsageQuestions usage, KeptMovement movement, LedgerLines lines) : IDueStep
{
    private const int Batch = 500;

    // What each retirement's lines were last computed from; lost with the node, and then computed once more.
    private readonly Dictionary<RetirementId, Shown> shown = [];

    public string Name => "measure-movement";

    // Within a minute of new use, what it takes included.
    public TimeSpan Every => TimeSpan.FromSeconds(20);

    public async Task Run(DateTimeOffset now, CancellationToken cancel)
    {
        var running = (await log.All(cancel)).Where(retirement => retirement.Stage is Stage.Announce or Stage.Migrate or Stage.Close).ToList();
        var until = DateOnly.FromDateTime(now.UtcDateTime);
        var moved = await movement.Of([.. running.Select(PairOf).Distinct()], until, cancel);
        foreach (var over in shown.Keys.Except(running.Select(retirement => retirement.Id)).ToList())
            shown.Remove(over);
        await Attempts.Each(running, retirement => Measure(retirement, moved[PairOf(retirement)], until, cancel));
    }

    /// <summary>One retirement as it stood on a day, whatever its stage.</summary>
    public async Task MeasureOn(Retirement retirement, DateOnly until, CancellationToken cancel) =>
        await Measure(retirement, (await movement.Of([PairOf(retirement)], until, cancel))[PairOf(retirement)], until, cancel);

    private async Task Measure(Retirement retirement, IReadOnlyDictionary<CustomerKey, Movement> moved, DateOnly until, CancellationToken cancel)
    {
        var covered = (await usage.Coverage(retirement.Module, until.AddDays(1 - UsageQuestions.Month), until, cancel)).Sufficient;
        var entries = await log.Entries(retirement.Id, cancel);
        var before = shown.GetValueOrDefault(retirement.Id);
        var uses = new Dictionary<CustomerKey, (Movement? Seen, CustomerUse Use)>(entries.Count);
        foreach (var entry in entries)
        {
            var seen = moved.GetValueOrDefault(entry.Customer);
            uses[entry.Customer] = before is not null && before.Covered == covered && before.Until == until && before.Uses.TryGetValue(entry.Customer, out var known) && ReferenceEquals(known.Seen, seen) ? known
                : (seen, seen is null ? CustomerUse.Silent(covered) : CustomerUse.Of(seen.Standing, seen.Weeks, retirement.Replacement is not null, until));
        }
        foreach (var changed in entries.Where(Changed).Select(entry => entry.Customer).Chunk(Batch))
            await log.Change(retirement.Id, changed, Actor.Clock.Id, (_, current) => Decision.All(current.Where(Changed).Select(entry => ((CustomerKey?)entry.Customer, (Fact)Observed(uses[entry.Customer].Use)))), cancel);
        await lines.CatchUp(retirement, cancel);
        // A date that moved shows in every line.
        await lines.Refresh(retirement, uses.Where(one => before is null || before.Version != retirement.Version || !before.Uses.TryGetValue(one.Key, out var known) || !ReferenceEquals(known.Use, one.Value.Use))
            .ToDictionary(one => one.Key, one => one.Value.Use), cancel);
        shown[retirement.Id] = new Shown(retirement.Version, until, covered, uses);

        bool Changed(LedgerEntry entry) => uses.TryGetValue(entry.Customer, out var one) && (entry.Move.ObservedAt is null || entry.Move.State != one.Use.State);
    }

    private static MovementObserved Observed(CustomerUse use) => new(use.State, use.Old, use.New, use.Both, use.Evidence);

    private static (ModuleKey Old, ModuleKey New) PairOf(Retirement retirement) => (retirement.Module, retirement.Replacement ?? new ModuleKey(""));

    private sealed record Shown(int Version, DateOnly Until, bool Covered, IReadOnlyDictionary<CustomerKey, (Movement? Seen, CustomerUse Use)> Uses);
}
