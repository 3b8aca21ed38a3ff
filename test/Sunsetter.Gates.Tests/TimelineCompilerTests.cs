using CsCheck;
using Sunsetter.Gates.Planning;

namespace Sunsetter.Gates.Tests;

public sealed class TimelineCompilerTests
{
    private static readonly DateTimeOffset Warn = WireExample.At("2026-12-01T00:00:00Z");
    private static readonly DateTimeOffset Close = WireExample.At("2027-01-02T18:00:00Z");
    private static readonly ClosingPlan Plan = new() { WarnFrom = Warn, ClosesAt = Close, ConfirmedAt = Warn };

    [Fact]
    public void A_plain_plan_warns_and_closes() =>
        AssertSegments(TimelineCompiler.Compile(Plan, CustomerDeviation.None), (Warn, GateState.Warned, GateReasons.ClosingAnnounced), (Close, GateState.Closed, GateReasons.Retired));

    [Fact]
    public void Without_a_go_the_gate_announces_the_closing_and_does_not_close()
    {
        var timeline = TimelineCompiler.Compile(Plan with { ConfirmedAt = null }, CustomerDeviation.None);
        AssertSegments(timeline, (Warn, GateState.Warned, GateReasons.ClosingAnnounced));
        Assert.Equal(Close, DecisionOf(timeline, Close.AddYears(1)).ClosesAt);
    }

    [Fact]
    public void A_go_that_comes_late_closes_when_it_comes_and_not_before()
    {
        var late = Close.AddDays(2);
        AssertSegments(TimelineCompiler.Compile(Plan with { ConfirmedAt = late }, CustomerDeviation.None), (Warn, GateState.Warned, GateReasons.ClosingAnnounced), (late, GateState.Closed, GateReasons.Retired));
    }

    [Fact]
    public void An_extension_moves_one_customers_closing_and_says_so()
    {
        var until = Close.AddDays(30);
        AssertSegments(
            TimelineCompiler.Compile(Plan, new CustomerDeviation { ClosesAt = until, Extended = true }),
            (Warn, GateState.Warned, GateReasons.Extended), (until, GateState.Closed, GateReasons.Retired));
    }

    [Fact]
    public void A_restore_opens_from_its_instant_until_its_end_and_then_it_is_closed_again()
    {
        var from = Close.AddHours(3);
        AssertSegments(
            TimelineCompiler.Compile(Plan, new CustomerDeviation { Restored = new RestoredSpan(from, from.AddDays(2)) }),
            (Warn, GateState.Warned, GateReasons.ClosingAnnounced), (Close, GateState.Closed, GateReasons.Retired),
            (from, GateState.Open, GateReasons.Restored), (from.AddDays(2), GateState.Closed, GateReasons.Retired));
    }

    [Fact]
    public void A_restore_for_everybody_opens_also_who_was_closed_by_record()
    {
        var plan = Plan with { Restored = new RestoredSpan(Close.AddHours(1), null) };
        var timeline = TimelineCompiler.Compile(plan, new CustomerDeviation { ClosedAt = Close.AddDays(-1) });
        Assert.Equal(GateState.Closed, timeline.StateAt(Close));
        Assert.Equal(GateState.Open, timeline.StateAt(Close.AddHours(1)));
        Assert.Null(DecisionOf(timeline, Close).ClosesAt);
    }

    [Fact]
    public void Who_was_closed_stays_closed_when_the_plan_moves_away() =>
        Assert.Equal(GateState.Closed, TimelineCompiler.Compile(Plan with { ClosesAt = Close.AddYears(1) }, new CustomerDeviation { ClosedAt = Close }).StateAt(Close));

    [Fact]
    public void Who_has_moved_is_spared_the_brownouts()
    {
        var plan = Plan with { Brownouts = [new PlannedBrownout(new DateTime(2026, 12, 12, 10, 0, 0), TimeSpan.FromMinutes(15), null)] };
        Assert.Equal(GateState.Brownout, TimelineCompiler.Compile(plan, CustomerDeviation.None).StateAt(WireExample.At("2026-12-12T10:00:00Z")));
        Assert.Equal(GateState.Warned, TimelineCompiler.Compile(plan, new CustomerDeviation { SparedFromBrownouts = true }).StateAt(WireExample.At("2026-12-12T10:00:00Z")));
    }

    [Theory]
    [InlineData("Asia/Shanghai", "2027-03-14T02:30:00", "2027-03-13T18:30:00Z")]
    [InlineData("Asia/Kolkata", "2027-03-14T02:30:00", "2027-03-13T21:00:00Z")]
    [InlineData("America/New_York", "2027-03-14T01:59:00", "2027-03-14T06:59:00Z")]
    [InlineData("America/New_York", "2027-03-14T02:30:00", "2027-03-14T07:30:00Z")] // skipped: 03:30 EDT
    [InlineData("America/New_York", "2027-11-07T01:30:00", "2027-11-07T05:30:00Z")] // doubled: the first, EDT
    [InlineData("Australia/Lord_Howe", "2027-04-04T01:45:00", "2027-04-03T14:45:00Z")] // doubled by half an hour
    [InlineData("Europe/Berlin", "2027-10-31T02:30:00", "2027-10-31T00:30:00Z")]
    public void A_brownout_begins_by_the_customers_clock_and_lasts_its_minutes(string zone, string local, string utc)
    {
        var start = DateTime.Parse(local, System.Globalization.CultureInfo.InvariantCulture);
        var plan = new ClosingPlan { WarnFrom = Warn, Brownouts = [new PlannedBrownout(start, TimeSpan.FromMinutes(45), null)] };
        var timeline = TimelineCompiler.Compile(plan, new CustomerDeviation { Zone = TimeZoneInfo.FindSystemTimeZoneById(zone) });
        var from = WireExample.At(utc);
        Assert.Equal((GateState.Warned, GateState.Brownout), (timeline.StateAt(from.AddTicks(-1)), timeline.StateAt(from)));
        Assert.Equal((GateState.Brownout, GateState.Warned), (timeline.StateAt(from.AddMinutes(45).AddTicks(-1)), timeline.StateAt(from.AddMinutes(45))));
    }

