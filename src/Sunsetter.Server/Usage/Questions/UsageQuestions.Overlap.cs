using System.Data.Common;
using System.Runtime.InteropServices;
using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Usage.Sets;

namespace Sunsetter.Server.Usage;

internal sealed partial class UsageQuestions
{
    /// <summary>For each customer who used either module in the last days: users of the old one, of the new one, of both.</summary>
    /// <param name="mayBeLate">Use that arrived within the last minute may be missing.</param>
    public async Task<IReadOnlyList<Overlap>> Overlaps(ModuleKey old, ModuleKey replacement, DateOnly until, int days, CancellationToken cancel, bool mayBeLate = false)
    {
        var from = until.DayNumber - Math.Clamp(days, 1, 800) + 1;
        return await Kept((nameof(Overlaps), old, replacement, from, until), mayBeLate, async _ =>
        {
            var (before, after) = await Days(old, replacement, from, until.DayNumber, cancel);
            var names = await keys.Customers(before.Customers.Keys.Union(after.Customers.Keys), cancel);
            return (IReadOnlyList<Overlap>)[.. names.Select(customer =>
            {
                var (left, right) = (Everybody(before, customer.Key), Everybody(after, customer.Key));
                return new Overlap(customer.Value, left.Count, right.Count, left.IntersectCount(right));
            }).OrderByDescending(overlap => overlap.OnlyOld).ThenBy(overlap => overlap.Customer.Value, StringComparer.Ordinal)];
        }, cancel);
    }

    /// <summary>Users on the old module and not on the replacement in the last days, the latest use first.</summary>
    /// <param name="customer">Only theirs; null for all customers.</param>
    /// <param name="most">Names at most.</param>
    /// <param name="mayBeLate">Of all customers: use that arrived within the last minute may be missing.</param>
    public async Task<IReadOnlyList<UserOnOld>> UsersNotMoved(ModuleKey old, ModuleKey replacement, CustomerKey? customer, DateOnly until, int days, int most, CancellationToken cancel, bool mayBeLate = false)
    {
        var from = until.DayNumber - Math.Clamp(days, 1, 800) + 1;
        // Their names are read each time: a user may have been forgotten since.
        var newest = customer is { } key ? NotMoved(await DaysOf(key, old, replacement, from, until.DayNumber, cancel), most)
            : await Kept((nameof(UsersNotMoved), old, replacement, from, until, most), mayBeLate, async _ => NotMoved(await Days(old, replacement, from, until.DayNumber, cancel), most), cancel);
        var users = await Names([.. newest.Select(user => (user.Customer, user.User))], cancel);
        var customers = await keys.Customers(newest.Select(user => user.Customer), cancel);
        return [.. newest.Select(user => new UserOnOld(customers[user.Customer], users[(user.Customer, user.User)], DateOnly.FromDayNumber(user.Last)))];
    }

    private static List<(int Customer, uint User, int Last)> NotMoved((ModuleDays Old, ModuleDays New) both, int most)
    {
        var found = new List<(int Customer, uint User, int Last)>();
        foreach (var (id, use) in both.Old.Customers)
        {
            var left = use.Union(0, use.Users.Length - 1).Except(Everybody(both.New, id));
            for (var day = use.Users.Length - 1; day >= 0 && !left.IsEmpty; day--)
            {
                if (use.Users[day] is not { } today)
                    continue;
                foreach (var user in left.Intersect(today))
                    found.Add((id, user, both.Old.From + day));
                left = left.Except(today);
            }
        }
        return [.. found.OrderByDescending(user => user.Last).ThenBy(user => user.Customer).ThenBy(user => user.User).Take(most)];
    }

    /// <summary>For each week, the users who were new to the module in it, and how many of them used it in the last 28 days.</summary>
    /// <param name="mayBeLate">Use that arrived within the last minute may be missing.</param>
    public async Task<IReadOnlyList<RetentionCohort>> Retention(ModuleKey module, DateOnly until, int weeks, CancellationToken cancel, bool mayBeLate = false)
    {
        weeks = Math.Clamp(weeks, 1, 60);
        // A year before the first week tells who had used it before.
        var from = until.DayNumber - 7 * weeks - 364;
        return await Kept((nameof(Retention), module, from, until), mayBeLate, async _ => Cohorts(await Days(module, from, until.DayNumber, cancel), weeks), cancel);
    }

