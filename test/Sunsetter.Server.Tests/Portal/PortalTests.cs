using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Sunsetter.Harness;
using Sunsetter.Server.Announce;
using Sunsetter.Server.Campaigns;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Portal;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Tests.Announce;
using static Sunsetter.Server.Tests.Announce.AnnounceScene;

namespace Sunsetter.Server.Tests.Portal;

public sealed partial class PortalTests
{
    private const string Browser = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task Opening_the_page_is_a_reading_and_only_the_button_is_an_acknowledgement(Database database)
    {
        await using var scene = await (await On(database)).Released();
        await scene.Server.Tick();
        using var client = Client(scene, Browser);
        var path = Path(scene, Huaxin, "anna@huaxin.test");

        var page = await client.GetStringAsync(path, Cancel);
        Assert.Contains("旧版群聊室将于 2027年2月20日停止服务", WebUtility.HtmlDecode(page));
        Assert.DoesNotContain("<script", page);
        var read = (await scene.Entry(Huaxin)).Reach;
        Assert.NotNull(read.ReadAt);
        Assert.Null(read.AcknowledgedAt);

        await Post(client, path, page, "acknowledge");
        Assert.Equal("anna@huaxin.test", (await scene.Entry(Huaxin)).Reach.AcknowledgedBy);
        Assert.Null((await scene.Entry(Meiya)).Reach.ReadAt);
    }

    [Theory, EachDatabase]
    public async Task A_page_that_was_read_opens_while_its_retirement_is_being_changed(Database database)
    {
        await using var scene = await (await On(database)).Released();
        using var client = Client(scene, Browser);
        var path = Path(scene, Huaxin, "anna@huaxin.test");
        await client.GetStringAsync(path, Cancel);
        var version = (await scene.Entry(Huaxin)).Version;

        await using (var db = await scene.Server.Get<IDbContextFactory<SunsetterDb>>().CreateDbContextAsync(Cancel))
        {
            await using var change = await db.Database.BeginTransactionAsync(Cancel);
            await db.Database.ExecuteSqlAsync($"update retirement set version = version", Cancel);
            Assert.Contains("旧版群聊室", WebUtility.HtmlDecode(await client.GetStringAsync(path, Cancel)));
        }

        Assert.Equal(version, (await scene.Entry(Huaxin)).Version);
    }

    [Theory]
    [EachDatabase("zh-CN", "2027年2月17日 10:00：10% 的用户停止使用", "2027年2月20日 10:00（北京时间）：对全体用户正式停止")]
    [EachDatabase("en", "17 Feb 2027 10:00: it stops for 10% of your users", "20 Feb 2027 10:00 (Asia/Shanghai, UTC+08:00): it stops for good, for everybody")]
    public async Task The_page_says_which_share_of_the_users_closes_when(Database database, string language, string share, string all)
    {
        await using var scene = await (await On(database)).Released();
        await scene.Log.Change(scene.Id, "lin@vendor.test", _ => Decision.Of(new GradualClosingSet([new GradualShare(72, 10)], "carefully")), Cancel);
        using var client = Client(scene, Browser);
        var page = WebUtility.HtmlDecode(Regex.Replace(await client.GetStringAsync($"{Path(scene, Huaxin, "anna@huaxin.test")}?lang={language}", Cancel), "<[^>]+>", ""));
        var words = Regex.Replace(page, @"\s+", " ");
        Assert.Contains(share, words, StringComparison.Ordinal);
        Assert.Contains(all, words, StringComparison.Ordinal);
    }

