using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Decide;

/// <summary>Asks to close one customer earlier than the policy allows. It counts only after somebody else has approved it.</summary>
internal sealed record RequestOverride(DateOnly Day, string Reason)
{
    public Decision Decide(Retirement retirement, LedgerEntry entry, DateOnly today)
    {
        if (retirement.Stage is not (Stage.Announce or Stage.Migrate or Stage.Close) || entry.ClosedAt is not null)
            return NotNow;
        if (entry.Dates.Asked is { } waiting)
            return new Refusal("override.waiting", $"An override to {Days.En(waiting.Day)} waits for approval already. It is approved or declined first.", $"提前至 {Days.Zh(waiting.Day)}的例外正在等待批准，请先批准或拒绝。", StatusCodes.Status409Conflict);
        if (Given.Missing(Reason, "reason") is { } missing)
            return missing;
        if (Day <= today)
            return Past;
        if (entry.Earliest is { } earliest && Day >= earliest.Day)
            return new Refusal("override.not-needed", $"The policy allows {Days.En(Day)} already: the earliest day is {Days.En(earliest.Day)}.", $"政策已允许 {Days.Zh(Day)}：最早日期为 {Days.Zh(earliest.Day)}。") { Field = "day" };
        return Decision.Of(entry.Customer, new OverrideRequested(Day, Reason.Trim()));
    }

    internal static readonly Refusal NotNow = new("override.not-now", "An override is possible between the decision and the customer's closing.", "仅可在决策通过之后、该客户下线之前申请例外。");

    internal static readonly Refusal Past = new("override.past", "The day must be in the future.", "日期必须在将来。") { Field = "day" };
}

/// <summary>Grants the override that was asked for. Its author cannot.</summary>
/// <param name="Day">The day that was looked at: another one is not approved unseen.</param>
internal sealed record ApproveOverride(DateOnly? Day)
{
    public Decision Decide(Retirement retirement, LedgerEntry entry, string by, DateOnly today)
    {
        if (entry.Dates.Asked is not { } asked)
            return NothingAsked;
        if (retirement.Stage is not (Stage.Announce or Stage.Migrate or Stage.Close) || entry.ClosedAt is not null)
            return RequestOverride.NotNow;
        if (by == Actor.Bootstrap)
            return new Refusal("override.no-person", "The bootstrap token is nobody's eyes: a person must approve.", "引导令牌不代表任何人，须由人员批准。");
        if (string.Equals(asked.By, by, StringComparison.OrdinalIgnoreCase))
            return new Refusal("override.own", "You asked for this override yourself; somebody else must approve it.", "该例外由您本人申请，须由他人批准。");
        if (Day is null)
            return new Refusal("override.unseen", $"Say which day you approve: {Days.En(asked.Day)} is asked for.", $"请注明所批准的日期：申请的是 {Days.Zh(asked.Day)}。") { Field = "day" };
        if (Day != asked.Day)
            return Refusal.Overtaken;
        return asked.Day <= today ? RequestOverride.Past : Decision.Of(entry.Customer, new EarliestOverridden(asked.Day, asked.Reason, asked.By));
    }

    internal static readonly Refusal NothingAsked = new("override.none", "No override waits for this customer.", "该客户没有待批准的例外申请。");
}

/// <param name="Day">The day that was looked at; null: whichever waits.</param>
internal sealed record DeclineOverride(string Reason, DateOnly? Day = null)
{
    public Decision Decide(LedgerEntry entry) =>
        entry.Dates.Asked is not { } asked ? ApproveOverride.NothingAsked
        : Day is { } seen && seen != asked.Day ? Refusal.Overtaken
        : Given.Missing(Reason, "reason") is { } missing ? missing
        : Decision.Of(entry.Customer, new OverrideDeclined(Reason.Trim()));
}
