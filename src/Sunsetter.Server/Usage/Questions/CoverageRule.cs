namespace Sunsetter.Server.Usage;

/// <summary>Which days of a stretch are known, from the days on which each source was heard.</summary>
internal static class CoverageRule
{
    /// <param name="sources">For each source that reports on the module: its first day on the module, and every day it was heard at all.</param>
    /// <param name="idleDays">Silence of up to so many days between two reports is idleness.</param>
    /// <returns>For each day from <paramref name="from"/> to <paramref name="until"/> whether it is known.</returns>
    public static bool[] Covered(IReadOnlyList<(int First, IReadOnlyCollection<int> Heard)> sources, int from, int until, int idleDays)
    {
        var covered = new bool[until - from + 1];
        if (sources.Count == 0)
            return covered;
        // A day before the first report of all is unknown; one source that joins later takes nothing from the days before it.
        var first = sources.Min(source => source.First);
        for (var day = Math.Max(from, first); day <= until; day++)
            covered[day - from] = true;
        foreach (var (start, heard) in sources)
        {
            var previous = start - 1;
            foreach (var day in heard.Where(day => day >= start).Order().Append(int.MaxValue))
            {
                // The newest silence is judged as if a report came tomorrow: idle for a while, then a gap.
                var end = Math.Min(day - 1, until);
                if (end - previous > idleDays)
                    for (var missing = Math.Max(previous + 1, from); missing <= end; missing++)
                        covered[missing - from] = false;
                previous = day;
            }
        }
        return covered;
    }

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
