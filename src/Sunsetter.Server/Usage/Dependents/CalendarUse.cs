namespace Sunsetter.Server.Usage;

/// <summary>Use around the ends of months, quarters or years, or around one day of each month, and hardly in between.</summary>
internal static class CalendarUse
{
    // Use on days at most so far apart is one occasion.
    private const int SameOccasion = 4;

    // This share of the days of use must lie in the windows, and this share of the windows must have seen use.
    private const double Inside = 0.85;
    private const double Seen = 0.75;

    // Occasions that fall into the windows by chance with more than this probability prove no period.
    private const double Chance = 0.03;

    private static readonly Period[] Periods =
    [
        new(DependenceKind.Yearly, 12, -25, 20, 1, 30),
        new(DependenceKind.QuarterEnd, 3, -12, 15, 3, 35),
        new(DependenceKind.Monthly, 1, -4, 5, 4, 25),
    ];

    public static DependenceFlag? Find(DependenceInput input, List<int> active)
    {
        foreach (var period in Periods)
            if (Find(input, active, period) is { } flag)
                return flag;
        return DayOfMonth(input, active);
    }

    private static DependenceFlag? Find(DependenceInput input, List<int> active, Period period)
    {
        var ends = Ends(input, period);
        if (ends.Count < period.Fewest)
            return null;
        var inside = active.Where(day => ends.Exists(end => day - end >= period.From && day - end <= period.To)).ToList();
        var seen = ends.Where(end => active.Exists(day => day - end >= period.From && day - end <= period.To)).ToList();
        if (inside.Count < Inside * active.Count || seen.Count < Math.Max(period.Fewest, Seen * ends.Count))
            return null;
        var occasions = Occasions(active);
        var hits = Occasions(inside);
        var share = (period.To - period.From + 1) / (365.25 / 12 * period.Months);
        // A single year-end is weak evidence; it counts only where the use was no passing try.
        var proven = period.Months == 12 && ends.Count == 1 ? active.Count >= 5 : Probability.AtLeast(hits, occasions, share) <= Chance;
        return proven ? Flag(input, period, seen.Count, ends.Count, active[^1]) : null;
    }

    private static DependenceFlag Flag(DependenceInput input, Period period, int seen, int ends, int last)
    {
        var today = input.Day(input.Today);
        var next = PeriodEnd(today, period.Months);
        // Past the window of an end that has just been used, the one after it is next.
        if (input.Day(last) > next.AddDays(period.From - 1))
            next = PeriodEnd(next.AddDays(1), period.Months);
        var (en, zh) = period.Kind switch
        {
            DependenceKind.Yearly => ("the end of the year", "年末"),
            DependenceKind.QuarterEnd => ("quarter-ends", "季度末"),
            _ => ("month-ends", "月末"),
        };
        var points = period.Kind == DependenceKind.Yearly && seen > 1 ? period.Points + 10 : period.Points;
        return new(period.Kind, points, new(
            FormattableString.Invariant($"Used only around {en}: at {seen} of {ends} on record, last on {input.Day(last):yyyy-MM-dd}; expected again about {next:yyyy-MM-dd}."),
            FormattableString.Invariant($"仅在{zh}前后使用：有记录的 {ends} 次中有 {seen} 次，最近一次 {input.Day(last):yyyy-MM-dd}；预计约 {next:yyyy-MM-dd} 再次使用。")), next);
    }

    /// <summary>Payroll on the tenth, invoices on the fifteenth: the seven days of the month that hold nearly all use.</summary>
    private static DependenceFlag? DayOfMonth(DependenceInput input, List<int> active)
    {
        const int width = 7;
        var months = active.Select(day => Month(input.Day(day))).Distinct().Count();
        var possible = Enumerable.Range(0, input.Users.Count).Where(day => input.Known[day]).Select(day => Month(input.Day(day))).Distinct().Count();
        if (months < 6 || months < Seen * possible)
            return null;
        var (start, hits) = Enumerable.Range(1, 28 - width + 1)
            .Select(first => (first, active.Count(day => input.Day(day).Day >= first && input.Day(day).Day < first + width))).MaxBy(window => window.Item2);
        var occasions = Occasions(active);
        // Thirty places for the window are tried: each must be that much more certain.
        if (hits < Inside * active.Count || Probability.AtLeast(Occasions([.. active.Where(day => input.Day(day).Day >= start && input.Day(day).Day < start + width)]), occasions, width / 30.4) > Chance / 30)
            return null;
        var middle = start + width / 2;
        var today = input.Day(input.Today);
        var next = new DateOnly(today.Year, today.Month, middle);
        if (next <= today)
            next = next.AddMonths(1);
        return new(DependenceKind.Monthly, 25, new(
            FormattableString.Invariant($"Used only around day {middle} of the month: in {months} of {possible} months; expected again about {next:yyyy-MM-dd}."),
            FormattableString.Invariant($"仅在每月 {middle} 日前后使用：{possible} 个月中有 {months} 个月；预计约 {next:yyyy-MM-dd} 再次使用。")), next);
    }

    // Ends whose window lies wholly in what is on record and is mostly known.
    private static List<int> Ends(DependenceInput input, Period period)
    {
        var ends = new List<int>();
        for (var day = PeriodEnd(input.From, period.Months); day.DayNumber - input.From.DayNumber + period.To <= input.Today; day = PeriodEnd(day.AddDays(1), period.Months))
        {
            var at = day.DayNumber - input.From.DayNumber;
            if (at + period.From < 0)
                continue;
            var known = Enumerable.Range(at + period.From, period.To - period.From + 1).Count(position => input.Known[position]);
            if (known >= 0.7 * (period.To - period.From + 1))
                ends.Add(at);
        }
        return ends;
    }

    private static DateOnly PeriodEnd(DateOnly day, int months)
    {
        var last = (day.Month + months - 1) / months * months;
        return new DateOnly(day.Year, last, DateTime.DaysInMonth(day.Year, last));
    }

    private static int Occasions(List<int> days) => days.Where((day, at) => at == 0 || day - days[at - 1] > SameOccasion).Count();

    private static int Month(DateOnly day) => 12 * day.Year + day.Month;

    /// <param name="From">First day of the window, counted from the last day of the period.</param>
    /// <param name="Fewest">So many ends must be on record.</param>
    private sealed record Period(DependenceKind Kind, int Months, int From, int To, int Fewest, int Points);
}
