using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Usage;

namespace Sunsetter.Server.Tests.Catalogue;

public sealed class ModuleVerdictTests
{
    [Theory]
    [InlineData(-0.2, true)]
    [InlineData(-0.19, false)]
    [InlineData(null, false)]
    public void Use_that_falls_by_a_fifth_is_worth_a_question(double? change, bool asks) =>
        Assert.Equal(asks, ModuleVerdict.Of(change, 10, 10, known: true).Asks);

    [Theory]
    [InlineData(40, false)]
    [InlineData(41, true)]
    public void A_user_who_costs_more_than_four_times_the_median_is_worth_a_question(int cost, bool asks) =>
        Assert.Equal(asks, ModuleVerdict.Of(0, cost, 10, known: true).Asks);

    [Fact]
    public void What_is_unknown_is_not_questioned() => Assert.False(ModuleVerdict.Of(-0.9, 1000, 10, known: false).Asks);

    private static readonly DateOnly Until = new(2026, 11, 21);

    private static Coverage Known(params DaySpan[] gaps) => new(Until.AddDays(-399), Until, [], 400 - gaps.Length, gaps, true);

    [Fact]
    public void Half_a_year_is_compared_by_its_first_and_last_four_weeks()
    {
        long[] weeks = [9, 9, .. Enumerable.Repeat(10L, 4), .. Enumerable.Repeat(7L, 18), .. Enumerable.Repeat(5L, 4)];

        Assert.Equal(-0.5, ModuleVerdict.Change(weeks, Known()));
        Assert.Null(ModuleVerdict.Change(weeks[3..], Known()));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(28, true)]
    [InlineData(181, false)]
    [InlineData(182, true)]
    public void Reports_that_are_missing_in_the_weeks_compared_are_no_decline(int daysAgo, bool compares)
    {
        var coverage = Known(new DaySpan(Until.AddDays(-daysAgo), Until.AddDays(-daysAgo)));

        Assert.Equal(compares, ModuleVerdict.Compares(coverage));
        Assert.Equal(compares ? -1 : null, ModuleVerdict.Change([.. Enumerable.Repeat(10L, 22), 0, 0, 0, 0], coverage));
        Assert.Equal(compares, ModuleVerdict.Of(-1, 10, 10, known: true, compares).Asks);
    }
}
