using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Usage;

/// <summary>What a customer's use of a module shows of dependence, before the worth of the contract is weighed.</summary>
/// <param name="DaysOf90">Days with use among the last ninety.</param>
/// <param name="UserDays">Users of each day added up over whole weeks and one more; 0 is a week without reports.</param>
internal sealed record UseDependence(IReadOnlyList<DependenceFlag> Flags, int DaysOf90, Counts UserDays)
{
    public static UseDependence None { get; } = new([], 0, Counts.Of([]));

    /// <returns>The customer with every reason, or null where there is none.</returns>
    /// <param name="value">Contract value in a year; <paramref name="all"/> that of all customers, in the same currency.</param>
    public HiddenDependent? With(CustomerKey customer, decimal value, decimal all)
    {
        var contract = ContractAtRisk.Find(value, all, DaysOf90, periodic: Flags.Any(flag => flag.NextExpected is not null));
        if (Flags.Count == 0 && contract is null)
            return null;
        List<DependenceFlag> flags = contract is null ? [.. Flags] : [.. Flags, contract];
        return new(customer, Math.Min(100, flags.Sum(flag => flag.Points)), [.. flags.OrderByDescending(flag => flag.Points)], [.. UserDays.ToArray().Select(week => week == 0 ? (int?)null : (int)week - 1)]);
    }
}
