using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Usage;

internal sealed partial class UsageQuestions
{
    /// <summary>For each customer who used the module in the last days, the last day on which they did.</summary>
    /// <param name="days">1 to 800.</param>
    public async Task<IReadOnlyDictionary<CustomerKey, DateOnly>> LastUses(ModuleKey module, DateOnly until, int days, CancellationToken cancel)
    {
        var from = until.DayNumber - Math.Clamp(days, 1, 800) + 1;
        var use = await Days(module, from, until.DayNumber, cancel);
        var names = await keys.Customers(use.Customers.Keys, cancel);
        return use.Customers.Select(customer => (Customer: names[customer.Key], Day: Day(from, customer.Value.LastUse(use.Length - 1)))).Where(one => one.Day is not null).ToDictionary(one => one.Customer, one => one.Day!.Value);
    }

    /// <summary>For each customer who used the module in the stretch, who did so on which day, from its first day on. Looked up anew only where something was written.</summary>
    public Task<IReadOnlyDictionary<CustomerKey, CustomerDays>> DaysOfUse(ModuleKey module, DateOnly from, DateOnly until, CancellationToken cancel) =>
        Kept((nameof(DaysOfUse), module, from, until), mayBeLate: false, async _ =>
        {
            var use = await Days(module, from.DayNumber, until.DayNumber, cancel);
            var names = await keys.Customers(use.Customers.Keys, cancel);
            return (IReadOnlyDictionary<CustomerKey, CustomerDays>)use.Customers.ToDictionary(customer => names[customer.Key], customer => customer.Value);
        }, cancel);

    /// <summary>For each customer who used anything at all in the last days, the last day on which they did.</summary>
    public async Task<IReadOnlyDictionary<CustomerKey, DateOnly>> LastUses(DateOnly until, int days, CancellationToken cancel)
    {
        var (first, last) = (until.DayNumber - days + 1, until.DayNumber);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var rows = await db.Database.SqlQuery<LastDay>($"select customer_id as customer, max(day) as day from usage_day where day between {first} and {last} group by customer_id").ToListAsync(cancel);
        var names = await keys.Customers(rows.Select(row => row.Customer), cancel);
        return rows.ToDictionary(row => names[row.Customer], row => DateOnly.FromDayNumber(row.Day));
    }

    private sealed record LastDay(int Customer, int Day);

    /// <summary>For each customer, how many different users used anything at all in the last days.</summary>
    /// <param name="days">1 to 400.</param>
    public async Task<IReadOnlyDictionary<CustomerKey, long>> ActiveUsers(DateOnly until, int days, CancellationToken cancel)
    {
        var use = await windows.Of(GroupRows.AnyModule, until.DayNumber - Math.Clamp(days, 1, 400) + 1, until.DayNumber, cancel);
        var names = await keys.Customers(use.Customers.Keys, cancel);
        return use.Customers.ToDictionary(customer => names[customer.Key], customer => (long)Everybody(use, customer.Key).Count);
    }
}
