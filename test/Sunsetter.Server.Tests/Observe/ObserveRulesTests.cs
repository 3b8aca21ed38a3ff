using Sunsetter.Server.Observe;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Tests.Observe;

public sealed class ObserveRulesTests
{
    private static readonly CustomerKey Orbit = new("orbit");
    private static readonly DateTimeOffset ClosedAt = new(2026, 11, 1, 18, 0, 0, TimeSpan.Zero);
    private static readonly DateOnly Ends = new(2026, 11, 16);

    private static readonly Retirement Watched = new(RetirementId.New())
    {
        Stage = Stage.Observe, Owner = "wang@vendor.test", ObservationEndsOn = Ends,
        Schedule = new Schedule(new DateOnly(2026, 11, 2), new TimeOnly(2, 0), "Asia/Shanghai", new DateOnly(2026, 10, 1), 14),
    };

    private static readonly LedgerEntry Closed = new(Watched.Id, Orbit) { Name = new Text("Orbit Labs", "轨道实验室"), ClosedAt = ClosedAt, AccountManager = "chen@vendor.test" };

    [Fact]
    public void A_customer_who_knocks_becomes_one_case_of_their_account_manager()
    {
        var decision = new OpenCase(12, 2, ClosedAt.AddHours(5)).Decide(Watched, Closed);

        Assert.Equal(new CaseOpened("chen@vendor.test", 12, 2, ClosedAt.AddHours(5)), Assert.Single(decision.Facts).Fact);
    }

    [Fact]
    public void Without_an_account_manager_the_owner_of_the_retirement_follows_the_case()
    {
        var decision = new OpenCase(1, 1, ClosedAt).Decide(Watched, Closed with { AccountManager = null });

        Assert.Equal("wang@vendor.test", Assert.IsType<CaseOpened>(Assert.Single(decision.Facts).Fact).Owner);
    }

    [Fact]
    public void A_customer_who_is_not_closed_has_no_case()
    {
        Assert.Empty(new OpenCase(12, 2, ClosedAt).Decide(Watched, Closed with { ClosedAt = null }).Facts);
    }

    [Fact]
    public void An_open_case_is_not_opened_twice()
    {
        Assert.Empty(new OpenCase(99, 3, ClosedAt.AddHours(9)).Decide(Watched, Case(null)).Facts);
    }

    [Fact]
    public void A_closed_case_stays_closed_for_calls_before_its_end()
    {
        Assert.Empty(new OpenCase(99, 3, ClosedAt.AddHours(24)).Decide(Watched, Case(ClosedAt.AddHours(24))).Facts);
    }

    [Fact]
    public void A_closed_case_opens_again_when_they_knock_later()
    {
        var decision = new OpenCase(99, 3, ClosedAt.AddHours(25)).Decide(Watched, Case(ClosedAt.AddHours(24)));

        Assert.IsType<CaseReopened>(Assert.Single(decision.Facts).Fact);
    }

    [Theory]
    [InlineData("2026-11-16T15:59:59Z", false)]
    [InlineData("2026-11-16T16:00:00Z", true)]
    public void The_window_has_run_when_its_last_day_is_over_in_the_zone_of_the_plan(string now, bool holds)
    {
        var line = ExitRule.Of(Watched, [Closed], null, [], covered: true, DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture)).Single(line => line.Code == "window");

        Assert.Equal(holds, line.Holds);
    }

    [Theory]
    [InlineData(3, false)]
    [InlineData(4, true)]
    public void Three_whole_days_must_pass_without_a_knock(int daysAgo, bool holds)
    {
        var now = new DateTimeOffset(2026, 11, 20, 4, 0, 0, TimeSpan.Zero);

        var line = ExitRule.Of(Watched, [Closed], new DateOnly(2026, 11, 20).AddDays(-daysAgo), [], covered: true, now).Single(line => line.Code == "quiet");

        Assert.Equal(holds, line.Holds);
    }

    [Theory]
    [InlineData("cases")]
    [InlineData("help")]
    [InlineData("coverage")]
    [InlineData("restores")]
    [InlineData("anomalies")]
    [InlineData("used")]
    [InlineData("all-closed")]
    public void Each_line_alone_keeps_the_window_open(string code)
    {
        var now = new DateTimeOffset(2026, 11, 20, 4, 0, 0, TimeSpan.Zero);
        var entry = code switch
        {
            "cases" => Case(null),
            "help" => Closed with { Move = new EntryMove { Help = [new HelpRequest(Guid.Empty, now, "Where are our files?", "li@orbit.test")] } },
            "restores" => Closed with { Restore = new Restore(now.AddHours(-1), now.AddHours(1), "they asked", "lin@vendor.test") },
            "all-closed" => Closed with { ClosedAt = null },
            _ => Closed,
        };
        var retirement = code == "anomalies" ? Watched with { Observing = new Observing { Anomalies = [new Anomaly("a", Text.Same("errors"), now)] } } : Watched;

        var exit = ExitRule.Of(retirement, [entry], null, code == "used" ? [Using(judged: false)] : [Using(judged: true)], covered: code != "coverage", now);
        var outcome = new FinishRetirement("learnt", "thanks").Decide(retirement, exit);

        Assert.Equal(code, Assert.Single(exit, line => !line.Holds).Code);
        Assert.Equal($"observe.{code}", outcome.Refusal?.Code);
    }

    [Fact]
    public void With_every_line_true_it_can_be_finished()
    {
        var exit = ExitRule.Of(Watched, [Closed], null, [], covered: true, new DateTimeOffset(2026, 11, 20, 4, 0, 0, TimeSpan.Zero));

        Assert.Equal(new RetirementFinished("learnt", "thanks"), Assert.Single(new FinishRetirement(" learnt", "thanks ").Decide(Watched, exit).Facts).Fact);
        Assert.Equal("observe.no-words", new FinishRetirement("learnt", " ").Decide(Watched, exit).Refusal?.Code);
    }

    [Fact]
    public void A_finding_is_raised_once_even_after_it_was_settled()
    {
        var settled = Watched with { Observing = new Observing { Anomalies = [new Anomaly("silent/orbit", Text.Same("x"), ClosedAt) { SettledAt = ClosedAt }] } };

        Assert.Empty(new RaiseAnomaly("silent/orbit", Text.Same("x")).Decide(settled).Facts);
    }

    [Fact]
    public void A_window_is_extended_to_a_later_day_and_by_at_most_ninety_days()
    {
        Assert.Equal("observe.not-longer", new ExtendObservation(Ends, "why").Decide(Watched).Refusal?.Code);
        Assert.Null(new ExtendObservation(Ends.AddDays(1), "why").Decide(Watched).Refusal);
        Assert.Null(new ExtendObservation(Ends.AddDays(90), "why").Decide(Watched).Refusal);
        Assert.Equal("observe.too-long", new ExtendObservation(Ends.AddDays(91), "why").Decide(Watched).Refusal?.Code);
    }

    private static StillUsing Using(bool judged) => new(Orbit, Text.Same("Orbit Labs"), 2, Ends, Ends, judged);

    private static LedgerEntry Case(DateTimeOffset? closedAt) =>
        Closed with { Watch = new EntryWatch { Case = new KnockCase("chen@vendor.test", ClosedAt, 1, 1, ClosedAt) { ClosedAt = closedAt } } };
}
