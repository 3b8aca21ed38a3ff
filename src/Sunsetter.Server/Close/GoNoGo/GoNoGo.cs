using Sunsetter.Server.Gates;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Close;

/// <summary>What the go/no-go needs to know beside the retirement and its entries.</summary>
/// <param name="NextUses">By customer: the day on which a periodic user of the old module is expected to need it again.</param>
/// <param name="LastDrill">When the last restore drill passed.</param>
internal sealed record Ground(DateTimeOffset Now, ClosingDays Days, ClosingRules Rules, IReadOnlyDictionary<CustomerKey, DateOnly> NextUses, DateTimeOffset? LastDrill)
{
    /// <summary>Which applications obey the newest gates, lag behind or are silent.</summary>
    public ClosureProof Obedience { get; init; } = ClosureProof.Nobody;

    /// <summary>Enough is known of the module's use to believe that nobody uses it.</summary>
    public bool UseIsKnown { get; init; } = true;
}

/// <summary>The questions in front of a closing, each answered from the ledger with its evidence.</summary>
internal static class GoNoGo
{
    public static IReadOnlyList<Check> Of(Retirement retirement, IReadOnlyList<LedgerEntry> entries, Ground ground)
    {
        var open = entries.Where(entry => entry.ClosedAt is null).ToList();
        return [.. PlanChecks.Of(retirement, open, ground), .. entries.Count == 0 ? [Nobody(ground.UseIsKnown)] : CustomerChecks.Of(retirement, open, ground), .. SafetyChecks.Of(retirement, ground)];
    }

    // Of nobody everything is true; saying so would read as good news.
    private static Check Nobody(bool known) => new("customers.none", new("Who is affected?", "哪些客户会受影响？"), known ? Standing.Note : Standing.Blocks, known
        ? new("No customer is in the ledger so far; it opens with the approval.", "台账中尚无客户，获批后建立。")
        : new("No customer is in the ledger, but too little of the module's use is known to believe that nobody uses it.", "台账中尚无客户，但该模块的使用数据不足，不能认定无人使用。"), "decide", []);

    public static bool Ready(IEnumerable<Check> checks) => checks.All(check => check.Standing != Standing.Blocks);
}
