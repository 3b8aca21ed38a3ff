using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Decide;

/// <summary>Makes a wave with a day of its own, or moves the day of one. The rest of the schedule stays; those in the wave are told again.</summary>
internal sealed record PlanWave(string Name, DateOnly Day, string? Reason, string? UnknownYearReason)
{
    public Decision Decide(Retirement retirement, IReadOnlyList<LedgerEntry> entries, SchedulingGround ground) => retirement.Schedule is not { } schedule
        ? SetWave.NoDate
        : ScheduleRetirement.Again(retirement, schedule, schedule.Waves.SetItem((Name ?? "").Trim(), Day), Reason, UnknownYearReason).Decide(retirement, entries, ground);
}

/// <summary>Takes an empty wave out of the schedule.</summary>
internal sealed record RemoveWave(string Name, string? Reason)
{
    public Decision Decide(Retirement retirement, IReadOnlyList<LedgerEntry> entries, SchedulingGround ground)
    {
        if (retirement.Schedule is not { } schedule)
            return SetWave.NoDate;
        if (!schedule.Waves.ContainsKey(Name))
            return new Refusal("wave.unknown", $"The schedule has no wave “{Name}”.", $"日程中没有批次“{Name}”。") { Field = "wave" };
        if (entries.Count(entry => entry.Wave == Name) is > 0 and var inside)
            return new Refusal("wave.not-empty", $"{Text.Many(inside, "customer")} still in the wave “{Name}”. Move them to another wave first.", $"批次“{Name}”中还有 {inside} 个客户，请先移至其他批次。") { Field = "wave" };
        return ScheduleRetirement.Again(retirement, schedule, schedule.Waves.Remove(Name), Reason, null).Decide(retirement, entries, ground);
    }
}
