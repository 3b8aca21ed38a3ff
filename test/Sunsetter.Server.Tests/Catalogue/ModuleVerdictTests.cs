using Sunsetter.Server.Catalogue;

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

    [Fact]
    public void Half_a_year_is_compared_by_its_first_and_last_four_weeks()
    {
        long[] weeks = [9, 9, .. Enumerable.Repeat(10L, 4), .. Enumerable.Repeat(7L, 18), .. Enumerable.Repeat(5L, 4)];

        Assert.Equal(-0.5, ModuleVerdict.Change(weeks));
        Assert.Null(ModuleVerdict.Change(weeks[3..]));
    }
}
