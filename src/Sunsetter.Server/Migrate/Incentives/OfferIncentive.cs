using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Migrate;

/// <summary>A discount or privilege for a customer who has moved by a day (G6).</summary>
internal sealed record OfferIncentive(Guid Id, string What, decimal Value, string Currency, DateOnly MoveBy)
{
    public Decision Decide(Retirement retirement, LedgerEntry entry, DateOnly today)
    {
        if (entry.Move.Incentives.Any(one => one.Id == Id))
            return Decision.Nothing;
        if (Required.Words(What, "what", new("what is offered", "激励内容"), 500) is { } missing)
            return missing;
        if (Value is < 0 or > 1_000_000_000)
            return new Refusal("incentive.value", "Its value is 0 to 1,000,000,000.", "激励价值须为 0 至 1,000,000,000。") { Field = "value" };
        if (Currency.Trim().Length != 3 || !Currency.Trim().All(char.IsAsciiLetterUpper))
            return new Refusal("incentive.currency", "Give the currency as three capital letters, such as CNY.", "货币请用三个大写字母，例如 CNY。") { Field = "currency" };
        if (MoveBy < today || entry.ClosesOn(retirement) is { } closes && MoveBy > closes)
            return new Refusal("incentive.day", "The day lies between today and their closing day: it rewards moving early.", "期限须在今天与其下线日之间：激励用于奖励提前迁移。") { Field = "moveBy" };
        return Decision.Of(entry.Customer, new IncentiveOffered(Id, What.Trim(), Value, Currency.Trim(), MoveBy));
    }
}

/// <summary>The customer has earned it: usage shows that they moved in time.</summary>
internal sealed record GrantIncentive(Guid Id, string Note)
{
    public Decision Decide(LedgerEntry entry)
    {
        if (Required.Short(Note, "note") is { } tooLong)
            return tooLong;
        return entry.Move.Incentives.FirstOrDefault(one => one.Id == Id) switch
        {
            null => Refusal.NotFound("incentive", "激励", Id.ToString("N")),
            { GrantedAt: not null } => Decision.Nothing,
            _ when entry.Move.State != MoveState.Moved => new Refusal("incentive.not-moved", "Usage does not show yet that they have moved; it is granted when it does.", "使用数据尚未显示其已完成迁移，完成后方可发放。"),
            // Two weeks without the old module are what shows a move: the move itself came before them.
            { MoveBy: var by } when entry.Move.ObservedAt is { } seen && Days.DayOf(seen, Days.Zone(entry.TimeZone)).AddDays(-Usage.StandingRule.Window) > by => new Refusal("incentive.too-late",
                $"Usage shows that they moved after {Days.En(by)}; it was offered for moving by that day. Offer another one if they deserve it.", $"使用数据显示其在 {Days.Zh(by)}之后才迁移，不符合该激励的期限。如仍值得奖励，请另行提供。"),
            _ => Decision.Of(entry.Customer, new IncentiveGranted(Id, Note.Trim())),
        };
    }
}

/// <summary>The granted incentive was redeemed.</summary>
internal sealed record UseIncentive(Guid Id, string Note)
{
    public Decision Decide(LedgerEntry entry)
    {
        if (Required.Short(Note, "note") is { } tooLong)
            return tooLong;
        return entry.Move.Incentives.FirstOrDefault(one => one.Id == Id) switch
        {
            null => Refusal.NotFound("incentive", "激励", Id.ToString("N")),
            { GrantedAt: null } => new Refusal("incentive.not-granted", "It was not granted yet.", "该激励尚未发放。"),
            { UsedAt: not null } => Decision.Nothing,
            _ => Decision.Of(entry.Customer, new IncentiveUsed(Id, Note.Trim())),
        };
    }
}
