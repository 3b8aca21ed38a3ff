using System.Globalization;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Demo;

/// <summary>
/// The holidays of the invented vendor's country: the days that the law names, with the days around them that are usually off. They are made up for the
/// demo: the make-up working days of a published notice, which no rule foretells, are missing. The coming year is not imported, as a year that nobody has
/// published yet; the demo closes nothing on its holidays all the same.
/// </summary>
internal static class DemoHolidays
{
    private const string Source = "Made up for the demo, from the days the law names; no official notice · 演示用，依法定节日推算，并非官方通知";

    private static readonly ChineseLunisolarCalendar Moon = new();

    /// <summary>The years that the demo's history touches.</summary>
    public static IEnumerable<CountryYear> Known(DateOnly today) => Enumerable.Range(today.AddDays(-DemoWorld.Days).Year, today.Year - today.AddDays(-DemoWorld.Days).Year + 1)
        .Select(year => new CountryYear("CN", year, [.. Of(year)], Source));

    /// <summary>The first day from this one on on which people work.</summary>
    public static DateOnly WorkingFrom(DateOnly day)
    {
        while (day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday || IsHoliday(day))
            day = day.AddDays(1);
        return day;
    }

    public static bool IsHoliday(DateOnly day) => Of(day.Year).Any(special => special.Day == day);

    public static IEnumerable<SpecialDay> Of(int year)
    {
        var spring = Lunar(year, 1, 1);
        return Days("元旦 · New Year", new(year, 1, 1), 3)
            .Concat(Days("春节 · Spring Festival", spring.AddDays(-1), 8))
            .Concat(Single("清明节 · Qingming", new(year, 4, Qingming(year))))
            .Concat(Days("劳动节 · Labour Day", new(year, 5, 1), 5))
            .Concat(Single("端午节 · Dragon Boat Festival", Lunar(year, 5, 5)))
            .Concat(Single("中秋节 · Mid-Autumn Festival", Lunar(year, 8, 15)))
            .Concat(Days("国庆节 · National Day", new(year, 10, 1), 7))
            .DistinctBy(special => special.Day).OrderBy(special => special.Day);
    }

    private static IEnumerable<SpecialDay> Days(string name, DateOnly first, int count) =>
        Enumerable.Range(0, count).Select(ahead => new SpecialDay(first.AddDays(ahead), SpecialDayKind.Holiday, name));

    // One that falls on a weekend is made up for on the Monday after it.
    private static IEnumerable<SpecialDay> Single(string name, DateOnly day) =>
        Days(name, day, day.DayOfWeek switch { DayOfWeek.Saturday => 3, DayOfWeek.Sunday => 2, _ => 1 });

    // The calendar counts a leap month as a month of its own.
    private static DateOnly Lunar(int year, int month, int day)
    {
        var leap = Moon.GetLeapMonth(year);
        return DateOnly.FromDateTime(Moon.ToDateTime(year, leap > 0 && leap <= month ? month + 1 : month, day, 0, 0, 0, 0));
    }

    // The sun reaches 15 degrees: a formula that holds for the years 2001 to 2099.
    private static int Qingming(int year) => (int)(year % 100 * 0.2422 + 4.81) - year % 100 / 4;
}
