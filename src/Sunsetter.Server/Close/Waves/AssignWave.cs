using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Close;

/// <summary>Customers close with a wave on a day of its own; null puts them back on the common day. A day sooner than a customer may lawfully be closed is refused.</summary>
internal sealed record AssignWave(string? Wave, IReadOnlyList<CustomerKey> Customers)
{
    public Decision Decide(Retirement retirement, IReadOnlyList<LedgerEntry> entries, ClosingDays days, DateTimeOffset now)
    {
        if (retirement.Schedule is not { } schedule)
            return new Refusal("wave.no-date", "Set the closing day first.", "请先确定下线日期。");
        if (Wave is not null && !schedule.Waves.ContainsKey(Wave))
            return new Refusal("wave.unknown", $"The plan has no wave “{Wave}”. It has: {(schedule.Waves.IsEmpty ? "none" : string.Join(", ", schedule.Waves.Keys))}.",
                $"计划中没有批次“{Wave}”。现有：{(schedule.Waves.IsEmpty ? "无" : string.Join("、", schedule.Waves.Keys))}。")
            { Field = "wave" };
        if (days.Forbids(schedule.DayOf(Wave), Customers) is { } forbidden)
            return forbidden;
        var known = entries.ToDictionary(entry => entry.Customer);
        var decision = Decision.Nothing;
        foreach (var customer in Customers.Distinct())
        {
            if (!known.TryGetValue(customer, out var entry))
                return new Refusal("entry.unknown", $"“{customer}” is not affected by this retirement.", $"该退役不影响客户“{customer}”。", StatusCodes.Status404NotFound);
            if (Forbids(retirement, schedule, entry, now) is { } refusal)
                return refusal;
            if (entry.Wave != Wave)
                decision = decision.And(Decision.Of(customer, new WaveSet(Wave)));
        }
        return decision;
    }

    private Refusal? Forbids(Retirement retirement, Schedule schedule, LedgerEntry entry, DateTimeOffset now)
    {
        if (entry.ClosedAt is not null)
            return new Refusal("wave.closed", $"{entry.Name.En} is closed already.", $"{entry.Name.Zh}已下线。");
        var day = schedule.DayOf(Wave);
        if (schedule.InstantOf(day) <= now)
            return new Refusal("wave.past", $"{day:yyyy-MM-dd} has passed. Choose a wave that is still ahead.", $"{day:yyyy-MM-dd} 已过，请选择尚未执行的批次。");
        return entry.Earliest is { } earliest && ClosingInstant.DayFor(schedule, day, entry.TimeZone) < earliest.Day
            ? new Refusal("notice.too-short", $"{entry.Name.En} may be closed from {earliest.Day:yyyy-MM-dd} on: {earliest.Rule.En}", $"{entry.Name.Zh}最早可于 {earliest.Day:yyyy-MM-dd} 下线：{earliest.Rule.Zh}")
            : null;
    }
}
