using System.Collections.Immutable;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Decide;

/// <summary>Sets the closing day of every affected customer, or moves it.</summary>
/// <param name="At">Time of day in the vendor's zone.</param>
/// <param name="WarnFrom">From this day on applications warn.</param>
/// <param name="TellingOn">The day on which notices go out.</param>
internal sealed record ScheduleRetirement(DateOnly ClosesOn, TimeOnly At, DateOnly WarnFrom, DateOnly TellingOn, int ObservationDays)
{
    private const int MostWaves = 50;
    private const int LongestName = 60;
    private const int LongestReason = 2000;
    private const int FarthestYears = 10;

    /// <summary>Null: as they are.</summary>
    public ImmutableSortedDictionary<string, DateOnly>? Waves { get; init; }

    /// <summary>What <see cref="SeenIn"/> said of the dates that were looked at; null: whatever they are.</summary>
    public string? Seen { get; init; }

    /// <summary>Names the dates as they are, for whoever looks at them before changing some.</summary>
    public static string SeenIn(Retirement retirement) => Fingerprint.Of(new { retirement.Schedule, retirement.Deciding.TellingOn });

    /// <summary>Needed for every change after the first schedule.</summary>
    public string? ReasonForChange { get; init; }

    /// <summary>Why a closing day in a year whose holidays are not published is accepted.</summary>
    public string? UnknownYearReason { get; init; }

    /// <summary>The schedule in force with other waves.</summary>
    public static ScheduleRetirement Again(Retirement retirement, Schedule schedule, ImmutableSortedDictionary<string, DateOnly> waves, string? reason, string? unknownYearReason) =>
        new(schedule.ClosesOn, schedule.At, schedule.WarnFrom, retirement.Deciding.TellingOn ?? schedule.WarnFrom, schedule.ObservationDays)
        {
            Waves = waves,
            ReasonForChange = reason,
            UnknownYearReason = unknownYearReason,
        };

    public Decision Decide(Retirement retirement, IReadOnlyList<LedgerEntry> entries, SchedulingGround ground) =>
        Seen is not null && Seen != SeenIn(retirement)
            ? Refusal.Overtaken
            : Decide(retirement, entries, ground, Waves ?? retirement.Schedule?.Waves ?? ImmutableSortedDictionary<string, DateOnly>.Empty);

    private Decision Decide(Retirement retirement, IReadOnlyList<LedgerEntry> entries, SchedulingGround ground, ImmutableSortedDictionary<string, DateOnly> waves)
    {
        var schedule = new Schedule(ClosesOn, At, ground.Zone, WarnFrom, ObservationDays) { Waves = waves };
        var open = entries.Where(entry => entry.ClosedAt is null).ToList();
        if (retirement.Schedule is { } before && Same(before, schedule) && retirement.Deciding.TellingOn == TellingOn)
            return Decision.Nothing;
        if ((NotNow(retirement, open, entries.Count - open.Count) ?? NotInOrder(retirement, ground, waves)) is { } refusal)
            return refusal;

        var after = retirement with { Schedule = schedule };
        var planned = open.Select(entry => Planned(retirement, after, entry, ground)).ToList();
        if ((NotThatDay(retirement.Schedule, waves, planned, ground) ?? planned.Select(one => SharesInTime.Forbids(after, one.Before, one.Day, ground)).FirstOrDefault(refusal => refusal is not null) ?? TooEarly(after, planned, ground)) is { } forbidden)
            return forbidden;
        return Decision.All([.. Common(retirement, schedule, planned, ground), .. planned.SelectMany(OfEntry)]);
    }

    private static Refusal? NotNow(Retirement retirement, List<LedgerEntry> open, int closed) => retirement.Stage switch
    {
        Stage.Decide or Stage.Deferred => new("schedule.not-approved", "The retirement is not approved yet: dates are promised after the decision.", "退役尚未获批：决策通过后才能承诺日期。"),
        not (Stage.Announce or Stage.Migrate or Stage.Close) => new("schedule.over", "The closing is over; its dates cannot change any more.", "下线已结束，日期不能再更改。"),
        _ when open.Count == 0 && closed > 0 => new("schedule.nobody", "No customer is open any more, so there is no date to set.", "已没有未下线的客户，无需设定日期。"),
        _ => null,
    };

