namespace Sunsetter.Gates.Tests;

public sealed class DecisionTests
{
    private readonly GateSnapshot _snapshot = WireExample.Read();

    [Theory]
    [InlineData("2026-11-30T23:59:59.9999999Z", GateState.Open, GateReasons.NotRetiring)]
    [InlineData("2026-12-01T00:00:00Z", GateState.Warned, GateReasons.ClosingAnnounced)]
    [InlineData("2026-12-12T01:59:59.9999999Z", GateState.Warned, GateReasons.ClosingAnnounced)]
    [InlineData("2026-12-12T02:00:00Z", GateState.Brownout, GateReasons.Rehearsal)]
    [InlineData("2026-12-12T02:14:59.9999999Z", GateState.Brownout, GateReasons.Rehearsal)]
    [InlineData("2026-12-12T02:15:00Z", GateState.Warned, GateReasons.ClosingAnnounced)]
    [InlineData("2027-01-01T18:00:00Z", GateState.Warned, GateReasons.ClosingAnnounced)]
    [InlineData("2027-01-02T17:59:59.9999999Z", GateState.Warned, GateReasons.ClosingAnnounced)]
    [InlineData("2027-01-02T18:00:00Z", GateState.Closed, GateReasons.Retired)]
    public void A_segment_holds_from_its_first_instant_on(string at, GateState state, string reason)
    {
        var decision = _snapshot.Decide("rooms-legacy", "somebody", null, WireExample.At(at));
        Assert.Equal((state, reason), (decision.State, decision.Reason));
    }

    [Fact]
    public void A_user_inside_the_share_closes_a_day_before_one_outside()
    {
        var at = WireExample.At("2027-01-02T00:00:00Z");
        var inside = _snapshot.Decide("rooms-legacy", null, "user-1", at);
        var outside = _snapshot.Decide("rooms-legacy", null, "user-2", at);
        Assert.Equal((GateState.Closed, WireExample.At("2027-01-01T18:00:00Z")), (inside.State, inside.ClosesAt));
        Assert.Equal((GateState.Warned, WireExample.At("2027-01-02T18:00:00Z")), (outside.State, outside.ClosesAt));
        Assert.Equal(WireExample.At("2027-01-02T18:00:00Z"), outside.Until);
        Assert.Null(inside.Until);
        Assert.Equal(WireExample.At("2027-01-02T18:00:00Z"), inside.ValidUntil);
    }

    [Fact]
    public void A_brownout_says_when_it_ends()
    {
        var decision = _snapshot.Decide("rooms-legacy", null, null, WireExample.At("2026-12-12T02:07:00Z"));
        Assert.False(decision.IsOpen);
        Assert.Equal(WireExample.At("2026-12-12T02:15:00Z"), decision.Until);
    }

    [Fact]
    public void A_customer_with_a_timeline_of_its_own_obeys_that_one()
    {
        var decision = _snapshot.Decide("rooms-legacy", "huaxin", "user-1", WireExample.At("2027-02-28T00:00:00Z"));
        Assert.Equal(GateState.Warned, decision.State);
        Assert.Equal(WireExample.At("2027-03-01T18:00:00Z"), decision.ClosesAt);
        Assert.Equal(WireExample.At("2026-12-01T00:00:00Z"), decision.AnnouncedAt);
        Assert.Equal("spaces", decision.Alternative?.Module);
        Assert.Equal("help@example.com", decision.Contact?.Email);
    }

    [Theory]
    [InlineData(GateState.Open)]
    [InlineData(GateState.Closed)]
    public void An_unknown_module_answers_by_the_callers_default_and_says_so(GateState mine)
    {
        var decision = _snapshot.Decide("nobody-knows", "huaxin", "user-1", WireExample.At("2027-02-28T00:00:00Z"), mine);
        Assert.Equal((mine, true, GateReasons.UnknownModule), (decision.State, decision.IsDefault, decision.Reason));
        Assert.Equal((mine, GateReasons.UnknownModule), (_snapshot.For("nobody-knows", null, mine).Decide(null, default).State, _snapshot.For("nobody-knows", null).Decide(null, default).Reason));
    }

    [Fact]
    public void Without_a_snapshot_the_reason_says_that_there_is_none()
    {
        var decision = GateSnapshot.None.Decide("rooms-legacy", null, null, WireExample.At("2027-02-28T00:00:00Z"));
        Assert.Equal((GateState.Open, true, GateReasons.NoSnapshot), (decision.State, decision.IsDefault, decision.Reason));
        Assert.Equal(GateReasons.NoSnapshot, default(Gate).Decide(null, default).Reason);
        Assert.Equal(GateReasons.NoSnapshot, default(GateDecision).Reason);
    }

    [Fact]
    public void A_handle_decides_as_the_snapshot_does()
    {
        var at = WireExample.At("2027-01-02T00:00:00Z");
        foreach (var user in new[] { "user-1", "user-2", null, "" })
        {
            var gate = _snapshot.For("rooms-legacy", "other");
            Assert.Equal(_snapshot.Decide("rooms-legacy", "other", user, at), gate.Decide(user, at));
            Assert.Equal(gate.Decide(user, at).State, gate.StateOf(user, at));
        }
    }

    [Fact]
    public void A_decision_allocates_nothing()
    {
        var at = WireExample.At("2027-01-02T00:00:00Z");
        Func<int> thousand = () =>
        {
            var open = 0;
            for (var i = 0; i < 1000; i++)
                if (_snapshot.Decide("rooms-legacy", "huaxin", "user-1", at).IsOpen)
                    open++;
            return open;
        };
        Assert.Equal(1000, thousand());
        var before = GC.GetAllocatedBytesForCurrentThread();
        thousand();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
