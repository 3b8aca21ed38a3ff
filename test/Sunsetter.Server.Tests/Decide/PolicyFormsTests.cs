using Sunsetter.Harness;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Tests.Decide;

/// <summary>The pages of the notice policy and the calendar, their forms sent as a browser sends them.</summary>
public sealed class PolicyFormsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task A_policy_is_tried_without_being_kept_and_kept_with_a_reason(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        using var root = await Browser.SignIn(server, "root@vendor.test", Role.Administrator);

        var tried = await root.Submit(await root.Open("/settings/policy"), "policy", ("Form.Document", """{"floorDays":45}"""), ("Form.Act", "try"));
        Assert.Contains("This policy would give these dates", tried.Text);
        Assert.Equal(new NoticePolicy().FloorDays, (await server.Get<Policies>().Read(Cancel)).FloorDays);

        Assert.Equal("text.missing", (await root.Submit(await root.Open("/settings/policy"), "policy", ("Form.Document", """{"floorDays":45}"""), ("Form.Act", "save"))).Refused);
        (await root.Submit(await root.Open("/settings/policy"), "policy", ("Form.Document", """{"floorDays":45}"""), ("Form.Note", "Our banks ask for it."), ("Form.Act", "save"))).Done();
        Assert.Equal(45, (await server.Get<Policies>().Read(Cancel)).FloorDays);
        Assert.Contains("Our banks ask for it.", (await root.Open("/settings/policy")).Text);
    }

    [Theory]
    [EachDatabase("{"), EachDatabase("""{"floorDays":-1}"""), EachDatabase("[]"), EachDatabase("")]
    public async Task A_policy_with_errors_stays_in_the_form_with_all_of_them(Database database, string document)
    {
        await using var server = await ServerUnderTest.On(database);
        using var root = await Browser.SignIn(server, "root@vendor.test", Role.Administrator);

        var page = await root.Submit(await root.Open("/settings/policy"), "policy", ("Form.Document", document), ("Form.Note", "x"), ("Form.Act", "save"));

        Assert.Contains("nothing was saved", page.Document.QuerySelector("[role=alert]")!.TextContent);
        Assert.Equal(document, page.Document.QuerySelector("textarea[name='Form.Document']")!.TextContent);
        Assert.Empty(await server.Get<Policies>().History(Cancel));
    }
}
