using System.Net;
using System.Net.Http.Json;
using Sunsetter.Harness;
using Sunsetter.Server.Gates;
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
    }

    [Fact]
    public async Task A_receipt_that_makes_no_sense_is_refused()
    {
        await using var scene = await GateScene.On(Database.Sqlite);
        var client = scene.Server.WithToken((await scene.Key(EdgeKeyKind.Server)).Key);
        foreach (var body in new object[] { new { version = 1 }, new { instance = "x" }, new { instance = new string('x', 101), version = 1 }, new { instance = "x", version = -1 } })
            Assert.Equal(HttpStatusCode.BadRequest, (await client.PostAsJsonAsync("/edge/v1/receipts", body, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.PostAsync("/edge/v1/receipts", new StringContent("{"), Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await client.PostAsJsonAsync("/edge/v1/receipts", new { instance = new string('x', 100), version = 0, clockOffsetMs = -12.5 }, Cancel)).StatusCode);
    }

    private static async Task Obeys(GateScene scene, string instance, long version, DateTimeOffset? at = null)
    {
        scene.Server.Get<GateReceipts>().Take(new Receipt(instance, version, at, "test", null, "test", scene.Server.Clock.GetUtcNow()));
        await scene.Server.Get<GateReceipts>().Store(Cancel);
    }

    private static Sunsetter.Gates.GateDecision Shadow(GateScene scene) =>
        scene.Publisher.Current!.Snapshot.Decide(ShadowModule.Key, null, null, scene.Server.Clock.GetUtcNow(), Sunsetter.Gates.GateState.Warned);
}
