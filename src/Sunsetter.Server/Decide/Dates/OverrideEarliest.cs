using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Decide;

/// <summary>Asks to close one customer earlier than the policy allows. It counts only after somebody else has approved it.</summary>
internal sealed record RequestOverride(DateOnly Day, string Reason)
{
    public Decision Decide(Retirement retirement, LedgerEntry entry, DateOnly today)
    {
        if (retirement.Stage is not (Stage.Announce or Stage.Migrate or Stage.Close) || entry.ClosedAt is not null)
            return new Refusal("override.not-now", "An override is possible between the decision and the customer's closing.", "仅可在决策通过之后、该客户下线之前申请例外。");
        if (Given.Missing(Reason, "reason") is { } missing)
            return missing;
        if (Day <= today)
            return new Refusal("override.past", "The day must be in the future.", "日期必须在将来。") { Field = "day" };
        if (entry.Earliest is { } earliest && Day >= earliest.Day)
            return new Refusal("override.not-needed", $"The policy allows {Given.Iso(Day)} already: the earliest day is {Given.Iso(earliest.Day)}.", $"策略已允许 {Given.Iso(Day)}：最早日期为 {Given.Iso(earliest.Day)}。") { Field = "day" };
        return Decision.Of(entry.Customer, new OverrideRequested(Day, Reason.Trim()));
    }
}

/// <summary>Grants the override that was asked for. Its author cannot.</summary>
internal sealed record ApproveOverride
{
    public Decision Decide(LedgerEntry entry, string by) => entry.Dates.Asked switch
    {
        null => NothingAsked,
        _ when by == Actor.Bootstrap => new Refusal("override.no-person", "The bootstrap token is nobody's eyes: a person must approve.", "引导令牌不代表任何人，须由人员批准。"),
        var asked when string.Equals(asked.By, by, StringComparison.OrdinalIgnoreCase) =>
            new Refusal("override.own", "You asked for this override yourself; somebody else must approve it.", "该例外由您本人申请，须由他人批准。"),
        var asked => Decision.Of(entry.Customer, new EarliestOverridden(asked.Day, asked.Reason, asked.By)),
    };

    internal static readonly Refusal NothingAsked = new("override.none", "No override waits for this customer.", "该客户没有待批准的例外申请。");
}

internal sealed record DeclineOverride(string Reason)
{
    public Decision Decide(LedgerEntry entry) =>
        entry.Dates.Asked is null ? ApproveOverride.NothingAsked
        : Given.Missing(Reason, "reason") is { } missing ? missing
        : Decision.Of(entry.Customer, new OverrideDeclined(Reason.Trim()));
}
