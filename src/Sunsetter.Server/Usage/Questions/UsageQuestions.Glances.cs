using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Usage;

internal sealed partial class UsageQuestions
{
    /// <summary>Every module that was ever reported, with its weekly active users.</summary>
    /// <param name="weeks">2 × 4 at least, 60 at most.</param>
    public async Task<IReadOnlyList<ModuleGlance>> Glances(DateOnly until, int weeks, CancellationToken cancel)
    {
        var days = 7 * Math.Clamp(weeks, 8, 60);
        var known = await KnownModules(cancel);
        var (glances, modules) = (new List<ModuleGlance>(), await keys.Modules(cancel));
        var coverages = await Coverages(modules.Values, until.AddDays(1 - days), until, cancel);
        foreach (var (id, module) in modules)
        {
            var use = await windows.Of(id, until.DayNumber - days + 1, until.DayNumber, cancel);
            var last = days - 1;
            var month = use.Customers.Values.Sum(customer => customer.Union(last - Month + 1, last).Count);
            var before = use.Customers.Values.Sum(customer => customer.Union(last - 2 * Month + 1, last - Month).Count);
            var weekly = use.Customers.Values.Aggregate(new long[days / 7], (sum, customer) => [.. sum.Zip(Weekly(customer, last), (a, b) => a + b)]);
            glances.Add(new(module, known.Contains(module), month, use.Customers.Values.Count(customer => customer.AnyIn(last - Month + 1, last)), Trend(month, before), weekly,
                Day(use.From, use.Customers.Values.Select(customer => customer.LastUse(last)).DefaultIfEmpty(-1).Max()), coverages[module]));
        }
        return [.. glances.OrderByDescending(glance => glance.Month).ThenBy(glance => glance.Module.Value, StringComparer.Ordinal)];
    }

    /// <summary>What one customer uses, module by module, the heaviest first.</summary>
    public async Task<IReadOnlyList<CustomerModuleUse>> OfCustomer(CustomerKey customer, DateOnly until, int weeks, CancellationToken cancel)
    {
        var days = 7 * Math.Clamp(weeks, 8, 60);
        if (await keys.Find(customer, cancel) is not { } id)
            return [];
        var (from, last) = (until.DayNumber - days + 1, days - 1);
        var all = await windows.Of(GroupRows.AnyModule, from, until.DayNumber, cancel);
        var calls = all.Customers.GetValueOrDefault(id)?.CallsIn(last - Month + 1, last) ?? 0;
        var known = await KnownModules(cancel);
        var (answer, modules) = (new List<CustomerModuleUse>(), await keys.Modules(cancel));
        var coverages = await Coverages(modules.Values, until.AddDays(1 - days), until, cancel);
        foreach (var (number, module) in modules)
        {
            var use = await windows.Of(number, from, until.DayNumber, cancel);
            if (!use.Customers.TryGetValue(id, out var own))
                continue;
            var callsOfMonth = own.CallsIn(last - Month + 1, last);
            answer.Add(new(module, known.Contains(module), own.Union(last - Month + 1, last).Count, callsOfMonth, calls == 0 ? 0 : (double)callsOfMonth / calls, Day(from, own.LastUse(last)), Weekly(own, last), coverages[module]));
        }
        return [.. answer.OrderByDescending(use => use.Month).ThenByDescending(use => use.LastUse)];
    }
}
