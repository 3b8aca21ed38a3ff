using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Sunsetter.Harness;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Tests.Platform;

public sealed class AccessTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task A_sign_in_link_works_once(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var people = server.Get<People>();
        var person = (await people.Add("lin@vendor.test", "Lin", [Role.Product], "en", Cancel)).Value;
        var secret = (await people.NewSignInPath(person.Id, Cancel)).Split('/')[^1];

        Assert.Equal("lin@vendor.test", (await people.Redeem(secret, Cancel))?.Email);
        Assert.Null(await people.Redeem(secret, Cancel));
    }

    [Theory, EachDatabase]
    public async Task A_sign_in_link_expires_after_a_day(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var people = server.Get<People>();
        var person = (await people.Add("lin@vendor.test", "Lin", [Role.Product], "en", Cancel)).Value;
        var secret = (await people.NewSignInPath(person.Id, Cancel)).Split('/')[^1];

        server.Clock.Advance(TimeSpan.FromHours(24));

        Assert.Null(await people.Redeem(secret, Cancel));
    }

    [Theory, EachDatabase]
    public async Task The_last_administrator_cannot_leave(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var people = server.Get<People>();
        var administrator = (await people.All(Cancel)).Single();

        Assert.Equal("person.last-administrator", (await people.Leave(administrator.Person.Id, Cancel)).Refusal?.Code);
    }

    [Theory, EachDatabase]
    public async Task A_stranger_is_taken_to_the_sign_in_page(Database database)
    {
        await using var server = await ServerUnderTest.On(database);

        var answer = await server.Stranger().GetAsync("/", Cancel);

        Assert.Equal((HttpStatusCode.Redirect, "/sign-in"), (answer.StatusCode, answer.Headers.Location!.AbsolutePath));
    }

    [Theory, EachDatabase]
    public async Task An_unknown_token_is_told_so_as_problem_details(Database database)
    {
        await using var server = await ServerUnderTest.On(database);

        var answer = await server.WithToken("sst_api_nobody").PostAsJsonAsync("/api/v1/tokens", new { name = "all", scopes = new[] { "read" } }, Cancel);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel);

        Assert.Equal((HttpStatusCode.Unauthorized, "unauthenticated"), (answer.StatusCode, problem.GetProperty("code").GetString()));
    }
}