    private static List<RetentionCohort> Cohorts(ModuleDays days, int weeks)
    {
        var (users, still) = (new long[weeks], new long[weeks]);
        var first = days.Length - 7 * weeks;
        foreach (var customer in days.Customers.Values)
        {
            var seen = customer.Union(0, first - 1);
            var recent = customer.Union(days.Length - Month, days.Length - 1);
            for (var week = 0; week < weeks; week++)
            {
                var fresh = customer.Union(first + 7 * week, first + 7 * week + 6).Except(seen);
                users[week] += fresh.Count;
                still[week] += fresh.IntersectCount(recent);
                seen = seen.Union(fresh);
            }
        }
        return [.. users.Select((count, week) => new RetentionCohort(DateOnly.FromDayNumber(days.From + first + 7 * week), count, week < weeks - WeeksOfMonth ? still[week] : null))];
    }

    /// <summary>Modules that the module's users used on the same day, by how often.</summary>
    public async Task<IReadOnlyList<Neighbour>> Neighbours(ModuleKey module, DateOnly until, int days, CancellationToken cancel)
    {
        if (await keys.Find(module, cancel) is not { } own)
            return [];
        var from = until.DayNumber - Math.Clamp(days, 1, 400) + 1;
        return await Kept((nameof(Neighbours), own, from, until), mayBeLate: true, connection => Neighbours(connection, own, from, until.DayNumber, cancel), cancel);
    }

    private async Task<IReadOnlyList<Neighbour>> Neighbours(DbConnection connection, int own, int from, int until, CancellationToken cancel)
    {
        var (shared, total) = (new Dictionary<int, long>(), 0L);
        // A row holds all that a customer's people used on a day: one sweep tells all neighbours.
        await StoredDay.ReadAll(connection, from, until, day =>
        {
            if (!DayFigures.Find(day.Figures, own, out _) || day.Set(own) is not { } mine)
                return;
            total += mine.Count;
            for (var reader = new DayFigures.Reader(day.Figures); reader.Next(out var other);)
                if (other.Module != GroupRows.AnyModule && other.Module != own && day.Set(other.Module) is { } theirs)
                    CollectionsMarshal.GetValueRefOrAddDefault(shared, other.Module, out _) += mine.IntersectCount(theirs);
        }, cancel);
        var names = await keys.Modules(shared.Keys, cancel);
        return [.. shared.Where(other => other.Value > 0).Select(other => new Neighbour(names[other.Key], other.Value, (double)other.Value / total))
            .OrderByDescending(neighbour => neighbour.UserDays).ThenBy(neighbour => neighbour.Module.Value, StringComparer.Ordinal)];
    }

    /// <summary>One customer's users of each whole week up to the last day, oldest first; empty where there were none.</summary>
    public async Task<IReadOnlyList<long>> WeeksOf(CustomerKey customer, ModuleKey module, DateOnly until, int days, CancellationToken cancel)
    {
        var from = until.DayNumber - days + 1;
        var (use, _) = await DaysOf(customer, module, new ModuleKey(""), from, until.DayNumber, cancel);
        return use.Customers.Values.SingleOrDefault() is { } own ? Weekly(own, days - 1) : [];
    }

    /// <summary>The same days of one customer, whose rows alone are read.</summary>
    private async Task<(ModuleDays Old, ModuleDays New)> DaysOf(CustomerKey customer, ModuleKey old, ModuleKey replacement, int from, int until, CancellationToken cancel)
    {
        var (id, modules) = (await keys.Find(customer, cancel), new[] { await keys.Find(old, cancel), await keys.Find(replacement, cancel) });
        var days = new[] { new Dictionary<int, CustomerDays>(), new Dictionary<int, CustomerDays>() };
        if (id is { } known)
        {
            await using var db = await databases.CreateDbContextAsync(cancel);
            await db.Database.OpenConnectionAsync(cancel);
            foreach (var row in (await StoredDay.Read(db.Database.GetDbConnection(), [known], DateOnly.FromDayNumber(from), DateOnly.FromDayNumber(until), cancel))[known])
                for (var side = 0; side < modules.Length; side++)
                    if (modules[side] is { } module && row.Set(module) is { } users)
                    {
                        if (!days[side].TryGetValue(known, out var own))
                            days[side].Add(known, own = new CustomerDays(until - from + 1));
                        own.Users[row.Day - from] = own.Users[row.Day - from] is { } other ? other.Union(users) : users;
                    }
        }
        return (new ModuleDays(from, until, days[0]), new ModuleDays(from, until, days[1]));
    }

    private static UserSet Everybody(ModuleDays days, int customer) =>
        days.Customers.TryGetValue(customer, out var use) ? use.Union(0, use.Users.Length - 1) : UserSet.Empty;
}
