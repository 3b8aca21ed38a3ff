using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Close;

/// <summary>A short announced outage before closing, so that who depends on the module without knowing it finds out while it can still be brought back (C1).</summary>
internal sealed record ScheduleBrownout(Brownout Brownout, string Reason)
{
    public Decision Decide(Retirement retirement, IReadOnlyList<LedgerEntry> entries, ClosingDays days, ClosingRules rules, DateTimeOffset now)
    {
        if (Required.Words(Reason, "reason", new("what the rehearsal shall show", "演练目的")) is { } missing)
            return missing;
        if (retirement.Stage is not (Stage.Migrate or Stage.Close) || retirement.Schedule is not { } schedule)
            return new Refusal("brownout.not-yet", "A rehearsal outage comes while customers move: after they were told, before the closing.", "演练停用须在客户迁移期间进行：已通知客户之后、正式下线之前。");
        if (Brownout.Minutes < 1 || Brownout.Minutes > rules.LongestBrownoutMinutes)
            return new Refusal("brownout.length", $"A rehearsal lasts 1 to {rules.LongestBrownoutMinutes} minutes.", $"演练停用时长为 1 至 {rules.LongestBrownoutMinutes} 分钟。") { Field = "minutes" };
        var first = Today.Of(retirement, now).AddDays(rules.BrownoutNoticeDays);
        if (Brownout.Day < first)
            return new Refusal("brownout.not-announced", $"Customers must know of it at least {Text.Many(rules.BrownoutNoticeDays, "day")} ahead: {Days.En(first)} is the first possible day.",
                $"须至少提前 {rules.BrownoutNoticeDays} 天告知客户：最早可定于 {Days.Zh(first)}。")
            { Field = "day" };
        var open = entries.Where(entry => entry.ClosedAt is null).ToList();
        if (Brownout.Day >= open.Select(entry => entry.ClosesOn(retirement)).Append(schedule.ClosesOn).Min())
            return new Refusal("brownout.after-closing", "The rehearsal must come before the first closing day.", "演练停用须早于首个下线日。") { Field = "day" };
        if (days.Forbids(Brownout.Day, open.Select(entry => entry.Customer)) is { } forbidden)
            return forbidden with { Field = "day" };
        if (Brownout.OnWorkingDays && open.FirstOrDefault(entry => !days.Calendar.Knows(entry.Country ?? days.Country, Brownout.Day.Year)) is { } unknown)
            return new Refusal("brownout.unknown-year",
                $"When {unknown.Name.En} works in {Brownout.Day.Year} is not known: the holidays of {unknown.Country ?? days.Country} are not imported. Import them, or do not wait for working days.",
                $"尚不清楚{unknown.Name.Zh}在 {Brownout.Day.Year} 年的工作日：{unknown.Country ?? days.Country} 的节假日未导入。请导入，或不按工作日顺延。")
            { Field = "onWorkingDays" };
        if (open.Count(entry => entry.Reach.ToldOn is null) is > 0 and var untold)
            return new Refusal("brownout.not-told", $"Not told of the retirement yet: {Text.Many(untold, "customer")}; a rehearsal would surprise them. Reach them first.", $"尚有 {untold} 个客户未获通知，演练停用会令其措手不及，请先通知。");
        if (retirement.HoldsNotices)
            return new Refusal("brownout.notices-held", "The notices are held back: the letter that tells of the rehearsal would wait. Release them first.", "通知已暂停：告知演练的信件将无法发出。请先恢复发送通知。");
        if (retirement.Brownouts.Any(brownout => brownout.Day >= Today.Of(retirement, now)))
            return new Refusal("brownout.one-at-a-time", "A rehearsal is scheduled already. Withdraw it first.", "已安排一次演练停用，请先撤回。");
        return new BrownoutScheduled(Brownout, Reason.Trim());
    }
}

/// <summary>A rehearsal that is called off.</summary>
internal sealed record WithdrawBrownout(Brownout Brownout, string Reason)
{
    public Decision Decide(Retirement retirement)
    {
        if (Required.Words(Reason, "reason", new("why it is called off", "撤回原因")) is { } missing)
            return missing;
        return retirement.Brownouts.Contains(Brownout)
            ? new BrownoutWithdrawn(Brownout, Reason.Trim())
            : new Refusal("brownout.none", "No such rehearsal is scheduled.", "没有安排该演练停用。");
    }
}
