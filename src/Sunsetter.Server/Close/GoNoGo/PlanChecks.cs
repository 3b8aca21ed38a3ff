using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Close;

/// <summary>Is the plan itself sound: a day, still ahead, allowed by calendar and notice?</summary>
internal static class PlanChecks
{
    public static IEnumerable<Check> Of(Retirement retirement, IReadOnlyList<LedgerEntry> open, Ground ground)
    {
        Text question = new("Is the closing day still ahead?", "下线日是否仍在将来？");
        if (retirement.Schedule is not { } schedule)
        {
            yield return Check.Of("plan.day", question, false, new("No closing day is set.", "尚未确定下线日。"), "decide");
            yield break;
        }
        var waiting = ConfirmClosing.Waiting(retirement, open).ToList();
        var needed = retirement.Confirmed is null || waiting.Count > 0;
        IEnumerable<DateTimeOffset?> common = retirement.Confirmed is null || open.Count == 0 ? [schedule.InstantOf(schedule.ClosesOn)] : [];
        var first = (needed ? waiting : open).Select(entry => entry.ClosesAt(retirement)).Concat(common).Min()!.Value - retirement.FirstShareAhead;
        // A gate cannot have closed in the past: who gives the go late must first set a day that is still to come.
        var at = Days.Tell(first, Days.Zone(schedule.Zone));
        var ahead = first > ground.Now || !needed;
        yield return Check.Of("plan.day", question, ahead, ahead
            ? new($"The first customer closes on {at.En}.", $"首批客户将于 {at.Zh}下线。")
            : new($"It passed on {at.En} without a go; everything is still open. Set a new day.", $"计划时间 {at.Zh}已过，下线未获批准，模块仍然开放。请重新设定下线日。"), "decide");
        if (retirement.Confirmed is not null)
            yield return Check.Over("plan.go", new("Does the go hold for the dates in force?", "批准是否适用于现行日期？"), waiting,
                new("Everybody closes at the time for which it was given.", "所有客户均在获批的时刻下线。"),
                names => new($"Their time has changed since, and they stay open until it is given again: {names.En}.", $"批准之后下线时间已更改，重新批准前将保持开放：{names.Zh}。"), "close", Standing.Note);
        if (needed)
            yield return Calendar(retirement, waiting, ground);
        yield return Check.Over("plan.notice", new("May every customer lawfully be closed on their day?", "每个客户的下线日是否满足提前通知要求？"),
            [.. open.Where(entry => TooEarly(retirement, schedule, entry))],
            new("Every customer's day is on or after the earliest day the notice policy permits.", "每个客户的下线日均不早于通知期政策允许的最早日期。"),
            names => new($"The earliest permitted day is later, or was never computed: {names.En}.", $"最早允许日期更晚，或尚未计算：{names.Zh}。"), "decide");
    }

    private static bool TooEarly(Retirement retirement, Schedule schedule, LedgerEntry entry) =>
        entry.Earliest is not { } earliest || Days.DayOf(schedule.InstantOf(entry.ClosesOn(retirement)!.Value) - retirement.FirstShareAhead, Days.Zone(entry.TimeZone)) < earliest.Day;

    private static Check Calendar(Retirement retirement, IReadOnlyList<LedgerEntry> open, Ground ground)
    {
        Text question = new("Does nobody close on a holiday or in a freeze?", "是否避开了节假日与冻结期？");
        // The day after an extension is not chosen by the calendar; it is looked at all the same.
        var common = retirement.Schedule!.ClosesOn;
        var days = open.GroupBy(entry => entry.ClosesOn(retirement)!.Value).Select(day => (Day: day.Key, Customers: day.Select(entry => entry.Customer)))
            .DefaultIfEmpty((Day: common, Customers: [])).OrderBy(day => day.Day).ToList();
        foreach (var (day, customers) in days)
            if (ground.Days.Forbids(day, customers) is { } forbidden)
                return new Check("plan.calendar", question, day == common || retirement.Schedule.Waves.ContainsValue(day) ? Standing.Blocks : Standing.Note, forbidden.Sentence, "close#calendar", []);
        return days.Exists(day => ground.Days.IsUnknown(day.Day))
            ? new Check("plan.calendar", question, Standing.Note, new("Nothing forbids the day, but the holidays of its year are not published yet.", "没有已知的限制，但该年节假日安排尚未公布。"), "close#calendar", [])
            : Check.Of("plan.calendar", question, true, new("Working days outside every freeze.", "均为工作日，且不在冻结期内。"), "close#calendar");
    }
}
