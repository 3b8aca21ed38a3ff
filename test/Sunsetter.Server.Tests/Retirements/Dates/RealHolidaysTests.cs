using Sunsetter.Harness;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Tests.Retirements.Dates;

/// <summary>The calendar on the published holidays of China and of 29 countries, where they are at hand.</summary>
public sealed class RealHolidaysTests
{
    // ls holidays-cn/2026.json; grep -c '"isOffDay": true' → 33, false → 6
    [Fact]
    public void In_2026_China_has_33_days_off_and_6_make_up_working_days()
    {
        var year = Assert.Single(Chinese(2026).Years);

        Assert.Equal((33, 6), (year.Days.Count(day => day.Kind == SpecialDayKind.Holiday), year.Days.Count(day => day.Kind == SpecialDayKind.WorkingDay)));
    }

    [Theory]
    [InlineData("2026-02-14", DayKind.MakeUpWorkingDay)]
    [InlineData("2026-02-15", DayKind.Holiday)]
    [InlineData("2026-02-23", DayKind.Holiday)]
    [InlineData("2026-02-24", DayKind.Working)]
    [InlineData("2026-02-28", DayKind.MakeUpWorkingDay)]
    [InlineData("2026-03-01", DayKind.Weekend)]
    internal void Spring_Festival_2026_and_its_make_up_working_days(string day, DayKind kind) =>
        Assert.Equal(kind, Calendar().Of("CN", DateOnly.Parse(day, null)).Kind);

    [Fact]
    public void A_closing_in_Spring_Festival_is_sent_to_the_first_working_day_after_it()
    {
        var refusal = new ClosingDays(Calendar(), new FreezeWindows(), "CN", UnknownYear.RefuseUnlessConfirmed).Forbids(new(2026, 2, 16), []);

        Assert.Equal(("calendar.holiday", true), (refusal?.Code, refusal!.Sentence.En.EndsWith("The next allowed day is 24 Feb 2026.", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_holidays_of_2027_are_not_published_and_stay_unknown()
    {
        Assert.Empty(Chinese(2027).Years);
        Assert.False(Calendar().Of("CN", new(2027, 3, 1)).Known);
    }

    [Fact]
    public void Every_published_year_since_2008_is_read_without_an_error()
    {
        foreach (var year in Enumerable.Range(2008, 19))
            Assert.Equal((1, 0), (Chinese(year).Years.Count, Chinese(year).Errors.Count));
    }

    [Fact]
    public void The_table_of_29_countries_is_read_whole()
    {
        var file = HolidayFile.Read(Text("holidays-intl/date_holidays_2024_2028.csv"), "");

        Assert.Empty(file.Errors);
        Assert.Contains(file.Years, year => (year.Country, year.Year) == ("DE", 2027) && year.Days.Any(day => day.Day == new DateOnly(2027, 10, 3)));
        Assert.True(file.Years.Select(year => year.Country).Distinct().Count() >= 29);
    }

    private static BusinessCalendar Calendar() => new(Chinese(2026).Years.ToDictionary(year => (year.Country, year.Year), year => year.Days));

    private static HolidayFile Chinese(int year) => HolidayFile.Read(Text($"holidays-cn/{year}.json"), "CN");

    private static string Text(string path)
    {
        Assert.SkipWhen(Repository.Data is null, "The trial data is absent: set SUNSETTER_TEST_DATA to its folder.");
        var file = Path.Combine(Repository.Data!, path);
        Assert.SkipUnless(File.Exists(file), $"The trial data lacks {path}.");
        return File.ReadAllText(file);
    }
}
