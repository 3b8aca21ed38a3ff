namespace Sunsetter.Server.Usage;

/// <summary>Which days of a stretch are known, from the days on which each source was heard.</summary>
internal static class CoverageRule
{
    /// <param name="sources">For each source that reports on the module: its first day on the module, every day it was heard at all, and the last day on which it had to
    /// report, where somebody said so.</param>
    /// <param name="idleDays">Silence of up to so many days between two reports is idleness.</param>
    /// <returns>For each day from <paramref name="from"/> to <paramref name="until"/> whether it is known.</returns>
    public static bool[] Covered(IReadOnlyList<(int First, IReadOnlyCollection<int> Heard, int? Ended)> sources, int from, int until, int idleDays)
    {
        var covered = new bool[until - from + 1];
        if (sources.Count == 0)
            return covered;
        // A day before the first report of all is unknown; one source that joins later takes nothing from the days before it. So is a day on which none had to report any more.
        var (first, last) = (sources.Min(source => source.First), Math.Min(until, sources.Max(End)));
        for (var day = Math.Max(from, first); day <= last; day++)
            covered[day - from] = true;
        foreach (var source in sources)
        {
            var (previous, ends) = (source.First - 1, End(source));
            foreach (var day in source.Heard.Where(day => day >= source.First).Order().Append(int.MaxValue))
            {
                // The newest silence is judged as if a report came tomorrow: idle for a while, then a gap.
                var end = Math.Min(Math.Min(day - 1, until), ends);
                if (end - previous > idleDays)
                    for (var missing = Math.Max(previous + 1, from); missing <= end; missing++)
                        covered[missing - from] = false;
                previous = day;
            }
        }
        return covered;
    }

    // Who reports again has not ended, whatever was said.
    private static int End((int First, IReadOnlyCollection<int> Heard, int? Ended) source) =>
        source.Ended is { } end && !source.Heard.Any(day => day > end) ? end : int.MaxValue;

    /// <summary>The uncovered days as stretches.</summary>
    public static List<DaySpan> Gaps(bool[] covered, int from)
    {
        var gaps = new List<DaySpan>();
        for (var start = 0; start < covered.Length;)
        {
            var end = start;
            while (end < covered.Length && covered[end] == covered[start])
                end++;
            if (!covered[start])
                gaps.Add(new(DateOnly.FromDayNumber(from + start), DateOnly.FromDayNumber(from + end - 1)));
            start = end;
        }
        return gaps;
    }
}
