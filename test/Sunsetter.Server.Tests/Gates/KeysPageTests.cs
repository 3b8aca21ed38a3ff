using System.Net;
using Sunsetter.Harness;
using Sunsetter.Server.Gates;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Tests.Gates;

public sealed class KeysPageTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task An_administrator_sees_the_keys_and_who_obeys_and_nobody_else_does(Database database)
    {
        await using var scene = await GateScene.On(database);
        var key = await scene.Key(EdgeKeyKind.Server);
        var page = await (await scene.Server.As("root@vendor.test", Role.Administrator)).GetAsync("/settings/keys", Cancel);
        var html = await page.Content.ReadAsStringAsync(Cancel);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Contains(key.Kid, html, StringComparison.Ordinal);
        Assert.DoesNotContain(key.Key, html, StringComparison.Ordinal);
        Assert.Contains("whether any obeys is unknown", html, StringComparison.Ordinal);
        Assert.NotEqual(HttpStatusCode.OK, (await (await scene.Server.As("qa@vendor.test", Role.Qa)).GetAsync("/settings/keys", Cancel)).StatusCode);
    }

    [Theory, EachDatabase]
    public async Task A_running_drill_offers_to_reopen(Database database)
    {
        await using var scene = await GateScene.On(database);
        var client = await scene.Server.As("root@vendor.test", Role.Administrator);
        Assert.Contains("Close the shadow module", await client.GetStringAsync("/settings/keys", Cancel), StringComparison.Ordinal);
        await scene.Server.Get<RestoreDrill>().Start("root@vendor.test", Cancel);
        Assert.Contains("Reopen the shadow module", await client.GetStringAsync("/settings/keys", Cancel), StringComparison.Ordinal);
    }
}
