using System.Net;
using Sunsetter.Harness;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using static Sunsetter.Server.Tests.Migrate.Tools.ToolScene;

namespace Sunsetter.Server.Tests.Migrate.Tools;

/// <summary>The tool as the pages offer it.</summary>
public sealed class ToolPagesTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task A_command_is_attached_tried_and_run_for_everybody_through_its_page(Database database)
    {
        await using var scene = await On(database, """echo '{"done":7,"total":7,"message":"7 rooms moved"}'""");
        using var lin = await Browser.SignIn(scene.Server, "lin@vendor.test", Role.Product);
        var path = $"/retirements/{scene.Id}/tool";

        (await lin.Submit(await lin.Open(path), "command", ("name", "Room mover"), ("target", "mover"))).Done();
        Assert.Equal(["--customer={customer}", "--mode={mode}"], (await scene.Log.Find(scene.Id, Cancel))!.Migrating.Tool!.Arguments);
        Assert.Equal("run.nobody", (await lin.Submit(await lin.Open(path), "run", ("mode", "real"))).Refused);
        (await lin.Submit(await lin.Open(path), "run", ("mode", "dry"))).Done();
        await scene.RunDue();
        (await lin.Submit(await lin.Open(path), "run", ("mode", "real"))).Done();
        await scene.RunDue();

        var page = await lin.Open(path);
        Assert.Contains("2 of 2", page.Text);
        Assert.Contains("7 rooms moved", page.Text);
        Assert.Contains("tool has moved them", (await lin.Open($"/retirements/{scene.Id}/migrate?show=all")).Text);
        Assert.Contains("7 rooms moved", (await lin.Open($"/retirements/{scene.Id}/ledger/huaxin")).Text);
    }

    [Theory, EachDatabase]
    public async Task Who_may_neither_attach_nor_follow_sees_no_form_and_is_refused_by_the_api(Database database)
    {
        await using var scene = await (await On(database)).WithCommand();
        using var sales = await Browser.SignIn(scene.Server, "sam@vendor.test", Role.Sales);

        Assert.Empty((await sales.Open($"/retirements/{scene.Id}/tool")).Forms);

        using var api = await scene.Server.As("sam@vendor.test", Role.Sales);
        var answer = await System.Net.Http.Json.HttpClientJsonExtensions.PostAsJsonAsync(api, $"/api/v1/retirements/{scene.Id}/tool/runs", new { dryRun = true }, Cancel);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }
}
