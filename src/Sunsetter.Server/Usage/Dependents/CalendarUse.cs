using System.Globalization;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Usage;

/// <summary>Use around the ends of months, quarters, half-years or years — the calendar's or any other — or around one day of each month, and hardly in between.</summary>
internal static class CalendarUse
{
    // Use on days at most so far apart is one occasion.
    private const int SameOccasion = 4;

    // This share of the days of use must lie in the windows, and this share of the windows must have seen use.
    private const double Inside = 0.85;
    private const double Seen = 0.75;

    // Occasions that fall into the windows by chance with more than this probability prove no period.
    private const double Chance = 0.03;

    // A season with fewer days of use may be a passing try.
    private const int FewestOfSeason = 5;

    // Windows hold about a third of all days at most: who comes on more of them comes all the time.
    private const double Densest = 0.5;
    private const int Margin = 60;

    // The vendor's calendar first: where it explains the use, no other is tried.
    private static readonly Period[] Periods =
    [
        new(DependenceKind.Yearly, 12, 0, -25, 20, 1, 30),
        new(DependenceKind.HalfYear, 6, 0, -12, 15, 3, 35),
        new(DependenceKind.QuarterEnd, 3, 0, -12, 15, 3, 35),
        new(DependenceKind.Monthly, 1, 0, -4, 5, 4, 25),
        .. Enumerable.Range(1, 11).Select(phase => new Period(DependenceKind.Yearly, 12, phase, -40, 10, 2, 30)),
        .. Enumerable.Range(1, 5).Select(phase => new Period(DependenceKind.HalfYear, 6, phase, -12, 15, 3, 35)),
        .. Enumerable.Range(1, 2).Select(phase => new Period(DependenceKind.QuarterEnd, 3, phase, -12, 15, 3, 35)),
    ];

    public static DependenceFlag? Find(DependenceInput input, List<int> active)
    {
        if (active.Count > Densest * (active[^1] - active[0] + Margin))
            return null;
        var known = new int[input.Known.Count + 1];
        for (var day = 0; day < input.Known.Count; day++)
            known[day + 1] = known[day] + (input.Known[day] ? 1 : 0);
        foreach (var period in Periods)
            if (Find(input, known, active, period) is { } flag)
                return flag;
        return DayOfMonth(input, active);
    }

    private static DependenceFlag? Find(DependenceInput input, int[] known, List<int> active, Period period)
    {
        var all = Ends(input, period);
        // Ends whose window lies wholly in what is on record and is mostly known can be missed; use in a window that is cut is inside all the same.
        var ends = all.FindAll(end => end + period.From >= 0 && end + period.To <= input.Today && known[end + period.To + 1] - known[end + period.From] >= 0.7 * (period.To - period.From + 1));
        if (ends.Count < period.Fewest)
            return null;
        var inside = active.FindAll(day => all.Exists(end => day - end >= period.From && day - end <= period.To));
        var seen = ends.ConvertAll(end => active.Count(day => day - end >= period.From && day - end <= period.To)).FindAll(days => days > 0);
        return inside.Count >= Inside * active.Count && seen.Count >= Math.Max(period.Fewest, Seen * ends.Count) && Proven(period, active, inside, seen, ends.Count)
            ? Flag(input, period, seen.Count, ends.Count, active[^1]) : null;
    }

    private static bool Proven(Period period, List<int> active, List<int> inside, List<int> seen, int ends)
    {
        // A single year-end is weak evidence; it counts only where the use was no passing try.
        if (period.Months == 12 && ends == 1)
            return active.Count >= FewestOfSeason;
        // A year holds one season. Whoever had a whole one in two years, in the same weeks, did not come by chance.
        if (period.Months == 12 && period.Phase > 0 && seen.TrueForAll(days => days >= FewestOfSeason))
            return true;
        var share = (period.To - period.From + 1) / (365.25 / 12 * period.Months);
        // Of all the phases that are tried one may fit by chance: each must be that much more certain.
        return Probability.AtLeast(Occasions(inside), Occasions(active), share) <= (period.Phase == 0 ? Chance : Chance / period.Months);
    }

