using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Usage;

/// <summary>What all customers' use of all modules comes to, as of one reckoning: what pages show. Immutable.</summary>
/// <param name="Today">The day that ran, UTC; it ends the stretches that people's rights depend on. Weeks and months end with the day before.</param>
/// <param name="Reports">Who reported, for coverage.</param>
/// <param name="Numbered">Modules by their stored number, as <paramref name="Customers"/> are by theirs.</param>
internal sealed record UseFigures(
    DateOnly Today, HeardReports Reports, IReadOnlyDictionary<int, ModuleKey> Numbered, IReadOnlyDictionary<int, CustomerFigures> Customers, IReadOnlyDictionary<ModuleKey, ModuleFigures> Modules)
{
    private Dictionary<CustomerKey, CustomerFigures> ByKey => field ??= Customers.Values.ToDictionary(one => one.Customer);

    /// <summary>The last whole day.</summary>
    public DateOnly Until => Today.AddDays(-1);

    public ModuleFigures Of(ModuleKey module) => Modules.GetValueOrDefault(module, ModuleFigures.Nobody);

    public CustomerFigures? Of(CustomerKey customer) => ByKey.GetValueOrDefault(customer);

    /// <summary>Active users of a module with their weeks, trend and coverage.</summary>
    public ModuleUse Use(ModuleKey module)
    {
        var all = Of(module).All;
        var coverage = Reports.Coverage(module, Until.AddDays(1 - 7 * UseFigure.Weeks), Until);
        return new ModuleUse(Until, all.Day, all.Week, all.Month, coverage.Covers(Until, 2 * UsageQuestions.Month) ? Trend(all) : null,
            [.. all.Weekly.Select((users, week) => (Until: Until.AddDays(-7 * (all.Weekly.Count - 1 - week)), users)).Select(week => new WeekUse(week.Until, week.users, coverage.Covers(week.Until, 7)))], coverage);
    }

    /// <summary>Each customer who used the module in the last days and the last day on which they did, in the order of their keys.</summary>
    public IEnumerable<KeyValuePair<CustomerKey, DateOnly>> LastUses(ModuleKey module, int days)
    {
        var first = Today.AddDays(1 - days);
        return Of(module).InOrder.Where(one => one.LastUse >= first).Select(one => KeyValuePair.Create(one.Customer, one.LastUse));
    }

    /// <summary>Customers for whom the module may be vital, the highest score first.</summary>
    /// <param name="contracts">Comparable contract values of all customers.</param>
    public IReadOnlyList<HiddenDependent> HiddenDependents(ModuleKey module, IReadOnlyDictionary<CustomerKey, decimal> contracts)
    {
        var all = contracts.Values.Sum();
        return [.. Of(module).Customers.Values.Select(one => one.Dependence.With(one.Customer, contracts.GetValueOrDefault(one.Customer), all)).OfType<HiddenDependent>()
            .OrderByDescending(found => found.Score).ThenByDescending(found => contracts.GetValueOrDefault(found.Customer)).ThenBy(found => found.Customer.Value, StringComparer.Ordinal)];
    }

    /// <summary>What one customer uses, module by module, the heaviest first.</summary>
    /// <param name="known">Modules of the catalogue.</param>
    /// <param name="weeks">At most <see cref="UseFigure.Weeks"/>.</param>
    public IReadOnlyList<CustomerModuleUse> OfCustomer(CustomerKey customer, IReadOnlySet<ModuleKey> known, int weeks)
    {
        var first = Until.AddDays(1 - 7 * weeks);
        var uses = Of(customer)?.Modules.Where(use => use.Value.LastUse >= first).ToList() ?? [];
        var calls = uses.Sum(use => use.Value.CallsOfMonth);
        return [.. uses.Select(use => (Module: Numbered[use.Key], Use: use.Value)).Select(one => new CustomerModuleUse(
                one.Module, known.Contains(one.Module), one.Use.Month, one.Use.CallsOfMonth, calls == 0 ? 0 : (double)one.Use.CallsOfMonth / calls, one.Use.LastUse,
                [.. one.Use.Weekly.ToArray().TakeLast(weeks)], Reports.Coverage(one.Module, first, Until)))
            .OrderByDescending(use => use.Month).ThenByDescending(use => use.LastUse)];
    }

    /// <summary>Every module that was ever reported, at a glance.</summary>
    /// <param name="known">Modules of the catalogue.</param>
    /// <param name="weeks">At most <see cref="UseFigure.Weeks"/>.</param>
    public IReadOnlyList<ModuleGlance> Glances(IReadOnlySet<ModuleKey> known, int weeks) =>
        [.. Modules.Select(module => (module.Key, module.Value.All, Coverage: Reports.Coverage(module.Key, Until.AddDays(1 - 7 * weeks), Until))).Select(one => new ModuleGlance(
                one.Key, known.Contains(one.Key), one.All.Month, one.All.Customers, one.Coverage.Covers(Until, 2 * UsageQuestions.Month) ? Trend(one.All) : null, [.. one.All.Weekly.TakeLast(weeks)],
                one.All.LastUse > Until.AddDays(-7 * weeks) ? one.All.LastUse : null, one.Coverage))
            .OrderByDescending(glance => glance.Month).ThenBy(glance => glance.Module.Value, StringComparer.Ordinal)];

    private static double? Trend(ModuleFigures.Sums all) => all.Before == 0 ? null : (double)(all.Month - all.Before) / all.Before;
}

/// <summary>Active users of one module, up to the last whole day.</summary>
/// <param name="Trend">Change of the 28 days against the 28 before, as a share; null where those had nobody or are not covered.</param>
/// <param name="Weeks">Oldest first.</param>
internal sealed record ModuleUse(DateOnly Until, long Day, long Week, long Month, double? Trend, IReadOnlyList<WeekUse> Weeks, Coverage Coverage);

/// <param name="Covered">False where a day of the week is not known: the figure is a lower bound.</param>
internal sealed record WeekUse(DateOnly Until, long Users, bool Covered);
