using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Migrate;

/// <summary>More time for one customer, with an end: a decision with a reason, whether they asked for it or not (G7).</summary>
internal sealed record GrantExtension(DateOnly Until, string Reason)
{
    public Decision Decide(Retirement retirement, LedgerEntry entry, MigrationRules rules, ClosingDays days, DateTimeOffset now)
    {
        if (Required.Words(Reason, "reason", new("the reason for the decision", "作出该决定的理由")) is { } missing)
            return missing;
        if (Bounds(retirement, entry, rules, Until, now) is { } refusal)
            return refusal;
        if (NotTheDayAfter(entry, days) is { } forbidden)
            return forbidden;
        return Decision.Of(entry.Customer, new ExtensionGranted(Until, Reason.Trim()));
    }

    // The gate closes on the day after: engineers must be at work then, and no freeze in force, as on every closing day.
    private Refusal? NotTheDayAfter(LedgerEntry entry, ClosingDays days)
    {
        var after = Until.AddDays(1);
        if (days.Forbids(after, [entry.Customer]) is not { } forbidden)
            return null;

        var (en, zh) = days.Next(after, new HashSet<CustomerKey> { entry.Customer }) is { } next
            ? ($" Extend until {Days.En(next.AddDays(-1))}.", $"请延期至 {Days.Zh(next.AddDays(-1))}。") : ("", "");
        return new Refusal(forbidden.Code, $"They would close on the day after, and {forbidden.Sentence.En}{en}", $"届时将于次日下线，而{forbidden.Sentence.Zh}{zh}") { Field = "until" };
    }

    /// <summary>The days that may be asked for and granted: after the day they close by now, not later than the rules allow.</summary>
    internal static Refusal? Bounds(Retirement retirement, LedgerEntry entry, MigrationRules rules, DateOnly until, DateTimeOffset now)
    {
        if (retirement.Schedule is not { } schedule || entry.ClosesOn(retirement) is not { } closes)
            return new Refusal("extension.no-date", "There is no closing day yet, so there is nothing to extend.", "尚未确定下线日，无需延期。");
        if (!IsOpen(retirement, entry, now))
            return new Refusal("extension.closed", "The module is closed already, so there is nothing to extend. It can be brought back for a time.", "该模块已停止服务，无法延期；如有需要，可以限时恢复。");
        var (first, last) = Between(schedule, entry, closes, rules, Today.Of(retirement, now));
        if (until < first)
            return new Refusal("extension.too-early", $"The closing day is {Days.En(closes)} anyway; choose that day or a later one.", $"按计划将于 {Days.Zh(closes)}下线，请选择该日或更晚的日期。") { Field = "until" };
        if (until > last)
            return new Refusal("extension.too-late", $"An extension ends on {Days.En(last)} at the latest: {Text.Many(rules.LongestExtensionDays, "day")} after the closing day.",
                $"延期最晚至 {Days.Zh(last)}，即下线日后 {rules.LongestExtensionDays} 天。")
            { Field = "until" };
        return null;
    }

    /// <summary>The first and the last day that may be asked for; null where nothing can be extended.</summary>
    internal static (DateOnly First, DateOnly Last)? Window(Retirement retirement, LedgerEntry entry, MigrationRules rules, DateTimeOffset now) =>
        IsOpen(retirement, entry, now) && retirement.Schedule is { } schedule && entry.ClosesOn(retirement) is { } closes ? Between(schedule, entry, closes, rules, Today.Of(retirement, now)) : null;

    private static (DateOnly First, DateOnly Last) Between(Schedule schedule, LedgerEntry entry, DateOnly closes, MigrationRules rules, DateOnly today) =>
        (closes > today ? closes : today, schedule.DayOf(entry.Wave).AddDays(rules.LongestExtensionDays));

    private static bool IsOpen(Retirement retirement, LedgerEntry entry, DateTimeOffset now) => entry.ClosedAt is null && !(ClosingTime.Of(retirement, entry) <= now);
}
