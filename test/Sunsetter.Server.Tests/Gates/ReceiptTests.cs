using System.Net;
using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using Sunsetter.Harness;
using Sunsetter.Server.Gates;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Tests.Gates;

public sealed class ReceiptTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task The_proof_of_closure_names_the_laggards(Database database)
    {
        await using var scene = await GateScene.On(database);
        var answers = scene.Server.Get<GateAnswers>();
        var old = scene.Publisher.Current!.Version;
        Assert.False((await answers.Proof(null, Cancel)).Proven);
        await scene.RestoreFor(GateScene.Huaxin);
        var now = scene.Publisher.Current!.Version;
        await Obeys(scene, "chat-1", now);
        await Obeys(scene, "chat-2", old);
        var proof = await answers.Proof(now, Cancel);
        Assert.Equal((false, 1, "chat-2"), (proof.Proven, proof.Obeying, Assert.Single(proof.Laggards).Instance));

        await Obeys(scene, "chat-2", now);
        Assert.True((await answers.Proof(now, Cancel)).Proven);
    }

    [Theory, EachDatabase]
    public async Task One_that_has_been_silent_for_more_than_three_minutes_is_no_proof_and_no_laggard(Database database)
    {
        await using var scene = await GateScene.On(database);
        await Obeys(scene, "chat-1", 0);
        scene.Server.Clock.Advance(TimeSpan.FromMinutes(3));
        Assert.Single((await scene.Server.Get<GateAnswers>().Proof(null, Cancel)).Laggards);
        scene.Server.Clock.Advance(TimeSpan.FromMilliseconds(1));
        var proof = await scene.Server.Get<GateAnswers>().Proof(null, Cancel);
        Assert.Equal((false, 0, 1), (proof.Proven, proof.Laggards.Count, proof.Silent.Count));
    }

    [Theory, EachDatabase]
    public async Task A_restore_is_timed_from_the_press_to_each_instances_obedience(Database database)
    {
        await using var scene = await GateScene.On(database);
        var before = scene.Publisher.Current!.Version;
        await Obeys(scene, "chat-1", before);
        await Obeys(scene, "chat-2", before);
        var pressed = scene.Server.Clock.GetUtcNow();
        await scene.RestoreFor(GateScene.Huaxin);
        await Obeys(scene, "chat-1", before + 1, pressed.AddMilliseconds(12));
        await Obeys(scene, "chat-2", before + 1, pressed.AddMilliseconds(31));
        await Obeys(scene, "started-later", before + 1, pressed.AddMilliseconds(900));
        var restore = Assert.Single(await scene.Server.Get<GateAnswers>().Restores(scene.Id.ToString(), Cancel));
        Assert.Equal((pressed, 2, 31L), (restore.PressedAt, restore.Instances, restore.SlowestMs));
    }

    [Theory, EachDatabase]
    public async Task A_drill_closes_and_opens_the_shadow_module_and_passes_when_everybody_has_obeyed(Database database)
    {
        await using var scene = await GateScene.On(database);
        await Obeys(scene, "chat-1", scene.Publisher.Current!.Version);
        var drill = scene.Server.Get<RestoreDrill>();
        Assert.Equal("drill.not-running", (await drill.Open(Cancel)).Refusal?.Code);
        Assert.Null((await drill.Start("lin@vendor.test", Cancel)).Refusal);
        Assert.Equal("drill.running", (await drill.Start("lin@vendor.test", Cancel)).Refusal?.Code);
        Assert.False(Shadow(scene).IsOpen);

        scene.Server.Clock.Advance(TimeSpan.FromSeconds(2));
        var opened = (await drill.Open(Cancel)).Value;
        Assert.True(Shadow(scene).IsOpen);
        Assert.Equal((false, 1), (opened.Passed, opened.Missing));
        await Obeys(scene, "chat-1", scene.Publisher.Current!.Version, scene.Server.Clock.GetUtcNow().AddMilliseconds(8));
        var done = (await drill.All(Cancel))[0];
        Assert.Equal((true, 0, 8L), (done.Passed, done.Missing, done.SlowestMs));
        Assert.Equal(scene.Server.Clock.GetUtcNow(), await drill.LastPassed(Cancel));
    }

    [Theory, EachDatabase]
    public async Task A_drill_that_was_passed_stays_passed_whatever_falls_silent_or_behind_later(Database database)
    {
        await using var scene = await GateScene.On(database);
        var drill = scene.Server.Get<RestoreDrill>();
        await Obeys(scene, "chat-1", scene.Publisher.Current!.Version);
        await drill.Start("lin@vendor.test", Cancel);
        await drill.Open(Cancel);
        await Obeys(scene, "chat-1", scene.Publisher.Current!.Version, scene.Server.Clock.GetUtcNow().AddMilliseconds(8));
        await scene.Server.Tick();
        await Obeys(scene, "an old one", 0);
        Assert.True((await drill.All(Cancel))[0].Passed);
        Assert.NotNull(await drill.LastPassed(Cancel));
    }

    [Theory, EachDatabase]
    public async Task A_drill_that_one_instance_has_not_obeyed_after_ten_minutes_is_not_passed(Database database)
    {
        await using var scene = await GateScene.On(database);
        var drill = await Drilled(scene);
        scene.Server.Clock.Advance(RestoreDrill.LongestWait);
        await Obeys(scene, "chat-2", 0);
        Assert.Null(await drill.LastPassed(Cancel));
        await Obeys(scene, "chat-2", scene.Publisher.Current!.Version, scene.Server.Clock.GetUtcNow());
        Assert.Null(await drill.LastPassed(Cancel));
    }

    [Theory, EachDatabase]
    public async Task A_drill_is_not_passed_because_the_one_who_did_not_obey_has_fallen_silent(Database database)
    {
        await using var scene = await GateScene.On(database);
        var drill = await Drilled(scene);
        scene.Server.Clock.Advance(GateAnswers.Silence + TimeSpan.FromMilliseconds(1));
        Assert.Null(await drill.LastPassed(Cancel));
        Assert.Equal((false, 1), ((await drill.All(Cancel))[0].Passed, (await drill.All(Cancel))[0].Missing));
    }

    [Theory, EachDatabase]
    public async Task An_instance_whose_clock_is_far_ahead_has_obeyed_by_the_time_it_says_so(Database database)
    {
        await using var scene = await GateScene.On(database);
        var (client, drill, version) = (scene.Server.WithToken((await scene.Key(EdgeKeyKind.Server)).Key), scene.Server.Get<RestoreDrill>(), scene.Publisher.Current!.Version);
        await Obeys(scene, "chat-1", version);
        await drill.Start("lin@vendor.test", Cancel);
        await drill.Open(Cancel);
        scene.Server.Clock.Advance(TimeSpan.FromSeconds(4));
        await client.PostAsJsonAsync("/edge/v1/receipts", new { instance = "chat-1", version = scene.Publisher.Current!.Version, obeyedAt = scene.Server.Clock.GetUtcNow().AddMinutes(5) }, Cancel);
        await scene.Server.Get<GateReceipts>().Store(Cancel);
        var done = (await drill.All(Cancel))[0];
        Assert.Equal((true, 1, 4_000L), (done.Passed, done.Instances, done.SlowestMs));
    }

    [Theory, EachDatabase]
    public async Task What_nobody_will_ask_for_is_forgotten_and_what_a_restore_measured_is_kept(Database database)
    {
        await using var scene = await GateScene.On(database);
        await scene.RestoreFor(GateScene.Huaxin);
        await scene.Change(_ => Decision.Of(GateScene.Huaxin, new CustomerRestoreEnded("x")));
        await Obeys(scene, "ended long ago", 1);
        var forget = new ForgetOldReceipts(scene.Server.Get<IDbContextFactory<SunsetterDb>>());
        await forget.Run(ServerUnderTest.Start + ForgetOldReceipts.ReceiptsKept, Cancel);
        Assert.Equal((1, 6), await Counted());
        await forget.Run(ServerUnderTest.Start + ForgetOldReceipts.ChangesKept + TimeSpan.FromMilliseconds(1), Cancel);
        Assert.Equal((0, 2), await Counted());
        Assert.Single(await scene.Server.Get<GateAnswers>().Restores(null, Cancel));

        // A node that slept through what was forgotten reads everything.
        Assert.True((await scene.Server.Get<GateReader>().Read(1, Cancel)).Whole);

        async Task<(int, int)> Counted()
        {
            await using var db = await scene.Server.Get<IDbContextFactory<SunsetterDb>>().CreateDbContextAsync(Cancel);
            return (await db.Set<GateReceiptRow>().CountAsync(Cancel), await db.Set<GateChangeRow>().CountAsync(Cancel));
        }
    }

    [Theory, EachDatabase]
    public async Task A_receipt_that_makes_no_sense_is_refused(Database database)
    {
        await using var scene = await GateScene.On(database);
        var client = scene.Server.WithToken((await scene.Key(EdgeKeyKind.Server)).Key);
        foreach (var body in new object[] { new { version = 1 }, new { instance = "x" }, new { instance = new string('x', 101), version = 1 }, new { instance = "x", version = -1 } })
            Assert.Equal(HttpStatusCode.BadRequest, (await client.PostAsJsonAsync("/edge/v1/receipts", body, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.PostAsync("/edge/v1/receipts", new StringContent("{"), Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await client.PostAsJsonAsync("/edge/v1/receipts", new { instance = new string('x', 100), version = 0, clockOffsetMs = -12.5 }, Cancel)).StatusCode);
    }

    /// <summary>A drill that was opened again and that the first of two instances has obeyed.</summary>
    private static async Task<RestoreDrill> Drilled(GateScene scene)
    {
        var drill = scene.Server.Get<RestoreDrill>();
        await Obeys(scene, "chat-1", scene.Publisher.Current!.Version);
        await Obeys(scene, "chat-2", scene.Publisher.Current!.Version);
        await drill.Start("lin@vendor.test", Cancel);
        await drill.Open(Cancel);
        await Obeys(scene, "chat-1", scene.Publisher.Current!.Version, scene.Server.Clock.GetUtcNow());
        return drill;
    }

    private static async Task Obeys(GateScene scene, string instance, long version, DateTimeOffset? at = null)
    {
        scene.Server.Get<GateReceipts>().Take(new Receipt(instance, version, at, "test", null, "test", scene.Server.Clock.GetUtcNow()));
        await scene.Server.Get<GateReceipts>().Store(Cancel);
    }

    private static Sunsetter.Gates.GateDecision Shadow(GateScene scene) =>
        scene.Publisher.Current!.Snapshot.Decide(ShadowModule.Key, null, null, scene.Server.Clock.GetUtcNow(), Sunsetter.Gates.GateState.Warned);
}
