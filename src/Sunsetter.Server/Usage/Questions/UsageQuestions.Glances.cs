using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Usage.Sets;

namespace Sunsetter.Server.Usage;

internal sealed partial class UsageQuestions
{
    private const int WeeksOfMonth = Month / 7;

    /// <summary>Every module that was ever reported, with its weekly active users.</summary>
    /// <param name="weeks">2 × 4 at least, 60 at most.</param>
    public async Task<IReadOnlyList<ModuleGlance>> Glances(DateOnly until, int weeks, CancellationToken cancel)
    {
        weeks = Math.Clamp(weeks, 8, 60);
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.Database.OpenConnectionAsync(cancel);
        var connection = db.Database.GetDbConnection();
        var uses = await kept.Of((nameof(Glances), until, weeks), await revisions.Stamp(connection, cancel), mayBeLate: true, async () =>
        {
            var found = new Dictionary<int, Dictionary<int, WeeksOfUse>>();
            await DayRows.ReadAll(connection, until.DayNumber - 7 * weeks + 1, until.DayNumber, (day, customer, module, use) => WeeksOf(found, module, customer, weeks).Add(day, until.DayNumber, use), cancel);
            return found.ToDictionary(module => module.Key, module => Seen(module.Value.Values, weeks));
        }, cancel);
        var known = await KnownModules(cancel);
        var nothing = Seen([], weeks);
        var modules = await keys.Modules(cancel);
        var coverages = await Coverages(modules.Values, until.AddDays(1 - 7 * weeks), until, cancel);
        return [.. modules.Select(module => (Key: module.Value, Seen: uses.GetValueOrDefault(module.Key, nothing)))
            .Select(one => new ModuleGlance(one.Key, known.Contains(one.Key), one.Seen.Month, one.Seen.Customers, coverages[one.Key].Covers(until, 2 * Month) ? Trend(one.Seen.Month, one.Seen.Before) : null, one.Seen.Weekly, one.Seen.LastDay < 0 ? null : DateOnly.FromDayNumber(one.Seen.LastDay), coverages[one.Key]))
            .OrderByDescending(glance => glance.Month).ThenBy(glance => glance.Module.Value, StringComparer.Ordinal)];
    }

    /// <summary>What one customer uses, module by module, the heaviest first.</summary>
    public async Task<IReadOnlyList<CustomerModuleUse>> OfCustomer(CustomerKey customer, DateOnly until, int weeks, CancellationToken cancel)
    {
        var days = 7 * Math.Clamp(weeks, 8, 60);
        if (await keys.Find(customer, cancel) is not { } id)
            return [];
        var (from, last) = (until.DayNumber - days + 1, days - 1);
        var uses = new Dictionary<int, CustomerDays>();
        await using (var db = await databases.CreateDbContextAsync(cancel))
        {
            await db.Database.OpenConnectionAsync(cancel);
            foreach (var row in (await StoredDay.Read(db.Database.GetDbConnection(), [id], DateOnly.FromDayNumber(from), until, cancel))[id])
                for (var figures = new DayFigures.Reader(row.Figures); figures.Next(out var figure);)
                    if (figure.Module != GroupRows.AnyModule && row.Set(figure.Module) is { } users)
                    {
                        if (!uses.TryGetValue(figure.Module, out var own))
                            uses.Add(figure.Module, own = new CustomerDays(days));
                        own.Calls[row.Day - from] += figure.Calls;
                        own.Users[row.Day - from] = own.Users[row.Day - from] is { } other ? other.Union(users) : users;
                    }
        }
        var calls = uses.Values.Sum(own => own.CallsIn(last - Month + 1, last));
        var (known, modules) = (await KnownModules(cancel), await keys.Modules(uses.Keys, cancel));
        var coverages = await Coverages(uses.Keys.Select(module => modules[module]), until.AddDays(1 - days), until, cancel);
        return [.. uses.Select(use => (Module: modules[use.Key], Own: use.Value, Calls: use.Value.CallsIn(last - Month + 1, last)))
            .Select(one => new CustomerModuleUse(one.Module, known.Contains(one.Module), one.Own.Union(last - Month + 1, last).Count, one.Calls, calls == 0 ? 0 : (double)one.Calls / calls, Day(from, one.Own.LastUse(last)), Weekly(one.Own, last), coverages[one.Module]))
            .OrderByDescending(use => use.Month).ThenByDescending(use => use.LastUse)];
    }

    private static WeeksOfUse WeeksOf(Dictionary<int, Dictionary<int, WeeksOfUse>> found, int module, int customer, int weeks)
    {
        if (!found.TryGetValue(module, out var customers))
            found.Add(module, customers = []);
        if (!customers.TryGetValue(customer, out var own))
            customers.Add(customer, own = new WeeksOfUse(weeks));
        return own;
    }

    private static ModuleSeen Seen(IReadOnlyCollection<WeeksOfUse> customers, int weeks) => new(
        [.. Enumerable.Range(0, weeks).Select(week => customers.Sum(one => one.Users[week]?.Count ?? 0))],
        customers.Sum(one => one.Union(weeks - WeeksOfMonth, WeeksOfMonth)), customers.Sum(one => one.Union(weeks - 2 * WeeksOfMonth, WeeksOfMonth)),
        customers.Count(one => one.Users.Skip(weeks - WeeksOfMonth).Any(week => week is not null)), customers.Select(one => one.LastDay).DefaultIfEmpty(-1).Max());

    /// <summary>One customer's users of one module, week by week.</summary>
    private sealed class WeeksOfUse(int weeks)
    {
        public UserSet?[] Users { get; } = new UserSet?[weeks];

        public int LastDay { get; private set; }

        public void Add(int day, int until, StoredUse use)
        {
            ref var week = ref Users[weeks - 1 - (until - day) / 7];
            week = week is { } before ? before.Union(use.Users) : use.Users;
            LastDay = Math.Max(LastDay, day);
        }

        public long Union(int from, int count) => UserSetUnion.Of(Users.AsSpan(from, count)).Count;
    }
}

/// <summary>A module's users, those of each customer counted apart.</summary>
/// <param name="Weekly">Oldest week first.</param>
/// <param name="Month">Of the last four weeks; <paramref name="Before"/> of the four before.</param>
/// <param name="Customers">With use in the last four weeks.</param>
/// <param name="LastDay">-1: no use in the stretch.</param>
internal sealed record ModuleSeen(IReadOnlyList<long> Weekly, long Month, long Before, int Customers, int LastDay);
