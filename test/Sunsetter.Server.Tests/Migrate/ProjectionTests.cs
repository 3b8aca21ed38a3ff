using Sunsetter.Server.Migrate;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Usage;

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

    [Fact]
    public void The_day_on_which_a_periodic_user_is_expected_again_is_the_detectors()
    {
        var standing = new CustomerStanding(new("huaxin"), Standing.Quiet, null, default, 0, 0, 0, null, null, null, ExpectedAgain: Until.AddDays(200));
        Assert.Equal(Until.AddDays(200), CustomerUse.Of(standing, [], hasReplacement: true, Until).NextUseOn);
    }

    [Theory]
    [InlineData(Outlook.NoMovement, new long[] { 100, 101, 99, 100, 100, 101, 100, 99 })]
    [InlineData(Outlook.Rising, new long[] { 10, 20, 30, 40, 50, 60, 70, 80 })]
    [InlineData(Outlook.Done, new long[] { 0, 0, 0, 0, 0, 0, 0, 0 })]
    [InlineData(Outlook.Unknown, new long[] { 3, 2, 1 })]
    public void What_does_not_fall_has_no_day(Outlook outlook, long[] weeks) => Assert.Equal(new(outlook, null, null, null), Projection.Of(weeks, Until));
}
