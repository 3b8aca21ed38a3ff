using Sunsetter.Server.Migrate;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Tests.Migrate;

public sealed class ProjectionTests
{
    private static readonly DateOnly Until = new(2026, 11, 22);

    [Fact]
    public void A_straight_fall_reaches_zero_on_the_day_the_line_does()
    {
        var result = Projection.Of([80, 70, 60, 50, 40, 30, 20, 10], Until);

        Assert.Equal((Outlook.Falling, Until.AddDays(7), Until.AddDays(7), Until.AddDays(7)), (result.Outlook, result.On, result.Earliest, result.Latest));
    }

    [Fact]
    public void One_odd_week_does_not_bend_the_line()
    {
        var result = Projection.Of([80, 70, 60, 500, 40, 30, 20, 10], Until);

        Assert.Equal((Outlook.Falling, true), (result.Outlook, result.On!.Value.DayNumber - Until.DayNumber is > 0 and <= 21));
    }

    [Fact]
    public void The_band_lies_around_the_day()
    {
        var result = Projection.Of([90, 84, 71, 66, 49, 47, 31, 24], Until);

        Assert.True(result.Earliest <= result.On && result.On <= result.Latest && result.Earliest < result.Latest);
    }

    [Theory]
    [InlineData(Outlook.NoMovement, new long[] { 100, 101, 99, 100, 100, 101, 100, 99 })]
    [InlineData(Outlook.Rising, new long[] { 10, 20, 30, 40, 50, 60, 70, 80 })]
    [InlineData(Outlook.Done, new long[] { 0, 0, 0, 0, 0, 0, 0, 0 })]
    [InlineData(Outlook.Unknown, new long[] { 3, 2, 1 })]
    public void What_does_not_fall_has_no_day(Outlook outlook, long[] weeks) => Assert.Equal(new(outlook, null, null, null), Projection.Of(weeks, Until));

    [Fact]
    public void Quarter_end_use_is_expected_again_after_a_quarter()
    {
        var weeks = Enumerable.Range(0, 57).Select(week => week % 13 == 4 ? 90L : 0).ToList();
        var lastBurst = Until.AddDays(-7 * (56 - weeks.FindLastIndex(users => users > 0)));

        Assert.Equal(lastBurst.AddDays(91), PeriodicUse.Next(weeks, Until));
    }

    [Fact]
    public void Daily_use_has_no_period() => Assert.Null(PeriodicUse.Next([.. Enumerable.Repeat(5L, 57)], Until));

    [Fact]
    public void Two_bursts_are_not_yet_a_period() => Assert.Null(PeriodicUse.Next([.. Enumerable.Range(0, 57).Select(week => week is 20 or 33 ? 5L : 0)], Until));

    [Fact]
    public void A_burst_that_failed_to_come_ends_the_period() =>
        Assert.Null(PeriodicUse.Next([.. Enumerable.Range(0, 57).Select(week => week is 1 or 11 or 21 or 31 ? 5L : 0)], Until));
}
