using Sunsetter.Server.Decide;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Tests.Decide;

public sealed class StateCostTests
{
    private static readonly Retirement Open = new(RetirementId.New());

    [Fact]
    public void Lines_pasted_from_a_sheet_are_read()
    {
        var read = StateCost.Read("cny ", "2026-10, 12000, 30000.50, 8000, 5000\r\n\r\n2026-09\t1\t2\t3\n2026-08;1;2;3;\n").Value;

        Assert.Equal("CNY", read.Currency);
        Assert.Equal([new(new(2026, 10, 1), 12000, 30000.50m, 8000, 5000), new(new(2026, 9, 1), 1, 2, 3, null), new(new(2026, 8, 1), 1, 2, 3, null)], read.Months);
    }

    [Theory]
    [InlineData("2026-10, 1, 2")]
    [InlineData("October, 1, 2, 3")]
    [InlineData("2026-13, 1, 2, 3")]
    [InlineData("2026-10, one, 2, 3")]
    [InlineData("2026-10, 1, 2, 3, much")]
    [InlineData("2026-10, 1, 2, 3, 4, 5")]
    public void A_line_that_cannot_be_read_is_named(string line)
    {
        var refusal = StateCost.Read("CNY", $"2026-09, 1, 2, 3\n{line}").Refusal;

        Assert.Equal(("cost.line", true), (refusal?.Code, refusal!.Sentence.En.StartsWith("Line 2", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("CNY", "2026-10, 0, 0, 0", null)]
    [InlineData("CNY", "2026-10, -1, 0, 0", "cost.amount")]
    [InlineData("CNY", "2026-10, 0, 0, 0, -1", "cost.amount")]
    [InlineData("yuan", "2026-10, 0, 0, 0", "cost.currency")]
    [InlineData("CNY", "", "cost.months")]
    [InlineData("CNY", "2026-10, 0, 0, 0\n2026-10, 1, 1, 1", "cost.twice")]
    [InlineData("CNY", "0206-10, 0, 0, 0\n2026-10, 1, 1, 1", "cost.apart")]
    public void Amounts_are_zero_or_more_and_each_month_stands_once(string currency, string lines, string? code) =>
        Assert.Equal(code, StateCost.Read(currency, lines).Value.Decide(Open).Refusal?.Code);

    [Fact]
    public void Months_are_kept_in_order() =>
        Assert.Equal([8, 10], ((CostStated)StateCost.Read("CNY", "2026-10, 1, 1, 1\n2026-08, 1, 1, 1").Value.Decide(Open).Facts.Single().Fact).Months.Select(month => month.Month.Month));
}
