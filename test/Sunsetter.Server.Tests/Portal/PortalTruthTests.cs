using System.Net;
using Sunsetter.Harness;
using Sunsetter.Server.Announce.Reach;
using Sunsetter.Server.Campaigns;
using Sunsetter.Server.Portal;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Tests.Announce;
using static Sunsetter.Server.Tests.Announce.AnnounceScene;

namespace Sunsetter.Server.Tests.Portal;

/// <summary>Whom the page admits, and that it says what holds now.</summary>
public sealed partial class PortalTests
{
    [Theory, EachDatabase]
    public async Task One_who_was_reported_as_gone_is_shown_nothing_and_gets_no_fresh_link(Database database)
    {
        await using var scene = await (await On(database)).Released();
        await scene.Log.Change(scene.Id, Huaxin, "yue", (_, entry) => new LoseContact("anna@huaxin.test", "She told us.").Decide(entry), Cancel);
        using var client = Client(scene, Browser);
        var path = Path(scene, Huaxin, "anna@huaxin.test");

        var answer = await client.GetAsync(path, Cancel);
        var page = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(Cancel));

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("我们得知您已不再负责此事", page);
        Assert.DoesNotContain("华信", page);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync($"{path}/calendar.ics", Cancel)).StatusCode);
        var visits = scene.Server.Get<PortalVisits>();
        await visits.SendFreshLink((await visits.Open(path["/c/".Length..], Cancel))!.Visit, Cancel);
        Assert.DoesNotContain(await scene.Server.Get<Outbox>().Of(scene.Id, Cancel), message => message.Step.StartsWith("portal-link", StringComparison.Ordinal));
    }

    [Theory, EachDatabase]
    public async Task A_moved_day_is_acknowledged_by_the_button_again(Database database)
    {
        await using var scene = await (await On(database)).Released();
        await scene.Settle();
        using var client = Client(scene, Browser);
        var path = Path(scene, Huaxin, "anna@huaxin.test");
        await Post(client, path, await client.GetStringAsync(path, Cancel), "acknowledge");
        Assert.DoesNotContain("我已知悉", WebUtility.HtmlDecode(await client.GetStringAsync(path, Cancel)));
        var schedule = (await scene.Retirement()).Schedule!;
        await scene.Log.Change(scene.Id, "lin", _ => Decision.Of(new RetirementScheduled(schedule with { ClosesOn = Closes.AddDays(30) }, "Year-end.")), Cancel);
        await scene.Settle();

        Assert.Null((await scene.Entry(Huaxin)).Reach.AcknowledgedAt);
        var page = WebUtility.HtmlDecode(await client.GetStringAsync(path, Cancel));
        Assert.Contains("我已知悉", page);
        await Post(client, path, page, "acknowledge");
        Assert.Equal("anna@huaxin.test", (await scene.Entry(Huaxin)).Reach.AcknowledgedBy);
    }

    [Fact]
    public async Task The_page_and_the_calendar_hold_a_rehearsal_on_the_customers_next_working_day()
    {
        await using var scene = await On(Database.Sqlite);
        await scene.Server.Get<Calendars>().Import([new CountryYear("CN", 2026, [], "test")], "test", Cancel);
        await scene.Log.Change(scene.Id, "lin", _ => Decision.Of(new BrownoutScheduled(new Brownout(new DateOnly(2026, 12, 5), new TimeOnly(10, 0), 15, true) { OnWorkingDays = true }, "Find bots")), Cancel);
        using var client = Client(scene, Browser);
        var path = Path(scene, Huaxin, "anna@huaxin.test");

        Assert.Contains("DTSTART:20261207T020000Z", await client.GetStringAsync($"{path}/calendar.ics", Cancel));
        Assert.Contains("2026年12月7日 10:00", WebUtility.HtmlDecode(await client.GetStringAsync(path, Cancel)));
    }
}
