using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Sunsetter.Gates;
using Sunsetter.Harness;
using Sunsetter.Server.Gates;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Tests.Gates;

public sealed class TwoNodesTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_change_committed_on_one_node_reaches_the_clients_of_the_other()
    {
        // SQLite refuses a second node, by decision.
        Assert.SkipWhen(PostgresCluster.Missing is not null, PostgresCluster.Missing ?? "");
        await using var scene = await GateScene.On(Database.Postgres);
        var key = await scene.Key(EdgeKeyKind.Server);
        await using var other = await Second(scene);
        using var client = new HttpClient { BaseAddress = Address(other) };
        using var stream = await EventStream.Open(client, key.Key);
        var held = (await stream.Next("snapshot"))!.Snapshot();
        Assert.Equal(scene.Publisher.Current!.Version, held.Version);

        await scene.Log.Change(scene.Id, GateScene.Huaxin, "lin@vendor.test", (_, _) => Decision.Of(GateScene.Huaxin, new CustomerRestored("needed", null)), Cancel);
        held = held.Apply((await stream.Next("delta"))!.Delta()).Snapshot;
        Assert.Equal(GateReasons.Restored, held.Decide(GateScene.Module, "huaxin", "u", GateScene.Closing).Reason);

        // The node on which it was committed dies; the other has all of it, and a client that comes from the dead one needs nothing new.
        await scene.Server.App.StopAsync(Cancel);
        using var moved = await EventStream.Open(client, key.Key, held.Version);
        Assert.Equal("time", (await moved.Next())!.Name);
        await other.Services.GetRequiredService<FactLog>().Change(scene.Id, "lin@vendor.test", _ => Decision.Of(new ModuleRestored("all", null)), Cancel);
        Assert.Equal("delta", (await moved.Next())!.Name);
    }

    [Fact]
    public async Task A_key_revoked_on_one_node_ends_the_streams_of_the_other_and_is_refused_there()
    {
        // SQLite refuses a second node, by decision.
        Assert.SkipWhen(PostgresCluster.Missing is not null, PostgresCluster.Missing ?? "");
        await using var scene = await GateScene.On(Database.Postgres);
        var key = await scene.Key(EdgeKeyKind.Server);
        await using var other = await Second(scene);
        using var client = new HttpClient { BaseAddress = Address(other) };
        using var stream = await EventStream.Open(client, key.Key);
        await scene.Server.Get<EdgeKeys>().Revoke(key.Kid, Cancel);
        Assert.NotNull(await stream.Next("revoked"));
        Assert.Null(await stream.Next());
        client.DefaultRequestHeaders.Authorization = new("Bearer", key.Key);
        var refused = await client.GetAsync("/edge/v1/gates", Cancel);
        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Contains("edge.key-revoked", await refused.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    private static async Task<WebApplication> Second(GateScene scene)
    {
        var directory = Directory.CreateTempSubdirectory("sunsetter-second-").FullName;
        var app = SunsetterServer.Build(new StartOptions(directory, "http://127.0.0.1:0", Demo: false, ["--Logging:LogLevel:Default=Warning"])
        {
            PostgresConnection = scene.Server.Get<StorageOptions>().PostgresConnection, RunDueWork = false,
        });
        await SunsetterServer.Prepare(app, Cancel);
        await app.StartAsync(Cancel);
        return app;
    }

    private static Uri Address(WebApplication app) => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
}
