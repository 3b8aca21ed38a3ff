using System.Collections.Frozen;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Sunsetter.Harness;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Tests.Platform;

public sealed class TokenTests
{
    private static readonly DateTimeOffset Now = ServerUnderTest.Start;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task A_token_opens_no_page_and_sets_no_password(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        await server.As("sam@vendor.test", Role.Sales);
        using var thief = server.WithToken(await ReadToken(server, "sam@vendor.test", Role.Sales));

        var page = await thief.GetAsync("/me", Cancel);

        Assert.Equal((HttpStatusCode.Redirect, "/sign-in"), (page.StatusCode, page.Headers.Location!.AbsolutePath));
        Assert.Equal(HttpStatusCode.OK, (await thief.GetAsync("/api/v1/retirements", Cancel)).StatusCode);
    }

    [Theory, EachDatabase]
    public async Task A_token_makes_no_token_and_revokes_none(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var sam = await server.As("sam@vendor.test", Role.Sales);

        Assert.Equal("token.by-token", await CodeOf(await sam.PostAsJsonAsync("/api/v1/tokens", new { name = "endless", scopes = new[] { "read" } }, Cancel)));

        var token = Assert.Single(await server.Get<ApiTokens>().SeenBy(Person("sam@vendor.test", Role.Sales), Cancel));
        Assert.Equal("token.by-token", await CodeOf(await sam.DeleteAsync($"/api/v1/tokens/{token.Id}", Cancel)));
    }

    [Theory, EachDatabase]
    public async Task A_token_that_lacks_a_scope_is_told_where_one_is_made(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        await server.As("mei@vendor.test", Role.Success);
        using var script = server.WithToken(await ReadToken(server, "mei@vendor.test", Role.Success));

        var problem = await (await script.PostAsJsonAsync("/api/v1/customers", new { key = "acme", nameEn = "Acme" }, Cancel)).Content.ReadFromJsonAsync<JsonElement>(Cancel);

        Assert.Equal("forbidden", problem.GetProperty("code").GetString());
        Assert.Contains("edit-catalogue”. Make one that has it under Settings → API tokens", problem.GetProperty("title").GetString(), StringComparison.Ordinal);
    }

    [Theory, EachDatabase]
    public async Task Who_leaves_and_comes_back_finds_no_old_way_in(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        await server.As("mei@vendor.test", Role.Support);
        using var script = server.WithToken(await ReadToken(server, "mei@vendor.test", Role.Support));
        var people = server.Get<People>();
        var mei = (await people.Find("mei@vendor.test", Cancel))!;
        var link = (await people.NewSignInPath(mei.Id, Cancel)).Split('/')[^1];
        Assert.Equal(HttpStatusCode.OK, (await script.GetAsync("/api/v1/tokens", Cancel)).StatusCode);

        Assert.Null((await people.Leave(mei.Id, Cancel)).Refusal);
        Assert.Null((await people.Add("mei@vendor.test", "Mei", [Role.Support], "en", Cancel)).Refusal);

        Assert.Equal(HttpStatusCode.Unauthorized, (await script.GetAsync("/api/v1/tokens", Cancel)).StatusCode);
        Assert.Null(await people.Redeem(link, Cancel));
        Assert.All(await server.Get<ApiTokens>().SeenBy(Person("mei@vendor.test", Role.Support), Cancel), token => Assert.NotNull(token.RevokedAt));
    }

    [Theory, EachDatabase]
    public async Task What_a_token_did_shows_the_token_and_is_its_owners_deed(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        await server.As("lin@vendor.test", Role.Product);
        var lin = Person("lin@vendor.test", Role.Product) with { Token = "nightly (import)" };
        var log = server.Get<FactLog>();

        var id = RetirementId.New();
        await log.Begin(id, lin.By, _ => new RetirementProposed(new ModuleKey("m"), null, Text.Same("M"), "lin@vendor.test", []), Cancel);

        Assert.Equal("lin@vendor.test", (await log.Find(id, Cancel))!.ProposedBy);
        var happened = Assert.Single(await log.History(id, null, Cancel));
        Assert.Equal(("lin@vendor.test", "lin@vendor.test (token nightly (import))"), (happened.By, happened.Signed));
    }

    [Theory]
    [InlineData("approve")]
    [InlineData("sign-off")]
    [InlineData("close")]
    [InlineData("comply")]
    [InlineData("administer")]
    public void Nobody_makes_a_second_pair_of_eyes_in_somebody_elses_name(string scope)
    {
        var wanted = new MakeToken("eyes", [Permissions.FromScope(scope)!.Value], null);
        var ana = Person("ana@vendor.test", Role.Administrator);

        Assert.Equal("token.own-hand", wanted.Forbids(ana, Person("root@vendor.test", Role.Administrator), Now)?.Code);
        Assert.Equal("token.own-hand", wanted.Forbids(ana, Person(Actor.Bootstrap, Role.Administrator) with { Token = "bootstrap" }, Now)?.Code);
        Assert.Null(wanted.Forbids(ana, ana, Now));
    }

    [Fact]
    public void A_token_ends_after_ninety_days_unless_another_day_within_a_leap_year_is_given()
    {
        var sam = Person("sam@vendor.test", Role.Sales);
        MakeToken Until(DateTimeOffset? end) => new("script", [Permission.Read], end);

        Assert.Equal(Now.AddDays(90), Until(null).EndsAt(Now));
        Assert.Null(Until(Now.AddDays(366)).Forbids(sam, sam, Now));
        Assert.Equal("token.bad-end", Until(Now.AddDays(366).AddTicks(1)).Forbids(sam, sam, Now)?.Code);
        Assert.Equal("token.bad-end", Until(Now).Forbids(sam, sam, Now)?.Code);
        Assert.Equal("token.no-end", (Until(null) with { NoEnd = true }).Forbids(sam, sam, Now)?.Code);
        var root = Person("root@vendor.test", Role.Administrator);
        Assert.Null((Until(null) with { NoEnd = true }).Forbids(root, root, Now));
    }

    [Fact]
    public void A_token_may_not_be_given_more_than_its_owner_may()
    {
        var sam = Person("sam@vendor.test", Role.Sales);

        var refusal = new MakeToken("all", [Permission.Read, Permission.Administer], null).Forbids(sam, Person("root@vendor.test", Role.Administrator), Now);

        Assert.Equal("forbidden", refusal?.Code);
        // It is sam who lacks it, not the one who asks.
        Assert.StartsWith("sam@vendor.test does not have the permission “administer”", refusal!.Sentence.En, StringComparison.Ordinal);
    }

    private static Actor Person(string email, Role role) => new(email, email, new[] { role }.ToFrozenSet(), Permissions.Of([role]));

    private static async Task<string> ReadToken(ServerUnderTest server, string email, Role role)
    {
        var owner = Person(email, role);
        return (await server.Get<ApiTokens>().Make(owner, owner, new MakeToken("script", [Permission.Read], null), Cancel)).Value.Secret;
    }

    private static async Task<string?> CodeOf(HttpResponseMessage answer) =>
        (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("code").GetString();
}
