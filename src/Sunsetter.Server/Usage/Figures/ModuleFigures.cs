using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Usage;

/// <summary>All customers' figures of one module, and their sums. Immutable; sums are made when they are first asked for.</summary>
/// <param name="customers">By their stored number.</param>
internal sealed class ModuleFigures(IReadOnlyDictionary<int, UseFigure> customers)
{
    private readonly Lazy<Sums> sums = new(() => Sums.Of(customers.Values));
    private readonly Lazy<IReadOnlyList<UseFigure>> heaviest = new(() =>
        [.. customers.Values.OrderByDescending(one => one.Month).ThenByDescending(one => one.LastUse).ThenBy(one => one.Customer.Value, StringComparer.Ordinal)]);

    private readonly Lazy<IReadOnlyList<UseFigure>> inOrder = new(() => [.. customers.Values.OrderBy(one => one.Customer.Value, StringComparer.Ordinal)]);
    private readonly Lazy<Dictionary<CustomerKey, UseFigure>> byKey = new(() => customers.Values.ToDictionary(one => one.Customer));

    public static ModuleFigures Nobody { get; } = new(new Dictionary<int, UseFigure>());

    public IReadOnlyDictionary<int, UseFigure> Customers => customers;

    /// <summary>By the customers' keys.</summary>
    public IReadOnlyList<UseFigure> InOrder => inOrder.Value;

    public UseFigure? Of(CustomerKey customer) => byKey.Value.GetValueOrDefault(customer);

    /// <summary>By users of the month.</summary>
    public IReadOnlyList<UseFigure> Heaviest => heaviest.Value;

    public Sums All => sums.Value;

    /// <summary>The same with some customers' figures in place of those before; null takes a customer out.</summary>
    public ModuleFigures With(IEnumerable<(int Customer, UseFigure? Figure)> changed)
    {
        var after = customers.ToDictionary();
        foreach (var (customer, figure) in changed)
            if (figure is null)
                after.Remove(customer);
            else
                after[customer] = figure;
        return new(after);
    }

    /// <param name="Customers">With use in the month.</param>
    /// <param name="Weekly">Oldest first.</param>
    internal sealed record Sums(long Day, long Week, long Month, long Before, int Customers, DateOnly? LastUse, IReadOnlyList<long> Weekly)
    {
        public static Sums Of(IEnumerable<UseFigure> customers)
        {
            var (weekly, all) = (new long[UseFigure.Weeks], new Sums(0, 0, 0, 0, 0, null, []));
            foreach (var one in customers)
            {
                one.Weekly.AddTo(weekly);
                all = new(all.Day + one.Day, all.Week + one.Week, all.Month + one.Month, all.Before + one.Before, all.Customers + (one.Month > 0 ? 1 : 0),
                    all.LastUse is { } last && last > one.LastUse ? last : one.LastUse, weekly);
            }
            return all with { Weekly = weekly };
        }
    }
}
