namespace Sunsetter.Server.Usage;

/// <summary>Tells a customer between two occasions of periodic use from one who has left.</summary>
internal static class PeriodicUse
{
    // An occasion may come this much later than the longest wait so far.
    private const int Late = 14;

    // Of use that came in one season only, no wait is on record.
    private const int Year = 366;

    /// <summary>When use that comes with the month, the quarter or the year is expected again; null where it has no period, or did not come when it should have.</summary>
    public static DateOnly? ExpectedAgain(DependenceInput input)
    {
        var active = input.Active();
        if (active.Count == 0 || (CalendarUse.Find(input, active) ?? SeasonalUse.Find(input, active)) is not { } flag)
            return null;
        var longest = active.Zip(active.Skip(1), (day, following) => following - day).DefaultIfEmpty(0).Max();
        return input.Today - active[^1] > Math.Max(longest, flag.Kind == DependenceKind.Yearly ? Year : 0) + Late ? null : flag.NextExpected;
    }
}
