namespace Sunsetter.Gates.Tests;

public sealed class DeltaTests
{
    private readonly GateSnapshot _snapshot = WireExample.Read();

    [Fact]
    public void A_delta_changes_what_it_names_and_nothing_else()
    {
        var applied = _snapshot.Apply(WireExample.ReadDelta());
        var at = WireExample.At("2027-06-01T00:00:00Z");
        Assert.Equal(DeltaOutcome.Applied, applied.Outcome);
        Assert.Equal((GateState.Open, GateReasons.Restored), Answer(applied.Snapshot, "huaxin", at));
        Assert.Equal((GateState.Closed, GateReasons.Retired), Answer(applied.Snapshot, "other", at));
        Assert.Equal((GateState.Closed, GateReasons.Retired), Answer(_snapshot, "huaxin", at));
        Assert.Equal("Legacy rooms", applied.Snapshot.Modules[0].Name.For("en"));
        Assert.Equal(43, applied.Snapshot.Version);
        Assert.DoesNotContain("p07xx4tz", System.Text.Encoding.UTF8.GetString(applied.Snapshot.Write()), StringComparison.Ordinal);
    }

    [Fact]
    public void A_repeated_delta_is_known_already()
    {
        var once = _snapshot.Apply(WireExample.ReadDelta()).Snapshot;
        var twice = once.Apply(WireExample.ReadDelta());
        Assert.Equal((DeltaOutcome.AlreadyKnown, once), (twice.Outcome, twice.Snapshot));
    }

    [Fact]
    public void A_gap_asks_for_the_whole()
    {
        var late = Delta("""{ "format": 1, "base": 43, "version": 44, "issuedAt": "2026-11-22T16:06:00Z" }""");
        Assert.Equal((DeltaOutcome.ResyncNeeded, _snapshot), (_snapshot.Apply(late).Outcome, _snapshot.Apply(late).Snapshot));
        Assert.Equal(DeltaOutcome.ResyncNeeded, GateSnapshot.None.Apply(late).Outcome);
    }

    [Theory]
    [InlineData("""{ "key": "rooms-legacy", "default": "nowhere" }""", "reference")]
    [InlineData("""{ "key": "rooms-legacy", "customers": { "x": "nowhere" } }""", "reference")]
    [InlineData("""{ "key": "new-module", "customers": { "x": null } }""", "missing")]
    public void A_delta_that_does_not_fit_changes_nothing(string patch, string code)
    {
        var delta = Delta($$"""{ "format": 1, "base": 42, "version": 43, "issuedAt": "2026-11-22T16:06:00Z", "modules": [ {{patch}} ], "removed": [ "other" ] }""");
        var applied = _snapshot.Apply(delta);
        Assert.Equal((DeltaOutcome.Refused, _snapshot), (applied.Outcome, applied.Snapshot));
        Assert.Contains(applied.Errors, e => e.Code == code);
    }

    [Fact]
    public void Null_takes_a_text_away_and_null_takes_a_customer_back_to_the_default()
    {
        var delta = Delta("""{ "format": 1, "base": 42, "version": 43, "issuedAt": "2026-11-22T16:06:00Z", "modules": [ { "key": "rooms-legacy", "why": null, "info": null, "customers": { "huaxin": null } } ] }""");
        var module = _snapshot.Apply(delta).Snapshot.Modules[0];
        Assert.Equal((null, null, 0), (module.Why, module.Info, module.CustomerCount));
        Assert.NotNull(module.Contact);
    }

    [Fact]
    public void A_module_removed_is_unknown()
    {
        var delta = Delta("""{ "format": 1, "base": 42, "version": 43, "issuedAt": "2026-11-22T16:06:00Z", "removed": [ "rooms-legacy" ] }""");
        Assert.True(_snapshot.Apply(delta).Snapshot.Decide("rooms-legacy", null, null, default).IsDefault);
    }

    [Theory]
    [InlineData("""{ "format": 1, "base": 43, "version": 43, "issuedAt": "2026-11-22T16:06:00Z" }""", "value")]
    [InlineData("""{ "format": 1, "version": 43, "issuedAt": "2026-11-22T16:06:00Z" }""", "missing")]
    [InlineData("""{ "format": 1, "base": 42, "version": 43, "issuedAt": "2026-11-22T16:06:00Z", "modules": [ { "key": "a" } ], "removed": [ "a" ] }""", "duplicate")]
    [InlineData("""{ "format": 1, "base": 42, "version": 43, "issuedAt": "2026-11-22T16:06:00Z", "modules": [ { "key": "a", "default": null } ] }""", "type")]
    public void A_malformed_delta_is_refused(string json, string code)
    {
        var reading = GateDelta.Read(WireExample.Utf8(json));
        Assert.Null(reading.Delta);
        Assert.Contains(reading.Errors, e => e.Code == code);
    }

    private static GateDelta Delta(string json) => GateDelta.Read(WireExample.Utf8(json)).Delta!;

    private static (GateState, string) Answer(GateSnapshot snapshot, string customer, DateTimeOffset at)
    {
        var decision = snapshot.Decide("rooms-legacy", customer, "u", at);
        return (decision.State, decision.Reason);
    }
}
