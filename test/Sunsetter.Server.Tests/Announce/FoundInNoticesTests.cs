using Sunsetter.Harness;
using Sunsetter.Server.Announce;
using Sunsetter.Server.Announce.Texts;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using static Sunsetter.Server.Tests.Announce.AnnounceScene;

namespace Sunsetter.Server.Tests.Announce;

/// <summary>A notice that fails its checks after the release does not wait in silence.</summary>
public sealed class FoundInNoticesTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task What_holds_a_released_notice_back_is_named_until_it_is_mended(Database database)
    {
        await using var scene = await (await On(database)).Released();
        var templates = new NoticeTemplates();
        var shipped = templates.Find("first", "en");
        await scene.Server.Get<Settings>().Set(templates.With(shipped with { Subject = "{{ module }} closes soon", Body = shipped.Body.Replace("{{ closing_day }}", "soon", StringComparison.Ordinal) }), "test", Cancel);
        await scene.Settle();

        Assert.Empty((await scene.Entry(Meiya)).Reach.Notices);
        var need = Assert.Single(await Needs(scene), need => need.Title.En.Contains("held back", StringComparison.Ordinal));
        Assert.Equal((Urgency.Late, true), (need.Urgency, need.Title.En.Contains("Meiya Retail", StringComparison.Ordinal)));
        Assert.Contains(await Blockers(scene), blocker => blocker.Sentence == need.Title);
        using var lin = await Browser.SignIn(scene.Server, "lin@vendor.test", Role.Product);
        Assert.Contains("mend the notice: It does not name the closing day", (await lin.Open($"/retirements/{scene.Id}/announce?all=true")).Text);

        await scene.Server.Get<Settings>().Set(templates, "test", Cancel);
        await scene.Server.Tick(TimeSpan.FromMinutes(1));

        Assert.Single((await scene.Entry(Meiya)).Reach.Notices);
        Assert.DoesNotContain(await Needs(scene), one => one.Title == need.Title);
    }

    private static async Task<IReadOnlyList<Need>> Needs(AnnounceScene scene) => await scene.Server.Get<AnnounceNeeds>().Of(await scene.Retirement(), scene.Server.Clock.GetUtcNow(), Cancel);

    [Theory, EachDatabase]
    public async Task A_freeze_over_the_promised_day_is_told_to_the_owner_and_no_notice_promises_that_day(Database database)
    {
        await using var scene = await On(database);
        await scene.Server.Get<Settings>().Set(new FreezeWindows { Windows = [new(Closes.AddDays(-1), Closes.AddDays(1), "Spring launch", null)] }, "root@vendor.test", Cancel);
        using var lin = await Browser.SignIn(scene.Server, "lin@vendor.test", Role.Product);

        Assert.Contains("The closing day of Legacy rooms cannot stay", (await lin.Open("/")).Text);
        Assert.Equal("calendar.freeze", (await lin.Open($"/retirements/{scene.Id}/dates")).Refused);
        Assert.DoesNotContain("release", (await lin.Open($"/retirements/{scene.Id}/announce")).Forms);
        Assert.Equal("calendar.freeze", (await scene.Server.Get<ReleaseDesk>().Release(scene.Id, Actor.Clock, Cancel)).Refusal?.Code);
    }

    private static async Task<IReadOnlyList<Blocker>> Blockers(AnnounceScene scene) =>
        await scene.Server.Get<AnnounceNeeds>().Of(await scene.Retirement(), await scene.Log.Entries(scene.Id, Cancel), scene.Server.Clock.GetUtcNow(), Cancel);
}
