using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Usage;

internal sealed partial class UsageQuestions
{
    /// <summary>Active users of a module by day, week and month, by tier, with the trend.</summary>
    /// <param name="days">Length of the series; at most 800.</param>
    public async Task<ModuleActivity> Activity(ModuleKey module, DateOnly until, int days, CancellationToken cancel)
    {
        days = Math.Clamp(days, 2 * Month, 800);
        var from = until.AddDays(1 - days);
        var use = await Days(module, from.DayNumber, until.DayNumber, cancel);
        var coverage = await Coverage(module, from, until, cancel);
        var last = days - 1;
        var active = use.Customers.ToDictionary(customer => customer.Key, customer => Active.Of(customer.Value, last));
        var (names, known) = (await keys.Customers(active.Keys, cancel), await catalogue.Customers(cancel));
        var before = active.Values.Sum(customer => customer.Before);
        var comparable = coverage.Covers(until, 2 * Month);
        var month = active.Values.Sum(customer => customer.Month);
        return new ModuleActivity(
            module, until, active.Values.Sum(customer => customer.Day), active.Values.Sum(customer => customer.Week), month,
            comparable ? Trend(month, before) : null, ByDay(use, coverage), ByWeek(use, coverage), ByTier(active.Select(customer => (TierOf(names[customer.Key], known), customer.Value)), comparable), coverage);
    }

    /// <summary>Every customer who used the module in the stretch, the heaviest first.</summary>
    /// <param name="days">Length of the stretch; at most 800.</param>
    /// <param name="mayBeLate">Use that arrived within the last minute may be missing.</param>
    public async Task<IReadOnlyList<CustomerActivity>> Customers(ModuleKey module, DateOnly until, int days, CancellationToken cancel, bool mayBeLate = false)
    {
        days = Math.Clamp(days, 2 * Month, 800);
        var from = until.DayNumber - days + 1;
        var uses = await Kept((nameof(Customers), module, from, until), mayBeLate, async _ => await UsesOf(await Days(module, from, until.DayNumber, cancel), cancel), cancel);
        var known = await catalogue.Customers(cancel);
        var comparable = (await Coverage(module, until.AddDays(1 - 2 * Month), until, cancel)).Covers(until, 2 * Month);
        return uses.ConvertAll(use => new CustomerActivity(
            use.Customer, TierOf(use.Customer, known), known.ContainsKey(use.Customer), use.Active.Day, use.Active.Week, use.Active.Month,
            use.Calls, comparable ? Trend(use.Active.Month, use.Active.Before) : null, use.First, use.Last, use.Weeks)
        { Active = use.Active });
    }

    private async Task<List<CustomerUse>> UsesOf(ModuleDays use, CancellationToken cancel)
    {
        var last = use.Length - 1;
        var names = await keys.Customers(use.Customers.Keys, cancel);
        return [.. use.Customers.Select(customer => new CustomerUse(
            names[customer.Key], Active.Of(customer.Value, last), customer.Value.CallsIn(last - Month + 1, last),
            Day(use.From, Array.FindIndex(customer.Value.Users, users => users is not null)), Day(use.From, customer.Value.LastUse(last)), Weekly(customer.Value, last)))
            .OrderByDescending(customer => customer.Active.Month).ThenByDescending(customer => customer.Last).ThenBy(customer => customer.Customer.Value, StringComparer.Ordinal)];
    }

    /// <summary>What use alone tells of a customer; where it belongs is asked of the catalogue each time.</summary>
    private sealed record CustomerUse(CustomerKey Customer, Active Active, long Calls, DateOnly? First, DateOnly? Last, IReadOnlyList<long> Weeks);

    private static List<DayActivity> ByDay(ModuleDays use, Coverage coverage)
    {
        var series = new List<DayActivity>(use.Length);
        for (var day = 0; day < use.Length; day++)
        {
            var (users, customers, calls) = (0L, 0, 0L);
            foreach (var customer in use.Customers.Values)
            {
                if (customer.Users[day] is not { } set)
                    continue;
                users += set.Count;
                calls += customer.Calls[day];
                customers++;
            }
            var date = DateOnly.FromDayNumber(use.From + day);
            series.Add(new(date, users, customers, calls, coverage.Covers(date)));
        }
        return series;
    }

    private static List<WeekActivity> ByWeek(ModuleDays use, Coverage coverage)
    {
        var series = new List<WeekActivity>();
        for (var end = use.Length - 1; end >= 6; end -= 7)
        {
            var until = DateOnly.FromDayNumber(use.From + end);
            series.Add(new(until, use.Customers.Values.Sum(customer => customer.Union(end - 6, end).Count), use.Customers.Values.Count(customer => customer.AnyIn(end - 6, end)),
                use.Customers.Values.Sum(customer => customer.CallsIn(end - 6, end)), coverage.Covers(until, 7)));
        }
        series.Reverse();
        return series;
    }

    /// <summary>Customers by tier, the heaviest first.</summary>
    /// <param name="comparable">Whether the four weeks before are known.</param>
    public static List<TierActivity> ByTier(IEnumerable<(string Tier, Active Active)> customers, bool comparable) =>
        [.. customers.Where(customer => customer.Active.Month > 0 || customer.Active.Before > 0).GroupBy(customer => customer.Tier, customer => customer.Active)
            .Select(tier => new TierActivity(tier.Key, tier.Count(customer => customer.Month > 0), tier.Sum(customer => customer.Day), tier.Sum(customer => customer.Week), tier.Sum(customer => customer.Month),
                comparable ? Trend(tier.Sum(customer => customer.Month), tier.Sum(customer => customer.Before)) : null))
            .OrderByDescending(tier => tier.Month)];

    /// <summary>Users of each whole week up to the last day, oldest first.</summary>
    private static List<long> Weekly(CustomerDays use, int last)
    {
        var weeks = new List<long>();
        for (var end = last; end >= 6; end -= 7)
            weeks.Add(use.Union(end - 6, end).Count);
        weeks.Reverse();
        return weeks;
    }
}
