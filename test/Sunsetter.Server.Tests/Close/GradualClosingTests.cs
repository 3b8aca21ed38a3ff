using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Sunsetter.Gates;
using Sunsetter.Harness;
using Sunsetter.Server.Close;
using Sunsetter.Server.Gates;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Tests.Gates;
using Sunsetter.Server.Tests.Retirements;

namespace Sunsetter.Server.Tests.Close;

public sealed class GradualClosingTests
{
    private static readonly ClosingRules Rules = new() { BrownoutNoticeDays = 7 };
    private static readonly DateTimeOffset Closes = Told.Plan.InstantOf(Told.ClosesOn);
    private static readonly GradualShare[] Tenth = [new(48, 10), new(24, 50)];

    [Fact]
    public void Shares_are_set_earliest_first() =>
        Assert.Equal(Tenth, Set([.. Tenth.Reverse()], Closes.AddHours(-48).AddDays(-7)).Answered<GradualClosingSet>().Shares);

    [Fact]
    public void A_moment_too_late_for_the_notice_is_refused() => Set(Tenth, Closes.AddHours(-48).AddDays(-7).AddMilliseconds(1)).Refused("gradual.not-announced");

    [Fact]
    public void Shares_are_taken_back_without_notice() =>
        Assert.Empty(new SetGradualClosing([], "A fault was found").Decide(Told.Migrating(new GradualClosingSet([.. Tenth], "x")), [Customer(Told.ClosesOn)], Rules, Closes.AddHours(-1)).Answered<GradualClosingSet>().Shares);

    [Fact]
    public void What_is_set_already_changes_nothing() =>
        Assert.Empty(new SetGradualClosing(Tenth, "again").Decide(Told.Migrating(new GradualClosingSet([.. Tenth], "x")), [], Rules, Closes.AddHours(-1)).Facts);

    [Fact]
    public void No_share_closes_before_the_customers_earliest_permitted_day()
    {
        // 48 hours before 2027-03-01 02:00 in Shanghai is 2027-02-27 there.
        Set(Tenth, Told.Start, new DateOnly(2027, 2, 27)).Answered<GradualClosingSet>();
        Set(Tenth, Told.Start, new DateOnly(2027, 2, 28)).Refused("gradual.too-early");
    }

    [Theory]
    [InlineData(0, 10, "gradual.share")]
    [InlineData(337, 10, "gradual.share")]
    [InlineData(24, 0, "gradual.share")]
    [InlineData(24, 100, "gradual.share")]
    [InlineData(48, 20, "gradual.order")]
    [InlineData(12, 10, "gradual.order")]
    public void A_share_that_makes_no_sense_is_refused(int hours, int percent, string code) => Set([new(48, 10), new(hours, percent)], Told.Start).Refused(code);

    [Fact]
    public void A_reason_is_asked_for() => new SetGradualClosing(Tenth, " ").Decide(Told.Migrating(), [], Rules, Told.Start).Refused("reason.missing");

    [Fact]
    public void Before_there_is_a_day_there_are_no_shares() => new SetGradualClosing(Tenth, "x").Decide(Told.Retirement(), [], Rules, Told.Start).Refused("gradual.not-yet");

    [Theory, EachDatabase]
    public async Task A_share_of_each_customers_users_closes_ahead_and_the_same_users_everywhere(Database database)
    {
        await using var scene = await GateScene.On(database);
        await scene.Change(_ => Decision.Of(new GradualClosingSet([.. Tenth], "carefully")));
        var snapshot = scene.Publisher.Current!.Snapshot;
        int Closed(double hours) => Enumerable.Range(0, 1_000).Count(user => snapshot.Decide(GateScene.Module, "huaxin", $"u-{user}", GateScene.Closing.AddHours(hours)).State == GateState.Closed);

        Assert.Equal((0, 1_000), (Closed(-48.001), Closed(0)));
        Assert.InRange(Closed(-48), 70, 130);
        Assert.InRange(Closed(-24), 450, 550);
        Assert.All(Enumerable.Range(0, 1_000).Select(user => $"u-{user}"), user => Assert.Equal(
            UserBucket.Of(GateScene.Module, user) < 1_000, snapshot.Decide(GateScene.Module, "beike", user, GateScene.Closing.AddHours(-48)).State == GateState.Closed));
    }

    [Theory, EachDatabase]
    public async Task Shares_are_set_over_http_and_shown_on_the_page(Database database)
    {
        await using var scene = await GateScene.On(database);
        await scene.Change(_ => Decision.Of(GateScene.Huaxin, new EarliestComputed(new DateOnly(2026, 11, 1), "x", Text.Same("x"))).And(Decision.Of(GateScene.Beike, new EarliestComputed(new DateOnly(2026, 11, 1), "x", Text.Same("x")))));
        var operations = await scene.Server.As("ops@vendor.test", Role.Operations);
        var cancel = TestContext.Current.CancellationToken;
        var late = await operations.PutAsJsonAsync($"/api/v1/retirements/{scene.Id}/gradual", new { shares = new[] { new { hoursBefore = 72, percent = 5 } }, reason = "carefully" }, cancel);
        Assert.Equal("gradual.not-announced", (await late.Content.ReadFromJsonAsync<JsonElement>(cancel)).GetProperty("code").GetString());

        var answer = await operations.PutAsJsonAsync($"/api/v1/retirements/{scene.Id}/gradual", new { shares = new[] { new { hoursBefore = 24, percent = 5 } }, reason = "carefully" }, cancel);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Contains("24 hours before their closing", await operations.GetStringAsync($"/retirements/{scene.Id}/close", cancel), StringComparison.Ordinal);
    }

    private static Decision Set(IReadOnlyList<GradualShare> shares, DateTimeOffset now, DateOnly? earliest = null) =>
        new SetGradualClosing(shares, "Carefully").Decide(Told.Migrating(), [Customer(earliest ?? new DateOnly(2027, 1, 1))], Rules, now);

    private static LedgerEntry Customer(DateOnly earliest) => Told.Entry(new EarliestComputed(earliest, "contract", Text.Same("x")));
}
