using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Sunsetter.Gates;
using Sunsetter.Harness;
using Sunsetter.Server.Gates;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Tests.Usage;
using static Sunsetter.Server.Tests.Announce.AnnounceScene;

namespace Sunsetter.Server.Tests.Announce;

/// <summary>
/// The friendly word inside the application (N5): who sees it, how often, and what of it the ledger learns. Huaxin's zone is Shanghai; the
/// test begins at 16:00 there.
/// </summary>
public sealed class InAppNoticesTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task A_notice_that_was_seen_comes_again_with_the_customers_next_day_and_not_a_moment_sooner(Database database)
    {
        await using var scene = await Told(database);
        var app = await Application(scene);

        var notice = Assert.Single(await Shown(app, "huaxin", "ann"));
        Assert.Equal("旧版群聊室将于 2027年2月20日停止服务", notice.GetProperty("title").GetProperty("zh-CN").GetString());
        Assert.Equal("Legacy rooms closes on 20 Feb 2027", notice.GetProperty("title").GetProperty("en").GetString());
        await Mark(app, notice, "seen", "huaxin", "ann");
        Assert.Empty(await Shown(app, "huaxin", "ann"));
        Assert.Single(await Shown(app, "huaxin", "bo"));

        scene.Server.Clock.Advance(TimeSpan.FromHours(8) - TimeSpan.FromMilliseconds(1));
        Assert.Empty(await Shown(app, "huaxin", "ann"));
        scene.Server.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Single(await Shown(app, "huaxin", "ann"));
    }

    [Theory, EachDatabase]
    public async Task Where_users_close_in_shares_each_is_told_their_own_day(Database database)
    {
        await using var scene = await Told(database);
        // The gate's own arithmetic: Ann's ten-thousandth of the users of this module, and Bo's.
        var (ann, bo) = (UserBucket.Of("rooms-legacy", "ann"), UserBucket.Of("rooms-legacy", "bo"));
        var (first, second) = ann < bo ? ("ann", "bo") : ("bo", "ann");
        var between = (Math.Min(ann, bo) / 100) + 1;
        Assert.InRange(between * 100, Math.Min(ann, bo) + 1, Math.Max(ann, bo));
        await scene.Log.Change(scene.Id, "lin@vendor.test", _ => Decision.Of(new GradualClosingSet([new GradualShare(72, between)], "carefully")), Cancel);

        var app = await Application(scene);
        Assert.Equal("Legacy rooms closes on 17 Feb 2027", Assert.Single(await Shown(app, "huaxin", first)).GetProperty("title").GetProperty("en").GetString());
        Assert.Equal("Legacy rooms closes on 20 Feb 2027", Assert.Single(await Shown(app, "huaxin", second)).GetProperty("title").GetProperty("en").GetString());
    }

    [Theory]
    [EachDatabase("dismissed"), EachDatabase("acknowledged")]
    public async Task Put_away_or_confirmed_it_stays_away_until_the_date_moves(Database database, string mark)
    {
        await using var scene = await Told(database);
        var app = await Application(scene);
        await Mark(app, Assert.Single(await Shown(app, "huaxin", "ann")), mark, "huaxin", "ann");

        scene.Server.Clock.Advance(TimeSpan.FromDays(7));
        Assert.Empty(await Shown(app, "huaxin", "ann"));

        var schedule = (await scene.Retirement()).Schedule!;
        await scene.Log.Change(scene.Id, "lin@vendor.test", _ => Decision.Of(new RetirementScheduled(schedule with { ClosesOn = new DateOnly(2027, 3, 20) }, "Year-end."))
            .And(Decision.Of(Huaxin, new NoticeIssued(2, NoticeKind.Changed, "changed", new DateOnly(2027, 3, 20)))), Cancel);
        Assert.Equal("Legacy rooms closes on 20 Mar 2027", Assert.Single(await Shown(app, "huaxin", "ann")).GetProperty("title").GetProperty("en").GetString());
    }

    [Theory, EachDatabase]
    public async Task After_the_end_no_name_of_a_user_is_written_down_any_more(Database database)
    {
        await using var scene = await Told(database);
        var app = await Application(scene);
        var notice = Assert.Single(await Shown(app, "huaxin", "ann"));
        await Mark(app, notice, "seen", "huaxin", "bo");
        await scene.Log.Change(scene.Id, "ops", _ => Decision.Of(new RetirementFinished("We learnt.", "")), Cancel);

        var answer = await app.PostAsJsonAsync($"/edge/v1/notices/{notice.GetProperty("id").GetString()}/seen", new { customer = "huaxin", user = "ann" }, Cancel);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Theory]
    [EachDatabase("huaxin", "stranger", "who never used the module")]
    [EachDatabase("huaxin", "mover", "who has left it for the replacement")]
    [EachDatabase("meiya", "ann", "of the same name at another customer")]
    [EachDatabase("meiya", "wu", "whose administrators were not told yet")]
    public async Task Nobody_is_bothered(Database database, string customer, string user, string because)
    {
        await using var scene = await Told(database);

        Assert.True((await Shown(await Application(scene), customer, user)).Count == 0, because);
    }

    [Theory, EachDatabase]
    public async Task What_people_saw_reaches_the_ledger_the_first_at_once_and_the_rest_by_the_hour(Database database)
    {
        await using var scene = await Told(database);
        var app = await Application(scene);
        var notice = Assert.Single(await Shown(app, "huaxin", "ann"));

        await Mark(app, notice, "seen", "huaxin", "ann");
        await scene.Server.Tick(TimeSpan.FromSeconds(15));
        Assert.Equal((1, 0, 0), await InApp(scene));

        await Mark(app, notice, "seen", "huaxin", "ann");
        await Mark(app, notice, "dismissed", "huaxin", "bo");
        await Mark(app, notice, "acknowledged", "huaxin", "ann");
        await scene.Server.Tick(TimeSpan.FromMinutes(59));
        Assert.Equal((1, 0, 0), await InApp(scene));
        await scene.Server.Tick(TimeSpan.FromMinutes(1));
        Assert.Equal((2, 1, 1), await InApp(scene));

        await scene.Server.Tick(TimeSpan.FromHours(2));
        Assert.Equal(2, await scene.Count<NoticeSeenInApp>(Huaxin));
        Assert.Null((await scene.Entry(Huaxin)).Reach.ReadAt);
    }

    [Theory, EachDatabase]
    public async Task Whoever_works_at_a_key_customer_is_asked_to_confirm_until_somebody_there_has(Database database)
    {
        await using var scene = await Told(database);
        await scene.Log.Change(scene.Id, "lin@vendor.test", _ => Decision.Of(Meiya, new NoticeIssued(1, NoticeKind.First, "first", Closes), new NoticeSent(1, "anna@meiya.test", "email", "m", new DateOnly(2026, 11, 22))), Cancel);
        var app = await Application(scene);
        async Task<bool> Asked(string customer, string user) => Assert.Single(await Shown(app, customer, user)).GetProperty("acknowledge").GetBoolean();
        Assert.Equal((true, false), (await Asked("huaxin", "ann"), await Asked("meiya", "wu")));

        await scene.Log.Change(scene.Id, "lin@vendor.test", _ => Decision.Of(new MajorDeclared("Half of all customers use it.")).And(Decision.Of(Huaxin, new NoticeAcknowledged(1, "anna@huaxin.test"))), Cancel);
        Assert.Equal((false, true), (await Asked("huaxin", "ann"), await Asked("meiya", "wu")));
    }

    [Theory, EachDatabase]
    public async Task The_page_of_reach_tells_how_many_saw_it_inside_the_application(Database database)
    {
        await using var scene = await Told(database);
        var app = await Application(scene);
        await Mark(app, Assert.Single(await Shown(app, "huaxin", "ann")), "acknowledged", "huaxin", "ann");
        await scene.Server.Tick(TimeSpan.FromSeconds(15));
        using var lin = await Browser.SignIn(scene.Server, "lin@vendor.test", Server.Platform.Role.Product);

        var page = await lin.Open($"/retirements/{scene.Id}/announce");

        Assert.Contains("in the application: 1 have seen it, 1 confirmed", page.Text);
        Assert.Contains("Inside the application it was seen by 1 person of 1 customer.", page.Text);
    }

    [Theory, EachDatabase]
    public async Task A_notice_that_was_never_issued_cannot_be_marked(Database database)
    {
        await using var scene = await Told(database);
        var app = await Application(scene);

        foreach (var id in new[] { $"{scene.Id}-2", $"{scene.Id}-0", $"{RetirementId.New()}-1", "nonsense", $"{scene.Id}-1-1" })
            Assert.Equal(HttpStatusCode.NotFound, (await app.PostAsJsonAsync($"/edge/v1/notices/{id}/seen", new { customer = "huaxin", user = "ann" }, Cancel)).StatusCode);
    }

    [Theory, EachDatabase]
    public async Task A_browser_key_speaks_for_the_person_of_its_context_and_nobody_else(Database database)
    {
        await using var scene = await Told(database);
        var key = await scene.Server.Get<EdgeKeys>().Make(EdgeKeyKind.Browser, "web", EdgeScopes.All, "root@vendor.test", Cancel);
        var server = await scene.Server.Get<EdgeKeys>().Make(EdgeKeyKind.Server, "app", EdgeScopes.All, "root@vendor.test", Cancel);
        var app = scene.Server.WithToken(key.Key);
        app.DefaultRequestHeaders.Add(EdgeAuthentication.ContextHeader, ContextToken.Sign("huaxin", "ann", scene.Server.Clock.GetUtcNow().AddHours(1), server.Kid, server.Key));

        Assert.Single((await app.GetFromJsonAsync<JsonElement>("/edge/v1/notices", Cancel)).GetProperty("notices").EnumerateArray());
        // Empty is absent: a page that knows its context only.
        Assert.Single((await app.GetFromJsonAsync<JsonElement>("/edge/v1/notices?customer=&user=", Cancel)).GetProperty("notices").EnumerateArray());
        Assert.Equal(HttpStatusCode.Forbidden, (await app.GetAsync("/edge/v1/notices?customer=huaxin&user=bo", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await app.GetAsync("/edge/v1/notices?customer=meiya&user=ann", Cancel)).StatusCode);
    }

    /// <summary>Huaxin's administrator was told; ann and bo used the old module yesterday, mover the new one only.</summary>
    private static async Task<AnnounceScene> Told(Database database)
    {
        var scene = await On(database);
        await scene.Log.Change(scene.Id, "lin@vendor.test", _ => Decision.Of(new NoticesReleased())
            .And(Decision.Of(Huaxin, new NoticeIssued(1, NoticeKind.First, "first", Closes), new NoticeSent(1, "anna@huaxin.test", "email", "m", new DateOnly(2026, 11, 22)))), Cancel);
        var days = new[] { "2026-11-21T02:00:00Z,rooms-legacy,huaxin,ann", "2026-11-21T02:00:00Z,rooms-legacy,huaxin,bo", "2026-11-21T02:00:00Z,spaces,huaxin,mover", "2026-11-21T02:00:00Z,rooms-legacy,meiya,wu" };
        var read = await scene.Server.Import($"time,module,customer,user\n{string.Join('\n', days)}\n");
        Assert.Equal(days.Length, read.Lines);
        return scene;
    }

    private static async Task<HttpClient> Application(AnnounceScene scene) =>
        scene.Server.WithToken((await scene.Server.Get<EdgeKeys>().Make(EdgeKeyKind.Server, "app", [EdgeScopes.Notices], "root@vendor.test", Cancel)).Key);

    private static async Task<IReadOnlyList<JsonElement>> Shown(HttpClient app, string customer, string user) =>
        [.. (await app.GetFromJsonAsync<JsonElement>($"/edge/v1/notices?customer={customer}&user={user}", Cancel)).GetProperty("notices").EnumerateArray()];

    private static async Task Mark(HttpClient app, JsonElement notice, string mark, string customer, string user) =>
        Assert.Equal(HttpStatusCode.NoContent, (await app.PostAsJsonAsync($"/edge/v1/notices/{notice.GetProperty("id").GetString()}/{mark}", new { customer, user }, Cancel)).StatusCode);

    private static async Task<(int, int, int)> InApp(AnnounceScene scene)
    {
        var reach = Assert.Single((await scene.Entry(Huaxin)).Reach.InApp);
        Assert.Equal(1, reach.Edition);
        return (reach.Seen, reach.Dismissed, reach.Acknowledged);
    }
}
