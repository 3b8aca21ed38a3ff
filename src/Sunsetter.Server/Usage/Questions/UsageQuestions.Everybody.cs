using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Usage;

internal sealed partial class UsageQuestions
{
    /// <summary>For each customer, how many different users used anything at all in the last days.</summary>
    /// <param name="days">1 to 400.</param>
    public async Task<IReadOnlyDictionary<CustomerKey, long>> ActiveUsers(DateOnly until, int days, CancellationToken cancel)
    {
        var use = await windows.Of(GroupRows.AnyModule, until.DayNumber - Math.Clamp(days, 1, 400) + 1, until.DayNumber, cancel);
        var names = await keys.Customers(use.Customers.Keys, cancel);
        return use.Customers.ToDictionary(customer => names[customer.Key], customer => (long)Everybody(use, customer.Key).Count);
    }
}
