using System.Net;
using System.Xml.Linq;
using Sunsetter.Harness;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Tests.Announce;

public sealed class PublicAnnouncementsTests
{
    private static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task An_announcement_is_public_only_once_it_is_published(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var id = await Retirement(server);
        var stranger = server.Stranger();
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync($"/announcements/{id}", Cancel)).StatusCode);
        Assert.Empty(XDocument.Parse(await stranger.GetStringAsync("/announcements/feed.atom", Cancel)).Descendants(Atom + "entry"));

        await server.Get<FactLog>().Change(id, "lin@vendor.test", _ => new AnnouncementPublished(), Cancel);

        Assert.Contains("cannot meet the rules", await stranger.GetStringAsync($"/announcements/{id}", Cancel));
        Assert.Contains("无法满足", await stranger.GetStringAsync("/announcements/rooms-legacy?lang=zh-CN", Cancel));
        var entry = Assert.Single(XDocument.Parse(await stranger.GetStringAsync("/announcements/feed.atom?lang=en", Cancel)).Descendants(Atom + "entry"));
        Assert.Equal("rooms-legacy ends on 2 Mar 2027", (string?)entry.Element(Atom + "title"));
    }

    [Theory, EachDatabase]
    public async Task A_moved_day_replaces_the_entry_in_calendars(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var id = await Retirement(server);
        var log = server.Get<FactLog>();
        await log.Change(id, "lin@vendor.test", _ => new AnnouncementPublished(), Cancel);
        var before = Ical.Net.Calendar.Load(await server.Stranger().GetStringAsync("/announcements/calendar.ics", Cancel))!.Events[0];

        await log.Change(id, "lin@vendor.test", state => new RetirementScheduled(state.Schedule! with { ClosesOn = new DateOnly(2027, 3, 9) }, "customers asked"), Cancel);
        var after = Ical.Net.Calendar.Load(await server.Stranger().GetStringAsync("/announcements/calendar.ics", Cancel))!.Events[0];

        Assert.Equal(before?.Uid, after?.Uid);
        Assert.True(after!.Sequence > before!.Sequence);
        // 02:00 in Shanghai is 18:00 UTC of the day before.
        Assert.Equal(new DateTime(2027, 3, 8, 18, 0, 0, DateTimeKind.Utc), after!.Start!.AsUtc);
    }

    [Theory, EachDatabase]
    public async Task A_cancelled_retirement_says_that_it_is_off(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var id = await Retirement(server);
        await server.Get<FactLog>().Change(id, "lin@vendor.test", _ => Decision.Of(new AnnouncementPublished(), new RetirementCancelled("too many need it")), Cancel);

        var page = await server.Stranger().GetStringAsync($"/announcements/{id}", Cancel);

        Assert.Contains("stays for now", page);
        Assert.DoesNotContain("It cannot meet the rules", await server.Stranger().GetStringAsync("/announcements", Cancel));
        Assert.DoesNotContain("too many need it", page);
    }

    private static async Task<RetirementId> Retirement(ServerUnderTest server)
    {
        var id = RetirementId.New();
        Decision proposed = new RetirementProposed(new ModuleKey("rooms-legacy"), new ModuleKey("spaces"), new Text("Legacy rooms", "旧版群聊室"), "wang@vendor.test",
            [new Reason(ReasonKind.TechnicalRenewal, new Text("It cannot meet the rules of 2027.", "无法满足 2027 年的要求。"))]);
        await server.Get<FactLog>().Begin(id, "lin@vendor.test", _ => proposed
            .And(new RetirementScheduled(new Schedule(new DateOnly(2027, 3, 2), new TimeOnly(2, 0), "Asia/Shanghai", new DateOnly(2026, 12, 1), 14), null)), Cancel);
        return id;
    }
}
