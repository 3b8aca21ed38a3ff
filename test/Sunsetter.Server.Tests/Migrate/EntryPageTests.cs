using Sunsetter.Harness;
using Sunsetter.Server.Migrate;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Tests.Announce;
using static Sunsetter.Server.Tests.Announce.AnnounceScene;

namespace Sunsetter.Server.Tests.Migrate;

/// <summary>One customer says the same on every page: the next step, and who is who.</summary>
public sealed class EntryPageTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task The_next_step_of_a_customer_is_the_one_of_their_line_in_the_ledger(Database database)
    {
        await using var scene = await On(database);
        using var yue = await Browser.SignIn(scene.Server, "yue@vendor.test", Role.Success);
        await scene.Log.Change(scene.Id, Huaxin, "anna@huaxin.test", (_, entry) => Decision.Of(entry.Customer, new HelpRequested(Guid.CreateVersion7(), "How do we move?", "Anna")), Cancel);
        await scene.Log.Change(scene.Id, Huaxin, "yue@vendor.test", (_, entry) => Decision.Of(entry.Customer, new FollowUpAssigned("yue@vendor.test", Closes, "Show them the tool")), Cancel);
        await scene.Server.Get<LedgerLines>().CatchUp(await scene.Retirement(), Cancel);
        var step = (await scene.Server.Get<LedgerLines>().Find(scene.Id, Huaxin, Cancel))!.StepEn;

        Assert.StartsWith("Answer their question", step, StringComparison.Ordinal);
        var page = (await yue.Open($"/retirements/{scene.Id}/ledger/huaxin")).Text;
        Assert.Contains($"{step} Agreed: Show them the tool", page);
        Assert.Contains($"Next step{step}", (await yue.Open("/support?q=huaxin")).Text.Replace("Next step ", "Next step", StringComparison.Ordinal));
    }

    [Theory, EachDatabase]
    public async Task People_and_customers_are_called_by_their_names(Database database)
    {
        await using var scene = await On(database);
        using var yue = await Browser.SignIn(scene.Server, "yue@vendor.test", Role.Success);
        await scene.Log.Change(scene.Id, Huaxin, "customer:anna@huaxin.test", (_, entry) => Decision.Of(entry.Customer, new HelpRequested(Guid.CreateVersion7(), "How do we move?", "Anna")), Cancel);
        await scene.Log.Change(scene.Id, "nobody@vendor.test", _ => Decision.Of(new DependentSettled(Huaxin, true, "They close their books with it.")), Cancel);

        var page = await yue.Open($"/retirements/{scene.Id}/evidence");

        Assert.Contains("Anna (customer) · Huaxin Bank", page.Text);
        Assert.Contains("Huaxin Bank does depend on it", page.Text);
        Assert.Contains("nobody@vendor.test", page.Text);
        Assert.Equal(("anna@huaxin.test", "huaxin"), (page.Document.QuerySelector("main [title*='@']")?.GetAttribute("title"), page.Document.QuerySelector("main [title='huaxin']")?.GetAttribute("title")));
        Assert.Contains("key customer · tier enterprise · Lin Yue", (await yue.Open($"/retirements/{scene.Id}/ledger/huaxin")).Text);
    }

    [Theory, EachDatabase]
    public async Task What_cannot_be_done_yet_is_not_offered(Database database)
    {
        await using var scene = await On(database);
        using var lin = await Browser.SignIn(scene.Server, "gao@vendor.test", Role.Product);
        var path = $"/retirements/{scene.Id}/announce";

        var early = await lin.Open(path);
        Assert.Equal((false, false), (early.Forms.Contains("release"), early.Forms.Contains("publish")));
        Assert.Contains("Support has not confirmed", early.Text);
        await scene.Log.Change(scene.Id, "su@vendor.test", _ => Decision.Of(new TalkTracksWritten(new("Say this.", "这样说。")), new TalkTracksConfirmed()), Cancel);
        var ready = await lin.Open(path);
        Assert.Equal((true, true), (ready.Forms.Contains("release"), ready.Forms.Contains("publish")));
        (await lin.Submit(ready, "release")).Done();
        // Nobody has been told, and QA has not signed.
        Assert.DoesNotContain("start", (await lin.Open(path)).Forms);
    }

    [Theory, EachDatabase]
    public async Task The_desk_shows_support_what_waits_before_the_telephone_rings(Database database)
    {
        await using var scene = await On(database);
        await scene.Server.Tick();
        await scene.Log.Change(scene.Id, Meiya, "customer:wu@meiya.test", (_, entry) => Decision.Of(entry.Customer, new HelpRequested(Guid.CreateVersion7(), "How do we move?", "Wu")), Cancel);
        await scene.Log.Change(scene.Id, Huaxin, "customer:anna@huaxin.test", (_, entry) => Decision.Of(entry.Customer, new HelpRequested(Guid.CreateVersion7(), "And we?", "Anna")), Cancel);
        using var sue = await Browser.SignIn(scene.Server, "sue@vendor.test", Role.Support);

        var desk = (await sue.Open("/support")).Text;

        Assert.Contains("Confirm the talk tracks; the hotline can answer", desk);
        Assert.Contains("Meiya Retail asks for help", desk);
        Assert.Contains("Legacy rooms go: And we? Waits for Lin Yue", desk);
        Assert.Contains("Legacy rooms → Spaces", desk);
    }
}
