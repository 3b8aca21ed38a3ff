using System.Collections.Immutable;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Retirements;

/// <summary>Days on which nothing is closed: year-end settlement, a sales festival, an audit.</summary>
/// <param name="From">First day.</param>
/// <param name="To">Last day, included.</param>
/// <param name="Customer">Whose freeze it is; null for everybody.</param>
internal sealed record FreezeWindow(DateOnly From, DateOnly To, string Reason, CustomerKey? Customer)
{
    public bool Covers(DateOnly day) => day >= From && day <= To;
}

/// <summary>Every freeze window, as an administrator keeps them.</summary>
internal sealed record FreezeWindows : ISettings
{
    static string ISettings.Name => "freeze-windows";

    public ImmutableArray<FreezeWindow> Windows { get; init; } = [];

    /// <summary>The window that covers a day for everybody, or for this customer.</summary>
    public FreezeWindow? Over(DateOnly day, CustomerKey? customer) =>
        Windows.FirstOrDefault(window => window.Covers(day) && (window.Customer is null || window.Customer == customer));
}
