using Microsoft.EntityFrameworkCore;
using Sunsetter.Harness;
using Sunsetter.Server.Announce.Telling;
using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Portal;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Tests.Retirements;
using static Sunsetter.Server.Tests.Announce.AnnounceScene;

namespace Sunsetter.Server.Tests.Announce;

/// <summary>A contact who left, and one who passed for gone and is there after all.</summary>
public sealed class ContactsTests
{
    private const string Anna = "anna@huaxin.test";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task Whoever_follows_a_customer_reports_a_contact_as_gone_and_as_there_again(Database database)
    {
        await using var scene = await (await On(database)).Released();
        using var success = await Browser.SignIn(scene.Server, "yue@vendor.test", Role.Success);
        using var reader = await Browser.SignIn(scene.Server, "reader@vendor.test", Role.Engineering);
        var path = $"/retirements/{scene.Id}/announce?customer=huaxin";

        (await success.Submit(await success.Open(path), "contact", ("email", Anna), ("reason", "She told us."), ("what", "lost"))).Done();
        Assert.Empty(await Written(scene));
        await MarkDead(scene);
        (await success.Submit(await success.Open(path), "contact", ("email", Anna), ("reason", "Their server was down."), ("what", "found"))).Done();

        Assert.Equal([Anna], await Written(scene));
        Assert.Equal("contact.no-reason", (await success.Submit(await success.Open(path), "contact", ("email", Anna), ("reason", " "), ("what", "lost"))).Refused);
        Assert.DoesNotContain("contact", (await reader.Open(path)).Forms);
    }

    [Fact]
    public void A_colleague_whose_mail_came_back_is_not_named_in_vain() =>
        new NameContact(Anna, "Anna", InsteadOfMe: false).Decide(Told.Entry(new ContactLost(Anna, "550"))).Refused("contact.gone");

    private static async Task<IReadOnlyList<string>> Written(AnnounceScene scene)
    {
        await using var db = await scene.Server.Get<IDbContextFactory<SunsetterDb>>().CreateDbContextAsync(Cancel);
        return [.. Audience.Of(await scene.Entry(Huaxin), await db.Set<Contact>().Where(contact => contact.Customer == Huaxin).ToListAsync(Cancel)).Select(contact => contact.Email)];
    }

    private static async Task MarkDead(AnnounceScene scene)
    {
        await using var db = await scene.Server.Get<IDbContextFactory<SunsetterDb>>().CreateDbContextAsync(Cancel);
        await db.Set<Contact>().Where(contact => contact.Email == Anna).ExecuteUpdateAsync(set => set.SetProperty(contact => contact.DeadSince, ServerUnderTest.Start), Cancel);
    }
}
