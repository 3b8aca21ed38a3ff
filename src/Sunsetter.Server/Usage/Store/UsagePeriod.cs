namespace Sunsetter.Server.Usage;

/// <summary>Stretches into which days are added up.</summary>
internal enum UsagePeriod
{
    /// <summary>From Monday to Sunday.</summary>
    Week,

    /// <summary>Of the calendar.</summary>
    Month,
}

internal static class UsagePeriods
{
    public static string Stored(this UsagePeriod period) => period == UsagePeriod.Week ? "week" : "month";

    /// <summary>The last day of the stretch that begins on a day.</summary>
    public static DateOnly EndOf(this UsagePeriod period, DateOnly start) => (period == UsagePeriod.Week ? start.AddDays(7) : start.AddMonths(1)).AddDays(-1);

    /// <summary>The first day of the stretch that holds the day, both by their <see cref="DateOnly.DayNumber"/>.</summary>
    public static int StartOf(this UsagePeriod period, int day)
    {
        // Day 0 was a Monday.
        var date = DateOnly.FromDayNumber(day);
        return period == UsagePeriod.Week ? day - day % 7 : new DateOnly(date.Year, date.Month, 1).DayNumber;
    }
}
