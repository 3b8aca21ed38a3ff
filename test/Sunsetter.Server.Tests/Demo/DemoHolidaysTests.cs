using Sunsetter.Server.Demo;

namespace Sunsetter.Server.Tests.Demo;

public sealed class DemoHolidaysTests
{
    /// <summary>Days that the notices of these years named as holidays: solar, lunar, after a leap month, of the sun's path.</summary>
    [Theory]
    [InlineData("2025-01-28"), InlineData("2025-04-04"), InlineData("2025-05-31"), InlineData("2025-10-06")]
    [InlineData("2026-01-01"), InlineData("2026-02-16"), InlineData("2026-02-23"), InlineData("2026-04-06"), InlineData("2026-05-04"), InlineData("2026-06-19"), InlineData("2026-09-25"), InlineData("2026-10-07")]
    public void The_days_of_published_notices_are_holidays(string day) => Assert.True(DemoHolidays.IsHoliday(DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture)));

    [Theory]
    [InlineData("2025-02-05"), InlineData("2026-02-24"), InlineData("2026-05-06"), InlineData("2026-10-08")]
    public void The_day_after_them_people_work(string day) => Assert.False(DemoHolidays.IsHoliday(DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture)));

    [Fact]
    public void Nothing_closes_on_the_holidays_of_a_year_that_is_not_published_yet()
    {
        Assert.Equal(new DateOnly(2027, 5, 6), DemoHolidays.WorkingFrom(new DateOnly(2027, 4, 30).AddDays(1)));
        Assert.Equal([2025, 2026], DemoHolidays.Known(new DateOnly(2026, 11, 28)).Select(year => year.Year));
    }
}
