namespace Sunsetter.Server.Migrate;

/// <summary>Finds use that comes back at a distance — month-end, quarter-end, yearly — and says when it is expected next.</summary>
internal static class PeriodicUse
{
    private const int FewestBursts = 3;
    private const int ShortestWeeks = 3;
    private const double MostOfWeeks = 0.5;
    private const double Regular = 0.3;

    /// <param name="weekly">Users per week over a year or so, oldest first; the last week ends <paramref name="until"/>.</param>
    /// <returns>The first expected day after <paramref name="until"/>; null where the use has no period.</returns>
    public static DateOnly? Next(IReadOnlyList<long> weekly, DateOnly until)
    {
        var starts = Enumerable.Range(0, weekly.Count).Where(week => weekly[week] > 0 && (week == 0 || weekly[week - 1] == 0)).ToList();
        if (starts.Count < FewestBursts || weekly.Count(users => users > 0) > MostOfWeeks * weekly.Count)
            return null;
        var gaps = starts.Skip(1).Zip(starts, (late, early) => late - early).Order().ToList();
        var period = gaps[gaps.Count / 2];
        if (period < ShortestWeeks || gaps.Any(gap => Math.Abs(gap - period) > Math.Max(1, Regular * period)))
            return null;
        // A burst that did not come when it was due ends the period; silence since then is silence.
        var last = starts[^1];
        var lastDay = until.AddDays(-7 * (weekly.Count - 1 - last));
        var next = lastDay.AddDays(7 * period);
        return next > until ? next : until.DayNumber - next.DayNumber <= 7 * Math.Max(1, Regular * period) ? until.AddDays(1) : null;
    }
}
