using Sunsetter.Server.Usage;

namespace Sunsetter.Server.Tests.Usage.Dependents;

public sealed class HiddenDependentsTests(ITestOutputHelper output)
{
    [Fact]
    public void Planted_dependents_are_found_where_a_threshold_on_usage_misses_them()
    {
        var customers = new GeneratedYear(20261122).Customers(ofEach: 30).ToList();
        var found = customers.ConvertAll(customer => HiddenDependents.Judge(customer.Input) is not null);
        var usage = customers.ConvertAll(customer => customer.Input.Calls.TakeLast(90).Sum());
        var (precision, recall) = Score(customers, found);

        output.WriteLine($"detector: precision {precision:0.000}, recall {recall:0.000} of {customers.Count} customers");
        var thresholds = new[] { 0.0002, 0.001, 0.002, 0.005, 0.01, 0.02 }.Select(share =>
        {
            var score = Score(customers, usage.ConvertAll(calls => calls >= share * usage.Sum()));
            output.WriteLine($"share of usage ≥ {share:P2}: precision {score.Precision:0.000}, recall {score.Recall:0.000}");
            return score;
        }).ToList();
        foreach (var kind in Enum.GetValues<Planted>())
        {
            var of = customers.Select((customer, at) => (customer, Found: found[at])).Where(one => one.customer.Truth == kind).ToList();
            output.WriteLine($"  {kind}: {of.Count(one => one.Found)} of {of.Count} flagged");
        }

        Assert.True(recall >= 0.95, $"recall {recall:0.000}");
        Assert.True(precision >= 0.9, $"precision {precision:0.000}");
        Assert.All(thresholds.Where(score => score.Precision >= 0.9), score => Assert.True(score.Recall < 0.5));
    }

    [Theory]
    [InlineData(Planted.QuarterEnd, DependenceKind.QuarterEnd)]
    [InlineData(Planted.FiscalQuarter, DependenceKind.QuarterEnd)]
    [InlineData(Planted.HalfYear, DependenceKind.HalfYear)]
    [InlineData(Planted.JuneOnly, DependenceKind.Yearly)]
    [InlineData(Planted.BotViaSdk, DependenceKind.Integration)]
    [InlineData(Planted.YearEnd, DependenceKind.Yearly)]
    [InlineData(Planted.MonthEnd, DependenceKind.Monthly)]
    [InlineData(Planted.OneWeekday, DependenceKind.Weekly)]
    [InlineData(Planted.School, DependenceKind.Yearly)]
    [InlineData(Planted.Bot, DependenceKind.Integration)]
    [InlineData(Planted.DecisiveUser, DependenceKind.DecisiveUsers)]
    [InlineData(Planted.LargeShare, DependenceKind.LargeShare)]
    [InlineData(Planted.BigContract, DependenceKind.ContractValue)]
    internal void The_reason_named_is_the_one_that_was_planted(Planted planted, DependenceKind expected)
    {
        var customers = new GeneratedYear(7).Customers(ofEach: 20).Where(customer => customer.Truth == planted).ToList();
        var named = customers.Count(customer => HiddenDependents.Judge(customer.Input)?.Flags.Any(flag => flag.Kind == expected) == true);
        Assert.True(named >= 0.9 * customers.Count, $"{named} of {customers.Count}");
    }

    [Fact]
    public void Periodic_use_is_expected_again_on_a_day_to_come()
    {
        var customers = new GeneratedYear(7).Customers(ofEach: 10).Where(customer => customer.Truth is Planted.QuarterEnd or Planted.FiscalQuarter or Planted.HalfYear or Planted.JuneOnly or Planted.MonthEnd or Planted.OneWeekday or Planted.School);
        Assert.All(customers, customer =>
        {
            var today = customer.Input.Day(customer.Input.Today);
            var next = HiddenDependents.Judge(customer.Input)?.NextExpected;
            Assert.True(next is null || (next > today.AddDays(-1) && next < today.AddDays(380)), $"{customer.Input.Customer}: {next}");
        });
    }

    [Fact]
    public void A_few_people_whose_times_were_cut_to_the_quarter_hour_are_no_program()
    {
        var customers = new GeneratedYear(7).Customers(ofEach: 20).Where(customer => customer.Truth == Planted.FewViaSdk);
        Assert.All(customers, customer => Assert.DoesNotContain(HiddenDependents.Judge(customer.Input)?.Flags ?? [], flag => flag.Kind == DependenceKind.Integration));
    }

    [Fact]
    public void A_source_that_stopped_reporting_does_not_hide_a_large_share()
    {
        var input = new GeneratedYear(3).Customers(ofEach: 1).Single(customer => customer.Truth == Planted.LargeShare).Input;
        var days = input.Users.Count;
        var known = Enumerable.Range(0, days).Select(day => day < days - 40).ToArray();
        T[] Cut<T>(IReadOnlyList<T> all) where T : struct => [.. all.Select((value, day) => known[day] ? value : default)];

        var judged = HiddenDependents.Judge(input with { Users = Cut(input.Users), Calls = Cut(input.Calls), OwnUsers = Cut(input.OwnUsers), OwnCalls = Cut(input.OwnCalls), Known = known });

        Assert.Contains(judged!.Flags, flag => flag.Kind == DependenceKind.LargeShare);
    }

    [Fact]
    public void Every_flag_has_its_points_in_the_score_and_a_sentence_in_both_languages()
    {
        foreach (var (_, input) in new GeneratedYear(11).Customers(ofEach: 5))
        {
            if (HiddenDependents.Judge(input) is not { } judged)
                continue;
            Assert.Equal(Math.Min(100, judged.Flags.Sum(flag => flag.Points)), judged.Score);
            Assert.All(judged.Flags, flag => Assert.True(flag.Points > 0 && flag.Reason.En.EndsWith('.') && flag.Reason.Zh.EndsWith('。')));
        }
    }

    private static (double Precision, double Recall) Score(List<(Planted Truth, DependenceInput Input)> customers, List<bool> found)
    {
        var hits = customers.Where((customer, at) => found[at] && customer.Truth <= GeneratedYear.LastDependent).Count();
        return (hits / (double)Math.Max(1, found.Count(one => one)), hits / (double)customers.Count(customer => customer.Truth <= GeneratedYear.LastDependent));
    }
}
