using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Decide;

/// <summary>Puts several customers into a wave, or back to the common day (null): all of them, or none where the day is unlawful for one.</summary>
internal sealed record MoveCustomers(string? Wave, IReadOnlyList<CustomerKey> Customers)
{
    public Decision Decide(Retirement retirement, IReadOnlyList<LedgerEntry> entries, SchedulingGround ground)
    {
        if (Customers.Count == 0)
            return new Refusal("wave.nobody", "Choose at least one customer.", "请至少选择一个客户。") { Field = "customers" };
        var known = entries.ToDictionary(entry => entry.Customer);
        var decision = Decision.Nothing;
        foreach (var customer in Customers.Distinct())
        {
            if (!known.TryGetValue(customer, out var entry))
                return new Refusal("entry.unknown", $"“{customer}” is not affected by this retirement.", $"该退役不影响客户“{customer}”。", StatusCodes.Status404NotFound) { Field = "customers" };
            var one = new SetWave(Wave).Decide(retirement, entry, ground);
            if (one.Refusal is { } refusal)
                return refusal;
            decision = decision.And(one);
        }
        return decision;
    }
}
