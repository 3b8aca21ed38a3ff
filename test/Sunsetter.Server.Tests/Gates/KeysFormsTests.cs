using Sunsetter.Harness;
using Sunsetter.Server.Gates;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Tests.Gates;

/// <summary>The page of application keys, its forms sent as a browser sends them.</summary>
public sealed class KeysFormsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task A_key_is_made_shown_once_rotated_and_revoked(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        using var root = await Browser.SignIn(server, "root@vendor.test", Role.Administrator);

        var made = await root.Submit(await root.Open("/settings/keys"), "new", ("name", "Chat back end"));
        var secret = made.Document.QuerySelector("main pre")!.TextContent;
        Assert.DoesNotContain(secret, (await root.Open("/settings/keys")).Text);
        Assert.True((await server.WithToken(secret).GetAsync("/edge/v1/notices?customer=huaxin&user=ann", Cancel)).IsSuccessStatusCode);

        var kid = Assert.Single(await server.Get<EdgeKeys>().All(Cancel)).Kid;
        var rotated = await root.Submit(await root.Open("/settings/keys"), $"rotate-{kid}");
        Assert.NotEqual(secret, rotated.Document.QuerySelector("main pre")!.TextContent);
        (await root.Submit(await root.Open("/settings/keys"), $"revoke-{kid}")).Done();
        Assert.False((await server.WithToken(secret).GetAsync("/edge/v1/notices?customer=huaxin&user=ann", Cancel)).IsSuccessStatusCode);
    }

    [Theory, EachDatabase("", "key.name"), EachDatabase("   ", "key.name")]
    public async Task A_key_without_a_name_is_refused(Database database, string name, string code)
    {
        await using var server = await ServerUnderTest.On(database);
        using var root = await Browser.SignIn(server, "root@vendor.test", Role.Administrator);

        Assert.Equal(code, (await root.Submit(await root.Open("/settings/keys"), "new", ("name", name))).Refused);
        Assert.Empty(await server.Get<EdgeKeys>().All(Cancel));
    }

    [Theory, EachDatabase]
    public async Task A_drill_is_begun_and_ended_by_the_same_button(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        using var root = await Browser.SignIn(server, "root@vendor.test", Role.Administrator);

        var page = await root.Open("/settings/keys");
        (await root.Submit(page, "drill")).Done();
        // A second press of “close” is no “reopen”.
        Assert.Equal("drill.running", (await root.Submit(page, "drill")).Refused);
        (await root.Submit(await root.Open("/settings/keys"), "drill")).Done();

        Assert.NotNull(Assert.Single(await server.Get<RestoreDrill>().All(Cancel)).OpenedAt);
    }
}
