using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Decide;

/// <summary>Puts one customer into a wave of the schedule, or back to the common day (null), where that day is lawful for them.</summary>
internal sealed record SetWave(string? Wave)
{
    public Decision Decide(Retirement retirement, LedgerEntry entry, SchedulingGround ground)
    {
        if (retirement.Schedule is not { } schedule)
            return NoDate;
        if (retirement.Stage is not (Stage.Announce or Stage.Migrate or Stage.Close))
            return new Refusal("wave.not-now", "Waves are chosen between the schedule and the closing.", "仅可在设定日期之后、下线结束之前选择批次。");
        if (entry.ClosedAt is not null)
            return new Refusal("wave.closed", $"{entry.Name.En} is closed already.", $"{entry.Name.Zh}已下线。");
        var wave = string.IsNullOrWhiteSpace(Wave) ? null : Wave.Trim();
        if (wave == entry.Wave)
            return Decision.Nothing;
        if (wave is not null && !schedule.Waves.ContainsKey(wave))
            return new Refusal("wave.unknown", $"The schedule has no wave “{wave}”. It has: {(schedule.Waves.IsEmpty ? "none" : string.Join(", ", schedule.Waves.Keys))}.", $"日程中没有批次“{wave}”。现有：{(schedule.Waves.IsEmpty ? "无" : string.Join("、", schedule.Waves.Keys))}。") { Field = "wave" };

        var moved = entry with { Wave = wave };
        var day = moved.ClosesOn(retirement)!.Value;
        if (day <= ground.Today)
            return new Refusal("wave.past", $"That wave closes on {Days.En(day)}, which is not in the future.", $"该批次于 {Days.Zh(day)}下线，已不是将来。") { Field = "wave" };
        if (ground.Days.Forbids(day, [entry.Customer]) is { } forbidden)
            return forbidden;
        if (SharesInTime.Forbids(retirement, entry.ClosesOn(retirement), day, ground) is { } shares)
            return shares with { Field = "wave" };
        var earliest = ground.Earliest(entry, NoticeStart.Of(entry, day, retirement.Deciding.TellingOn, ground.Now));
        if (earliest is not null && ClosingInstant.DayFor(schedule, day, entry.TimeZone, retirement.FirstShareAhead) < earliest.Day)
            return new Refusal("notice.too-short", $"{entry.Name.En} may not be closed before {Days.En(earliest.Day)} ({earliest.Rule.En}); that wave closes on {Days.En(day)}.", $"{entry.Name.Zh}最早可于 {Days.Zh(earliest.Day)}下线（{earliest.Rule.Zh}）；该批次于 {Days.Zh(day)}下线。") { Field = "wave" };
        // Why the day moved stands in the wave itself, and is said when it is read.
        return NoticeStart.MustBeToldAgain(entry, day) && entry.ClosesOn(retirement) is { } before && before != day
            ? Decision.Of(entry.Customer, new WaveSet(wave), new DateMoved(before, day, ""))
            : Decision.Of(entry.Customer, new WaveSet(wave));
    }

    internal static readonly Refusal NoDate = new("wave.no-date", "Set the closing day first.", "请先确定下线日。");
}