    private static DependenceFlag Flag(DependenceInput input, Period period, int seen, int ends, int last)
    {
        var today = input.Day(input.Today);
        var next = period.EndFrom(today);
        // Past the window of an end that has just been used, the one after it is next.
        if (input.Day(last) > next.AddDays(period.From - 1))
            next = period.EndFrom(next.AddDays(1));
        var points = period.Kind == DependenceKind.Yearly && seen > 1 ? period.Points + 10 : period.Points;
        var (en, zh) = period.Names;
        return new(period.Kind, points, new(
            FormattableString.Invariant($"Used only around {en}: at {seen} of {ends} on record, last on {Days.En(input.Day(last))}; expected again about {Days.En(next)}."),
            FormattableString.Invariant($"仅在{zh}前后使用：有记录的 {ends} 次中有 {seen} 次，最近一次 {Days.Zh(input.Day(last))}；预计约 {Days.Zh(next)}再次使用。")), next);
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
            FormattableString.Invariant($"Used only around day {middle} of the month: in {months} of {possible} months; expected again about {Days.En(next)}."),
            FormattableString.Invariant($"仅在每月 {middle} 日前后使用：{possible} 个月中有 {months} 个月；预计约 {Days.Zh(next)}再次使用。")), next);
    }

    // Ends with any day of their window on record.
    private static List<int> Ends(DependenceInput input, Period period)
    {
        var ends = new List<int>();
        for (var day = period.EndFrom(input.From.AddDays(-period.To)); day.DayNumber - input.From.DayNumber + period.From <= input.Today; day = period.EndFrom(day.AddDays(1)))
            ends.Add(day.DayNumber - input.From.DayNumber);
        return ends;
    }

    private static int Occasions(List<int> days) => days.Where((day, at) => at == 0 || day - days[at - 1] > SameOccasion).Count();

    private static int Month(DateOnly day) => 12 * day.Year + day.Month;

    /// <param name="Phase">0: periods end with the calendar's; n: their months come n later, as in a fiscal year.</param>
    /// <param name="From">First day of the window, counted from the last day of the period.</param>
    /// <param name="Fewest">So many ends must be on record.</param>
    private sealed record Period(DependenceKind Kind, int Months, int Phase, int From, int To, int Fewest, int Points)
    {
        /// <summary>What its ends are called in a sentence.</summary>
        public (string En, string Zh) Names { get; } = (Kind, Phase) switch
        {
            (DependenceKind.Yearly, 0) => ("the end of the year", "年末"),
            (DependenceKind.HalfYear, 0) => ("the ends of half-years", "半年末"),
            (DependenceKind.QuarterEnd, 0) => ("quarter-ends", "季度末"),
            (DependenceKind.Monthly, _) => ("month-ends", "月末"),
            (DependenceKind.Yearly, _) => ($"{NamesOf(Months, Phase)} of each year", $"每年 {Phase} 月"),
            _ => ($"the ends of {NamesOf(Months, Phase)}", $"{string.Join("、", MonthsOf(Months, Phase))} 月末"),
        };

        /// <summary>The last day of the period that holds a day.</summary>
        public DateOnly EndFrom(DateOnly day)
        {
            var month = 12 * day.Year + day.Month - 1;
            month += ((Phase - 1 - month) % Months + Months) % Months;
            return new DateOnly(month / 12, month % 12 + 1, DateTime.DaysInMonth(month / 12, month % 12 + 1));
        }

        private static IEnumerable<int> MonthsOf(int months, int phase) => Enumerable.Range(0, 12 / months).Select(at => phase + at * months);

        private static string NamesOf(int months, int phase) => string.Join(", ", MonthsOf(months, phase).Select(CultureInfo.InvariantCulture.DateTimeFormat.GetMonthName));
    }
}