    private Refusal? NotInOrder(Retirement retirement, SchedulingGround ground, ImmutableSortedDictionary<string, DateOnly> waves)
    {
        var today = ground.Today;
        DateOnly? first = Ahead(retirement.Schedule, waves, today) is { Count: > 0 } ahead ? ahead.Min() : null;
        var observation = (Least: ground.Policy.ObservationDaysAtLeast, Most: ground.Policy.ObservationDaysAtMost);
        if (first is { } past && past <= today)
            return Refuse("schedule.past", "closesOn", $"{Days.En(past)} is not in the future. Choose a later closing day.", $"{Days.Zh(past)}不是将来的日期。请选择更晚的下线日。");
        if (waves.Values.Append(ClosesOn).Max() is var last && last > today.AddYears(FarthestYears))
            return Refuse("schedule.too-far", "closesOn", $"{Days.En(last)} is more than {FarthestYears} years away. Choose a day that somebody can plan for.", $"{Days.Zh(last)}距今超过 {FarthestYears} 年。请选择可规划的日期。");
        if (waves.Count > MostWaves || waves.Keys.Any(name => name.Trim().Length is 0 or > LongestName))
            return Refuse("schedule.waves", "waves", $"At most {MostWaves} waves, each with a name of 1 to {LongestName} characters.", $"最多 {MostWaves} 个批次，每个批次名称为 1 到 {LongestName} 个字符。");
        if (TellingOn < today && retirement.Deciding.TellingOn != TellingOn)
            return Refuse("schedule.telling-past", "tellingOn", $"Notices cannot go out on {Days.En(TellingOn)}: that day is over.", $"通知无法在 {Days.Zh(TellingOn)}发出：该日期已过。");
        if (first is { } closing && WarnFrom > closing)
            return Refuse("schedule.warn-after-close", "warnFrom", $"Applications would warn from {Days.En(WarnFrom)}, after the first closing on {Days.En(closing)}. Warn earlier.", $"应用将从 {Days.Zh(WarnFrom)}起提示，晚于首个下线日 {Days.Zh(closing)}。请提前提示。");
        if (WarnFrom < TellingOn)
            return Refuse("schedule.warn-before-telling", "warnFrom", $"Applications would warn from {Days.En(WarnFrom)}, before customers are told on {Days.En(TellingOn)}. Nobody should learn it from a banner.", $"应用将从 {Days.Zh(WarnFrom)}起提示，早于通知客户的 {Days.Zh(TellingOn)}。不应让客户从横幅中得知。");
        if (ObservationDays < observation.Least || ObservationDays > observation.Most)
            return Refuse("schedule.observation", "observationDays", $"The observation window is {observation.Least} to {observation.Most} days by the policy.", $"按政策，观察期为 {observation.Least} 到 {observation.Most} 天。");
        if (retirement.Schedule is not null && string.IsNullOrWhiteSpace(ReasonForChange))
            return Refuse("schedule.no-reason", "reasonForChange", "Say why the date changes: it stays on record, and everybody who was told is told again.", "请说明更改日期的原因：原因会留存记录，所有已获通知的客户都将重新收到通知。");
        if (ReasonForChange?.Length > LongestReason || UnknownYearReason?.Length > LongestReason)
            return Refuse("text.too-long", "reasonForChange", $"Keep reasons under {LongestReason} characters.", $"原因请控制在 {LongestReason} 个字符以内。");
        return null;
    }

    private Refusal? NotThatDay(Schedule? before, ImmutableSortedDictionary<string, DateOnly> waves, List<PlannedEntry> planned, SchedulingGround ground)
    {
        // A day that is in force already was answered for when it was set.
        HashSet<DateOnly> promised = before is null ? [] : [before.ClosesOn, .. before.Waves.Values, .. planned.Where(one => one.Before == one.Day).Select(one => one.Day)];
        return Ahead(before, waves, ground.Today).Concat(planned.Where(one => one.Entry.ExtendedUntil is null).Select(one => one.Day)).Distinct().Order()
            .Select(day => ground.Days.Forbids(day, planned.Where(one => one.Day == day).Select(one => one.Entry.Customer)) ?? (promised.Contains(day) ? null : ground.Days.ForbidsUnknown(day, UnknownYearReason)))
            .FirstOrDefault(refusal => refusal is not null);
    }

