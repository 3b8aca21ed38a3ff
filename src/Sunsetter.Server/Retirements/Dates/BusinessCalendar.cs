using System.Collections.Immutable;

namespace Sunsetter.Server.Retirements;

internal enum SpecialDayKind
{
    /// <summary>Nobody works, whatever the weekday.</summary>
    Holiday,

    /// <summary>A day of the weekend on which people do work, to make up for a holiday.</summary>
    WorkingDay,
}

/// <summary>A day that differs from its weekday.</summary>
internal sealed record SpecialDay(DateOnly Day, SpecialDayKind Kind, string Name);

internal enum DayKind
{
    Working,
    MakeUpWorkingDay,
    Weekend,
    Holiday,
}

/// <param name="Known">False: the holidays of that year are not published, so a working day may yet become a holiday.</param>
internal readonly record struct DayStanding(DayKind Kind, string? Name, bool Known)
{
    public bool Works => Kind is DayKind.Working or DayKind.MakeUpWorkingDay;
}

/// <summary>Working days by country. Immutable; a year that nobody has imported is unknown, not free of holidays.</summary>
internal sealed class BusinessCalendar(IReadOnlyDictionary<(string Country, int Year), ImmutableArray<SpecialDay>> years)
{
    // Where the week ends on Friday and Saturday; everywhere else on Saturday and Sunday.
    private static readonly HashSet<string> FridaySaturday = new(["BD", "BH", "DZ", "EG", "IL", "IQ", "JO", "KW", "LY", "OM", "QA", "SA", "SD", "SY", "YE"], StringComparer.Ordinal);

    // Of two notices that speak of one day the later one holds.
    private readonly Dictionary<(string, DateOnly), SpecialDay> special = years.OrderBy(year => year.Key.Year)
        .SelectMany(year => year.Value.Select(day => (year.Key.Country, Day: day)))
        .GroupBy(one => (one.Country, one.Day.Day)).ToDictionary(same => same.Key, same => same.Last().Day);

    public static readonly BusinessCalendar Empty = new(new Dictionary<(string, int), ImmutableArray<SpecialDay>>());

    public IEnumerable<(string Country, int Year)> Years => years.Keys.Order();

    public bool Knows(string country, int year) => years.ContainsKey((country, year));

    public DayStanding Of(string country, DateOnly day)
    {
        var known = Knows(country, day.Year);
        if (special.TryGetValue((country, day), out var one))
            return new DayStanding(one.Kind == SpecialDayKind.Holiday ? DayKind.Holiday : DayKind.MakeUpWorkingDay, one.Name, true);
        return new DayStanding(IsWeekend(country, day) ? DayKind.Weekend : DayKind.Working, null, known);
    }

    private static bool IsWeekend(string country, DateOnly day) =>
        FridaySaturday.Contains(country) ? day.DayOfWeek is DayOfWeek.Friday or DayOfWeek.Saturday : day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday;
}
