using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Sunsetter.Harness;
using Sunsetter.Server.Announce.Reach;
using Sunsetter.Server.Campaigns;
using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Migrate;
using Sunsetter.Server.Platform;
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

    [Theory, EachDatabase]
    public async Task The_page_says_that_it_has_closed_when_it_has_and_that_it_is_open_again_when_it_is(Database database)
    {
        await using var scene = await (await On(database)).Released();
        using var client = Client(scene, Browser);
        var path = Path(scene, Huaxin, "anna@huaxin.test") + "?lang=en";
        async Task<string> Page() => WebUtility.HtmlDecode(await client.GetStringAsync(path, Cancel));
        // Eight o'clock on the closing day: two hours to go, and nobody has given a go.
        scene.Server.Clock.SetUtcNow(new DateTimeOffset(2027, 2, 20, 0, 0, 0, TimeSpan.Zero));
        Assert.Contains("It closes today at 10:00.", await Page());

        scene.Server.Clock.SetUtcNow(new DateTimeOffset(2027, 2, 20, 2, 0, 0, TimeSpan.Zero));
        Assert.Contains("It has not closed", await Page());
        await scene.Log.Change(scene.Id, "ops", _ => Decision.Of(new ClosingConfirmed("")), Cancel);
        var closed = await Page();
        Assert.Contains("Legacy rooms closed on 20 Feb 2027", closed);
        Assert.Contains("It has closed.", closed);

        await scene.Log.Change(scene.Id, Huaxin, "sunsetter", (_, entry) => Decision.Of(entry.Customer, new CustomerClosed(new DateTimeOffset(2027, 2, 20, 2, 0, 0, TimeSpan.Zero))), Cancel);
        await scene.Log.Change(scene.Id, "ops", _ => Decision.Of(new ModuleRestored("Payroll", new DateTimeOffset(2027, 2, 21, 2, 0, 0, TimeSpan.Zero))), Cancel);
        var again = await Page();
        Assert.Contains("Legacy rooms is open again until 21 Feb 2027", again);
        Assert.Contains("is open again for you until 21 Feb 2027 10:00", again);
        Assert.DoesNotContain("Legacy rooms closes on", again);
        // Its day is behind them: there is nothing to know beforehand, and nothing to note.
        Assert.Equal(["help", "export", "colleague"], Forms(again));
        Assert.DoesNotContain("calendar.ics", again);
    }

    [Theory, EachDatabase]
    public async Task More_time_is_told_by_the_hour_at_which_it_ends_where_the_customer_is(Database database)
    {
        await using var scene = await On(database);
        var prairie = new CustomerKey("prairie");
        await using (var db = await scene.Server.Get<IDbContextFactory<SunsetterDb>>().CreateDbContextAsync(Cancel))
        {
            db.Add(new Contact { Id = Guid.CreateVersion7(), Customer = prairie, Email = "joe@prairie.test", Name = "Joe", Locale = "en" });
            await db.SaveChangesAsync(Cancel);
        }
        await scene.Log.Change(scene.Id, "lin@vendor.test", (_, _) => Decision.Of(prairie,
            new EntryOpened(new("Prairie", "Prairie"), "standard", CustomerClass.Standard, null, "America/Chicago", "en"), new ExtensionGranted(new DateOnly(2027, 3, 3), "Granted.")), Cancel);
        using var client = Client(scene, Browser);

        var page = WebUtility.HtmlDecode(await client.GetStringAsync(Path(scene, prairie, "joe@prairie.test") + "?lang=en", Cancel));

        // Ten o'clock in Shanghai on the day after is eight in the evening before in Chicago.
        Assert.Contains("it stops on 3 Mar 2027 20:00.", page);
        Assert.DoesNotContain("until the end of 3 Mar", page);
        Assert.Contains("it would stop at 20:00 your time on that very day", page);
        Assert.Contains("min=\"2027-03-04\"", page);
    }

    [Theory, EachDatabase]
    public async Task A_request_for_more_time_that_was_refused_is_answered_on_the_page_and_in_the_export_with_its_reason_and_our_other_reasons_are_not(Database database)
    {
        await using var scene = await (await On(database)).Released();
        using var client = Client(scene, Browser);
        var path = Path(scene, Huaxin, "anna@huaxin.test");
        await Post(client, path, await client.GetStringAsync(path, Cancel), "more", ("until", "2027-03-05"), ("reason", "Quarter end"));
        await scene.Log.Change(scene.Id, Huaxin, "yue@vendor.test", (_, entry) => new RefuseExtension("The rules of 2027 forbid it.").Decide(entry), Cancel);
        await scene.Log.Change(scene.Id, Huaxin, "yue@vendor.test", (_, entry) => Decision.Of(entry.Customer,
            new CustomerRestored("They shouted at sales.", ServerUnderTest.Start.AddDays(1)), new CustomerRestoreEnded("They are calm.")), Cancel);

        var page = WebUtility.HtmlDecode(await client.GetStringAsync($"{path}?lang=en", Cancel));
        Assert.Contains("we cannot grant it", page);
        Assert.Contains("The rules of 2027 forbid it.", page);
        await Post(client, path, page, "export");
        var export = Text(await client.GetByteArrayAsync(ExportLink().Match(await client.GetStringAsync(path, Cancel)).Groups[1].Value, Cancel));
        Assert.Contains("The rules of 2027 forbid it.", export);
        Assert.DoesNotContain("shouted", export);
        Assert.DoesNotContain("calm", export);
    }

    [Theory, EachDatabase]
    public async Task A_closing_that_is_called_off_asks_for_nothing_and_a_question_asked_before_is_still_answered(Database database)
    {
        await using var scene = await (await On(database)).Released();
        using var client = Client(scene, Browser);
        var path = Path(scene, Huaxin, "anna@huaxin.test");
        await Post(client, path, await client.GetStringAsync(path, Cancel), "help", ("question", "Where do our files go?"));

        await scene.Log.Change(scene.Id, "lin", _ => Decision.Of(new RetirementCancelled("It stays.")), Cancel);

        var page = WebUtility.HtmlDecode(await client.GetStringAsync($"{path}?lang=en", Cancel));
        Assert.Contains("this closing does not take place", page);
        Assert.DoesNotContain("it stops for good", page);
        Assert.DoesNotContain("no longer works", page);
        Assert.DoesNotContain("is available now", page);
        Assert.Contains("Where do our files go?", page);
        Assert.Equal(["export"], Forms(page));
        var needs = await scene.Server.Get<IEnumerable<INeeds>>().OfType<MigrateNeeds>().Single().Of(await scene.Retirement(), scene.Server.Clock.GetUtcNow(), Cancel);
        Assert.Equal("华信银行请求协助", Assert.Single(needs).Title.Zh);
    }

    [Theory, EachDatabase]
    public async Task After_the_end_the_page_offers_nothing_that_would_be_refused_and_promises_no_letter(Database database)
    {
        await using var scene = await (await On(database)).Released();
        using var client = Client(scene, Browser);
        var path = Path(scene, Huaxin, "anna@huaxin.test") + "?lang=en";
        async Task<string> Page() => WebUtility.HtmlDecode(await client.GetStringAsync(path, Cancel));
        Assert.Equal(["acknowledge", "help", "more", "export", "colleague"], Forms(await Page()));
        Assert.Contains("min=\"2027-02-20\" max=\"2027-05-21\"", await Page());
        var closed = new DateTimeOffset(2027, 2, 20, 2, 0, 0, TimeSpan.Zero);
        scene.Server.Clock.SetUtcNow(closed);
        await scene.Log.Change(scene.Id, "ops", _ => Decision.Of(new ClosingConfirmed("")), Cancel);
        await scene.Log.Change(scene.Id, Huaxin, "sunsetter", (_, entry) => Decision.Of(entry.Customer, new CustomerClosed(closed)), Cancel);

        var page = await Page();
        Assert.Equal(["help", "export", "colleague"], Forms(page));
        Assert.DoesNotContain("calendar.ics", page);
        await Post(client, path, page, "colleague", ("name", "Bo"), ("email", "bo@huaxin.test"));
        Assert.Contains("No more letters go out", WebUtility.HtmlDecode(await client.GetStringAsync($"{path}&done=colleague", Cancel)));

        await scene.Log.Change(scene.Id, "ops", _ => Decision.Of(new RetirementFinished("We learnt.", "")), Cancel);
        page = await Page();
        Assert.Equal(["export"], Forms(page));
        Assert.Contains("this matter is concluded", page);
        // One day it is deleted.
        Assert.DoesNotContain("is not lost", page);
    }

    private static IEnumerable<string> Forms(string page) => HandlerName().Matches(page).Select(found => found.Groups[1].Value);

    [GeneratedRegex("name=\"_handler\" value=\"(\\w+)\"")]
    private static partial Regex HandlerName();

    [Theory, EachDatabase]
    public async Task A_closing_that_is_called_off_is_struck_out_of_their_calendar(Database database)
    {
        await using var scene = await (await On(database)).Released();
        using var client = Client(scene, Browser);
        var link = $"{Path(scene, Huaxin, "anna@huaxin.test")}/calendar.ics";
        Assert.Contains("STATUS:CONFIRMED", await client.GetStringAsync(link, Cancel));

        await scene.Log.Change(scene.Id, "lin", _ => Decision.Of(new RetirementCancelled("It stays.")), Cancel);

        Assert.Contains("STATUS:CANCELLED", await client.GetStringAsync(link, Cancel));
    }

    [Theory, EachDatabase]
    public async Task The_page_and_the_calendar_hold_a_rehearsal_on_the_customers_next_working_day(Database database)
    {
        await using var scene = await On(database);
        await scene.Server.Get<Calendars>().Import([new CountryYear("CN", 2026, [], "test")], "test", Cancel);
        await scene.Log.Change(scene.Id, "lin", _ => Decision.Of(new BrownoutScheduled(new Brownout(new DateOnly(2026, 12, 5), new TimeOnly(10, 0), 15, true) { OnWorkingDays = true }, "Find bots")), Cancel);
        using var client = Client(scene, Browser);
        var path = Path(scene, Huaxin, "anna@huaxin.test");

        Assert.Contains("DTSTART:20261207T020000Z", await client.GetStringAsync($"{path}/calendar.ics", Cancel));
        Assert.Contains("2026年12月7日 10:00", WebUtility.HtmlDecode(await client.GetStringAsync(path, Cancel)));
    }
}
