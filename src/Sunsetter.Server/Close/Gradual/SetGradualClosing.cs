using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Close;

/// <summary>
/// Users close in shares ahead of their customer's closing, so that a mistake hurts a few before it can hurt all (C1). What was promised stays true: no
/// share closes before the customer's earliest permitted day, and none without notice.
/// </summary>
/// <param name="Shares">Empty takes them back.</param>
internal sealed record SetGradualClosing(IReadOnlyList<GradualShare> Shares, string Reason)
{
    public const int MostShares = 10, LongestHours = 14 * 24;

    public Decision Decide(Retirement retirement, IReadOnlyList<LedgerEntry> entries, ClosingRules rules, DateTimeOffset now)
    {
        if (Required.Words(Reason, "reason", new("why users close in shares, or no longer do", "分批或取消分批的原因")) is { } missing)
            return missing;
        if (retirement.Stage is not (Stage.Announce or Stage.Migrate or Stage.Close) || retirement.Schedule is not { } schedule)
            return new Refusal("gradual.not-yet", "Shares are set once a closing day is, and before the module has closed.", "须在确定下线日之后、下线之前设置分批。");
        if (Form() is { } wrong)
            return wrong;
        var shares = Shares.OrderByDescending(share => share.HoursBefore).ToList();
        if (shares.SequenceEqual(retirement.Gradual))
            return Decision.Nothing;
        var open = entries.Where(entry => entry.ClosedAt is null).ToList();
        return Begins(retirement, schedule, open, rules, now) is { } tooSoon ? tooSoon : new GradualClosingSet([.. shares], Reason.Trim());
    }

    private Refusal? Form()
    {
        if (Shares.Count > MostShares || Shares.Any(share => share.HoursBefore is < 1 or > LongestHours || share.Percent is < 1 or > 99))
            return new Refusal("gradual.share", $"At most {MostShares} shares, each of 1 to 99 per cent of the users, 1 to {LongestHours} hours before the closing.",
                $"最多 {MostShares} 批，每批为 1–99% 的用户，提前 1–{LongestHours} 小时。")
            { Field = "shares" };
        var ordered = Shares.OrderByDescending(share => share.HoursBefore).ToList();
        return ordered.Zip(ordered.Skip(1)).Any(pair => pair.First.HoursBefore == pair.Second.HoursBefore || pair.First.Percent >= pair.Second.Percent)
            ? new Refusal("gradual.order", "Each share is larger than the one before it: it holds those users and more.", "各批比例须逐批增大：后一批包含前一批的用户。") { Field = "shares" }
            : null;
    }

    /// <summary>To take shares back needs no notice: it only gives time.</summary>
    private Refusal? Begins(Retirement retirement, Schedule schedule, IReadOnlyList<LedgerEntry> open, ClosingRules rules, DateTimeOffset now)
    {
        if (Shares.Count == 0)
            return null;
        var ahead = TimeSpan.FromHours(Shares.Max(share => share.HoursBefore));
        var first = open.Select(entry => entry.ClosesAt(retirement)!.Value).Append(schedule.InstantOf(schedule.ClosesOn)).Min() - ahead;
        if (first < now.AddDays(rules.BrownoutNoticeDays))
            return new Refusal("gradual.not-announced", $"The first users would close at {Days.Tell(first, TimeZoneInfo.Utc).En}; they must know of it at least {Text.Many(rules.BrownoutNoticeDays, "day")} ahead.",
                $"首批用户将于 {Days.Tell(first, TimeZoneInfo.Utc).Zh}关闭；须至少提前 {rules.BrownoutNoticeDays} 天告知。")
            { Field = "shares" };
        return open.FirstOrDefault(entry => entry.Earliest is not { } earliest || Days.DayOf(entry.ClosesAt(retirement)!.Value - ahead, Days.Zone(entry.TimeZone)) < earliest.Day) is { } early
            ? new Refusal("gradual.too-early", $"{early.Name.En} may not be closed so early: {early.Earliest?.Day.ToString("O", null) ?? "their earliest day is not known"}. Close fewer hours ahead.",
                $"不可如此提前关闭{early.Name.Zh}：{(early.Earliest is { } day ? Days.Zh(day.Day) : "其最早允许日期未知")}。请缩短提前时间。")
            { Field = "shares" }
            : null;
    }
}
