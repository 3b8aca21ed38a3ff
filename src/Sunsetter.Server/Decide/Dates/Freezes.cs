using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Decide;

/// <summary>Days on which nothing may be closed.</summary>
/// <param name="Customer">Null or empty: for everybody.</param>
internal sealed record AddFreeze(DateOnly From, DateOnly To, string Reason, string? Customer)
{
    private const int Longest = 366;
    private const int Most = 500;

    public Outcome<FreezeWindows> Decide(FreezeWindows before, IReadOnlySet<CustomerKey> customers)
    {
        if (From == default || To == default)
            return new Refusal("freeze.no-days", "Give the first and the last day of the freeze.", "请填写冻结期的开始日和结束日。") { Field = "from" };
        if (To < From || To.DayNumber - From.DayNumber >= Longest)
            return new Refusal("freeze.days", $"The last day stands before the first, or the freeze is longer than {Longest} days.", $"结束日早于开始日，或冻结期超过 {Longest} 天。") { Field = "to" };
        if (Given.Missing(Reason, "reason", 300) is { } missing)
            return missing;
        CustomerKey? customer = string.IsNullOrWhiteSpace(Customer) ? null : new CustomerKey(Customer.Trim());
        if (customer is { } key && !customers.Contains(key))
            return Refusal.NotFound("customer", "客户", key.Value) with { Field = "customer" };
        var window = new FreezeWindow(From, To, Reason.Trim(), customer);
        if (before.Windows.Contains(window))
            return before;
        if (before.Windows.Length >= Most)
            return new Refusal("freeze.too-many", $"At most {Most} freeze windows; remove those that are over.", $"最多 {Most} 个冻结期，请删除已过期的。");
        return before with { Windows = [.. before.Windows.Add(window).OrderBy(one => one.From).ThenBy(one => one.To)] };
    }
}

/// <summary>Adds and removes freeze windows.</summary>
internal sealed class Freezes(Settings settings, Evidence evidence)
{
    public async Task<Refusal?> Add(AddFreeze command, Actor by, CancellationToken cancel)
    {
        var customers = await evidence.Customers(cancel);
        return (await settings.Change<FreezeWindows>(before => command.Decide(before, customers), by.By, cancel)).Refusal;
    }

    public Task Remove(FreezeWindow window, Actor by, CancellationToken cancel) =>
        settings.Change<FreezeWindows>(stored => stored with { Windows = stored.Windows.Remove(window) }, by.By, cancel);
}
