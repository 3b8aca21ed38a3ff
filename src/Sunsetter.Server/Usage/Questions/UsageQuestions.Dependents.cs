using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Usage;

internal sealed partial class UsageQuestions
{
    /// <summary>Days that must be known before "nobody depends on it" means something: a year and a month, so that what comes once a year is seen.</summary>
    public const int Foresight = 400;

    private readonly JudgedDependents judged = new();

    /// <summary>Customers for whom the module may be vital although its figures do not show it, the highest score first.</summary>
    public async Task<IReadOnlyList<HiddenDependent>> HiddenDependents(ModuleKey module, DateOnly until, CancellationToken cancel)
    {
        const int history = Usage.HiddenDependents.History;
        var from = until.AddDays(1 - history);
        if (await keys.Find(module, cancel) is not { } id)
            return [];
        // As of one moment: whoever used the module used something.
        var both = await windows.Of([id, GroupRows.AnyModule], from.DayNumber, until.DayNumber, cancel);
        var (use, all) = (both[0], both[1]);
        if (use.Customers.Count == 0)
            return [];
        var values = await Values(cancel);
        var ground = new JudgedGround(until, use.Stamp, all.Stamp, Known(await Coverage(module, from, until, cancel)), values);
        if (judged.Find(module, ground) is { } before)
            return before;
        var names = await keys.Customers(use.Customers.Keys, cancel);
        var total = values.Values.Sum();
        return judged.Keep(module, ground, [.. use.Customers.Select(customer => Usage.HiddenDependents.Judge(new DependenceInput(
                names[customer.Key], from, People(customer.Value), customer.Value.Calls, People(all.Customers[customer.Key]), all.Customers[customer.Key].Calls,
                ground.Known, customer.Value.Minutes, values.GetValueOrDefault(names[customer.Key]), total)))
            .OfType<HiddenDependent>().OrderByDescending(found => found.Score).ThenByDescending(found => values.GetValueOrDefault(found.Customer)).ThenBy(found => found.Customer.Value, StringComparer.Ordinal)]);
    }

    /// <summary>Customers whose contract is in another currency than most, and is therefore flagged for its value by nobody.</summary>
    public async Task<int> OtherCurrencies(CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var currencies = await db.Set<Customer>().Where(customer => customer.AnnualValue > 0).GroupBy(customer => customer.Currency).Select(one => one.Count()).ToListAsync(cancel);
        return currencies.Sum() - currencies.DefaultIfEmpty(0).Max();
    }

    private async Task<Dictionary<CustomerKey, decimal>> Values(CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var rows = await db.Set<Customer>().AsNoTracking().Select(customer => new { customer.Key, customer.AnnualValue, customer.Currency }).ToListAsync(cancel);
        return Comparable(rows.Select(row => (row.Key, row.AnnualValue, row.Currency)));
    }

    /// <summary>Contract values in different currencies are not comparable; the most common currency is taken, others count as unknown.</summary>
    public static Dictionary<CustomerKey, decimal> Comparable(IEnumerable<(CustomerKey Customer, decimal Value, string Currency)> contracts)
    {
        var all = contracts.ToList();
        var common = all.GroupBy(contract => contract.Currency).OrderByDescending(currency => currency.Count()).FirstOrDefault()?.Key;
        return all.Where(contract => contract.Currency == common).ToDictionary(contract => contract.Customer, contract => contract.Value);
    }

    private static int[] People(CustomerDays days) => Array.ConvertAll(days.Users, users => (int)(users?.Count ?? 0));
}