    private static Refusal? TooEarly(Retirement after, List<PlannedEntry> planned, SchedulingGround ground)
    {
        var early = planned.Where(one => one.TooEarly).OrderByDescending(one => one.Earliest!.Day).ToList();
        if (early.Count == 0)
            return null;
        var all = planned.Select(one => one.Entry.Customer).ToHashSet();
        var possible = ground.Days.Next(early.Max(one => ClosingInstant.FirstDay(after.Schedule!, one.Earliest!.Day, one.Entry.TimeZone, after.FirstShareAhead)), all);
        var named = early.Take(3).ToList();
        var others = early.Count - named.Count;
        return new Refusal("notice.too-short",
            $"{string.Join("; ", named.Select(one => $"{one.Entry.Name.En} may not be closed before {Days.En(one.Earliest!.Day)} ({one.Earliest.Rule.En})"))}{(others > 0 ? $"; and {others} more" : "")}. "
            + (possible is { } day ? $"Choose {Days.En(day)} or later, move them to a later wave, or ask for an override." : "Move them to a later wave, or ask for an override."),
            $"{string.Join("；", named.Select(one => $"{one.Entry.Name.Zh}最早可于 {Days.Zh(one.Earliest!.Day)}下线（{one.Earliest.Rule.Zh}）"))}{(others > 0 ? $"；另有 {others} 个客户" : "")}。"
            + (possible is { } later ? $"请选择 {Days.Zh(later)}或之后的日期、将其移至更晚的批次，或申请例外。" : "请将其移至更晚的批次，或申请例外。"))
        { Field = "closesOn" };
    }

    /// <summary>The days this schedule still has to answer for: one that has passed and stays as it was is history.</summary>
    private List<DateOnly> Ahead(Schedule? before, ImmutableSortedDictionary<string, DateOnly> waves, DateOnly today) =>
        [.. waves.Where(wave => wave.Value > today || before?.Waves.GetValueOrDefault(wave.Key) != wave.Value).Select(wave => wave.Value), .. ClosesOn > today || before?.ClosesOn != ClosesOn ? [ClosesOn] : Array.Empty<DateOnly>()];

    private PlannedEntry Planned(Retirement before, Retirement after, LedgerEntry entry, SchedulingGround ground)
    {
        var day = entry.ClosesOn(after)!.Value;
        var start = NoticeStart.Of(entry, day, TellingOn, ground.Now);
        return new PlannedEntry(entry, day, ClosingInstant.DayFor(after.Schedule!, day, entry.TimeZone, after.FirstShareAhead), ground.Earliest(entry, start), entry.ClosesOn(before));
    }

    private IEnumerable<(CustomerKey?, Fact)> Common(Retirement retirement, Schedule schedule, List<PlannedEntry> planned, SchedulingGround ground)
    {
        if (retirement.Deciding.TellingOn != TellingOn)
            yield return (null, new TellingPlanned(TellingOn));
        foreach (var year in planned.Select(one => one.Day).Append(ClosesOn).Where(ground.Days.IsUnknown).Select(day => day.Year).Distinct().Order())
            if (!string.IsNullOrWhiteSpace(UnknownYearReason))
                yield return (null, new UnknownYearAccepted(ground.Days.Country, year, UnknownYearReason.Trim()));
        yield return (null, new RetirementScheduled(schedule, retirement.Schedule is null ? null : ReasonForChange!.Trim()));
    }

    private IEnumerable<(CustomerKey?, Fact)> OfEntry(PlannedEntry one)
    {
        if (one.Before is { } before && before != one.Day && NoticeStart.MustBeToldAgain(one.Entry, one.Day))
            yield return (one.Entry.Customer, new DateMoved(before, one.Day, ReasonForChange!.Trim()));
        if (one.Earliest is { Overridden: false } earliest && earliest != one.Entry.Earliest)
            yield return (one.Entry.Customer, new EarliestComputed(earliest.Day, earliest.RuleCode, earliest.Rule));
    }

    private static bool Same(Schedule one, Schedule other) => one with { Waves = other.Waves } == other && one.Waves.SequenceEqual(other.Waves);

    private static Refusal Refuse(string code, string field, string en, string zh) => new(code, en, zh) { Field = field };
}