    [Theory]
    [EachDatabase("Mozilla/5.0 (compatible; Googlebot/2.1)"), EachDatabase("Proofpoint URL Defense scanner"), EachDatabase("curl/8.5.0"), EachDatabase("")]
    public async Task A_program_that_looks_at_links_does_not_read(Database database, string agent)
    {
        await using var scene = await (await On(database)).Released();
        using var client = Client(scene, agent);

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync(Path(scene, Huaxin, "anna@huaxin.test"), Cancel)).StatusCode);
        Assert.Null((await scene.Entry(Huaxin)).Reach.ReadAt);
    }

    [Theory, EachDatabase]
    public async Task A_link_lives_until_its_instant_and_not_a_moment_longer(Database database)
    {
        await using var scene = await On(database);
        var links = scene.Server.Get<PortalLinks>();
        var token = links.TokenFor(new PortalPass(scene.Id, Huaxin, "anna@huaxin.test", ServerUnderTest.Start.AddHours(1)));

        scene.Server.Clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromMilliseconds(1));
        Assert.False(links.Read(token)!.Value.Expired);
        scene.Server.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.True(links.Read(token)!.Value.Expired);
    }

    [Theory, EachDatabase]
    public async Task An_expired_link_shows_nothing_of_the_customer_and_mails_a_fresh_one_to_its_own_contact_only(Database database)
    {
        await using var scene = await On(database);
        var token = scene.Server.Get<PortalLinks>().TokenFor(new PortalPass(scene.Id, Huaxin, "anna@huaxin.test", ServerUnderTest.Start));
        using var client = Client(scene, Browser);

        var answer = await client.GetAsync($"/c/{token}?lang=en", Cancel);
        var page = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.DoesNotContain("Huaxin", page);
        await Post(client, $"/c/{token}", page, "fresh");
        await Post(client, $"/c/{token}", page, "fresh");

        await using var db = await scene.Server.Get<IDbContextFactory<SunsetterDb>>().CreateDbContextAsync(Cancel);
        Assert.Equal("anna@huaxin.test", (await db.Set<MessageRow>().SingleAsync(Cancel)).Address);
    }

    [Theory]
    [EachDatabase(0), EachDatabase(40), EachDatabase(-1)]
    public async Task A_link_changed_in_one_letter_opens_nothing(Database database, int at)
    {
        await using var scene = await On(database);
        var letters = Path(scene, Huaxin, "anna@huaxin.test")["/c/".Length..].ToCharArray();
        var place = at < 0 ? letters.Length - 10 : at;
        letters[place] = letters[place] == 'A' ? 'B' : 'A';
        using var client = Client(scene, Browser);

        var answer = await client.GetAsync($"/c/{new string(letters)}", Cancel);

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.DoesNotContain("Huaxin", await answer.Content.ReadAsStringAsync(Cancel));
    }

    [Theory, EachDatabase]
    public async Task A_link_opens_the_page_of_its_own_customer_and_one_for_a_customer_who_is_not_affected_opens_nothing(Database database)
    {
        await using var scene = await (await On(database)).Released();
        using var client = Client(scene, Browser);

        var own = await client.GetStringAsync(Path(scene, Huaxin, "anna@huaxin.test"), Cancel);
        var foreign = await client.GetAsync(Path(scene, new CustomerKey("orbit"), "anna@huaxin.test"), Cancel);

        Assert.Contains("华信银行", WebUtility.HtmlDecode(own));
        Assert.DoesNotContain("美雅", WebUtility.HtmlDecode(own));
        Assert.Equal(HttpStatusCode.Forbidden, foreign.StatusCode);
        Assert.DoesNotContain("华信", WebUtility.HtmlDecode(await foreign.Content.ReadAsStringAsync(Cancel)));
    }

    [Theory, EachDatabase]
    public async Task The_page_keeps_its_link_to_itself_and_runs_no_script(Database database)
    {
        await using var scene = await (await On(database)).Released();
        using var client = Client(scene, Browser);

        var answer = await client.GetAsync(Path(scene, Huaxin, "anna@huaxin.test"), Cancel);

        Assert.Equal(["no-referrer"], answer.Headers.GetValues("Referrer-Policy"));
        Assert.Equal(["noindex, nofollow"], answer.Headers.GetValues("X-Robots-Tag"));
        Assert.StartsWith("default-src 'none'", answer.Headers.GetValues("Content-Security-Policy").First());
        Assert.True(answer.Headers.CacheControl?.NoStore);
    }

    [Theory, EachDatabase]
    public async Task The_sixty_first_call_of_a_minute_waits(Database database)
    {
        await using var scene = await On(database);
        using var client = Client(scene, Browser);
        for (var call = 0; call < PortalGuard.CallsPerMinute; call++)
            Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/c/abc/calendar.ics", Cancel)).StatusCode);

        Assert.Equal(HttpStatusCode.TooManyRequests, (await client.GetAsync("/c/abc/calendar.ics", Cancel)).StatusCode);
    }

    [Theory, EachDatabase]
    public async Task Help_more_time_the_export_and_a_colleague_are_asked_for_by_buttons(Database database)
    {
        await using var scene = await (await On(database)).Released();
        await scene.Server.Tick();
        using var client = Client(scene, Browser);
        var path = Path(scene, Huaxin, "anna@huaxin.test");
        var page = await client.GetStringAsync(path, Cancel);

        await Post(client, path, page, "help", ("question", "How do we move the bots?"));
        await Post(client, path, page, "more", ("until", "2027-03-05"), ("reason", "Quarter end"));
        await Post(client, path, page, "export");
        await Post(client, path, page, "colleague", ("name", "Bo"), ("email", "Bo@Huaxin.test"), ("instead", "true"));

        var entry = await scene.Entry(Huaxin);
        Assert.Equal(("How do we move the bots?", "anna@huaxin.test"), (entry.Move.Help.Single().Question, entry.Move.Help.Single().Contact));
        Assert.Equal(new DateOnly(2027, 3, 5), entry.Move.Extension?.Until);
        Assert.Single(entry.Closure.Exports);
        await scene.Server.Tick(TimeSpan.FromSeconds(5));
        Assert.Contains(await scene.Server.Get<Outbox>().Of(scene.Id, Cancel), message => message.Recipient == "bo@huaxin.test");
    }

    [Theory, EachDatabase]
    public async Task The_calendar_holds_the_closing_instant(Database database)
    {
        await using var scene = await On(database);
        using var client = Client(scene, Browser);

        var calendar = await client.GetStringAsync($"{Path(scene, Huaxin, "anna@huaxin.test")}/calendar.ics", Cancel);

        Assert.Contains("DTSTART:20270220T020000Z", calendar);
        // Their own day changes and nothing else: only with a higher number calendars move it too.
        await scene.Log.Change(scene.Id, Huaxin, "yue@vendor.test", (_, entry) => Decision.Of(entry.Customer, new ExtensionGranted(new DateOnly(2027, 3, 1), "Quarter end")), Cancel);
        var moved = await client.GetStringAsync($"{Path(scene, Huaxin, "anna@huaxin.test")}/calendar.ics", Cancel);
        Assert.True(Sequence(moved) > Sequence(calendar), moved);

        static int Sequence(string calendar) => int.Parse(calendar.Split("SEQUENCE:")[1].Split('\r')[0], System.Globalization.CultureInfo.InvariantCulture);
    }

    private static string Path(AnnounceScene scene, CustomerKey customer, string contact) =>
        $"/c/{scene.Server.Get<PortalLinks>().TokenFor(new PortalPass(scene.Id, customer, contact, ServerUnderTest.Start.AddDays(100)))}";

    private static HttpClient Client(AnnounceScene scene, string agent)
    {
        var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() }) { BaseAddress = scene.Server.Address };
        client.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", agent);
        client.DefaultRequestHeaders.AcceptLanguage.ParseAdd("zh-CN");
        return client;
    }

    private static async Task Post(HttpClient client, string path, string page, string form, params (string Name, string Value)[] fields)
    {
        var token = Antiforgery().Match(page).Groups[1].Value;
        var values = fields.Append(("__RequestVerificationToken", token)).Append(("_handler", form)).Select(field => KeyValuePair.Create(field.Item1, field.Item2));
        var answer = await client.PostAsync(path, new FormUrlEncodedContent(values), Cancel);
        Assert.True(answer.StatusCode == HttpStatusCode.Redirect, $"{form}: {answer.StatusCode} {await answer.Content.ReadAsStringAsync(Cancel)}");
    }

    [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"([^\"]+)\"")]
    private static partial Regex Antiforgery();
}