    [Fact]
    public void A_brownout_on_a_holiday_waits_for_the_next_working_day_and_an_unpublished_year_has_none()
    {
        var plan = new ClosingPlan { WarnFrom = Warn, Brownouts = [new PlannedBrownout(new DateTime(2026, 12, 12, 10, 0, 0), TimeSpan.FromMinutes(15), null) { OnWorkingDays = true }] };
        var weekends = new CustomerDeviation { IsWorkingDay = day => day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) };
        Assert.Equal(GateState.Brownout, TimelineCompiler.Compile(plan, weekends).StateAt(WireExample.At("2026-12-14T10:00:00Z")));
        Assert.Single(TimelineCompiler.Compile(plan, new CustomerDeviation { IsWorkingDay = _ => null }).Segments);
        Assert.Single(TimelineCompiler.Compile(plan, new CustomerDeviation { IsWorkingDay = _ => false }).Segments);
    }

    [Fact]
    public void A_brownout_within_a_gradual_closing_leaves_the_closed_users_closed()
    {
        var plan = Plan with
        {
            Gradual = [new GradualStep(TimeSpan.FromDays(2), 1_000), new GradualStep(TimeSpan.FromDays(1), 5_000)],
            Brownouts = [new PlannedBrownout(new DateTime(2027, 1, 2, 0, 0, 0), TimeSpan.FromMinutes(15), null)],
        };
        var timeline = TimelineCompiler.Compile(plan, CustomerDeviation.None);
        var during = WireExample.At("2027-01-02T00:00:00Z");
        Assert.Equal((GateState.Closed, GateState.Brownout), (timeline.StateAt(during, 4_999), timeline.StateAt(during, 5_000)));
        var after = during.AddMinutes(15);
        Assert.Equal((GateState.Closed, GateState.Warned, GateState.Warned), (timeline.StateAt(after, 4_999), timeline.StateAt(after, 5_000), timeline.StateAt(after)));
        Assert.Equal(Close.AddDays(-2), DecisionOf(timeline, Warn, UserIn(999)).ClosesAt);
        Assert.Equal(Close, DecisionOf(timeline, Warn, UserIn(5_000)).ClosesAt);
    }

    [Fact]
    public void The_same_plan_has_the_same_id_on_every_node()
    {
        Assert.Equal(TimelineCompiler.Compile(Plan, CustomerDeviation.None).Id, TimelineCompiler.Compile(Plan with { }, new CustomerDeviation()).Id);
        Assert.Equal(12, TimelineCompiler.Compile(Plan, CustomerDeviation.None).Id.Length);
    }

    [Fact]
    public void At_every_instant_around_every_edge_the_timeline_says_what_the_plan_says() =>
        Gen.Select(PlanGen.Plan, PlanGen.Deviation).Sample(
            (plan, customer) =>
            {
                var timeline = TimelineCompiler.Compile(plan, customer);
                foreach (var edge in PlanGen.Edges(plan, customer))
                {
                    foreach (var offset in new long[] { -1, 0, 1 })
                    {
                        foreach (var bucket in new[] { 0, 999, 1_000, 4_999, 5_000, 9_999, UserBucket.None })
                        {
                            var at = edge.AddTicks(offset);
                            Assert.Equal(PlanGen.Expected(plan, customer, at, bucket), timeline.StateAt(at, bucket));
                        }
                    }
                }
            },
            iter: 3_000);

    [Fact]
    public void Until_and_valid_until_are_the_instants_at_which_something_changes() =>
        Gen.Select(PlanGen.Plan, PlanGen.Deviation, Gen.Int[0, 10_000]).Sample(
            (plan, customer, bucket) =>
            {
                var timeline = TimelineCompiler.Compile(plan, customer);
                foreach (var edge in PlanGen.Edges(plan, customer))
                {
                    var decision = DecisionOf(timeline, edge, UserIn(bucket));
                    Assert.Equal(timeline.StateAt(edge, bucket), decision.State);
                    var states = timeline.Segments.Select(s => s.From).Where(from => from > edge).Distinct()
                        .Select(from => (From: from, State: timeline.StateAt(from, bucket))).ToList();
                    Assert.Equal(states.Where(s => s.State != decision.State).Select(s => (DateTimeOffset?)s.From).FirstOrDefault(), decision.Until);
                    Assert.Equal(states.Select(s => (DateTimeOffset?)s.From).FirstOrDefault(), decision.ValidUntil);
                }
            },
            iter: 1_000);

    private static GateDecision DecisionOf(GateTimeline timeline, DateTimeOffset at, string? user = null) =>
        GateSnapshot.Of(1, default, [GateModule.Of("m", LocalizedText.Of("m", "m"), timeline)]).Decide("m", null, user, at);

    private static readonly Lazy<Dictionary<int, string>> Users = new(() =>
        Enumerable.Range(0, 200_000).Select(i => $"user-{i}").GroupBy(user => UserBucket.Of("m", user)).ToDictionary(users => users.Key, users => users.First()));

    private static string? UserIn(int bucket) => bucket == UserBucket.None ? null : Users.Value[bucket];

    private static void AssertSegments(GateTimeline timeline, params (DateTimeOffset, GateState, string)[] expected) =>
        Assert.Equal(expected, timeline.Segments.Select(s => (s.From, s.State, s.Reason)));
}
