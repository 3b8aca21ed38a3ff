using System.Net;
using System.Security.Claims;
using Sunsetter.Harness;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Tests.Platform;

public sealed class SignInTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task An_address_tries_twenty_passwords_in_a_minute(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        using var guesser = Browser.Stranger(server);
        var page = await guesser.Open("/sign-in");

        for (var tried = 1; tried <= SignIn.TriesPerMinute; tried++)
            Assert.Equal("/sign-in?error=password", (await guesser.SubmitOnly(page, ("email", $"person-{tried}@vendor.test"), ("password", "Sunsetter2026!"))).To);

        Assert.Equal("/sign-in?error=slow", (await guesser.SubmitOnly(page, ("email", "admin@localhost"), ("password", "Sunsetter2026!"))).To);
    }

    [Theory, EachDatabase]
    public async Task Another_site_signs_nobody_in_with_a_link_of_its_own(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var people = server.Get<People>();
        var link = await people.NewSignInPath((await people.Find("admin@localhost", Cancel))!.Id, Cancel);

        var answer = await server.Stranger().PostAsync(link, new FormUrlEncodedContent([]), Cancel);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.NotNull(await people.Redeem(link.Split('/')[^1], Cancel));
    }

    [Theory, EachDatabase]
    public async Task Who_presses_cancel_at_the_company_is_back_at_the_sign_in_page(Database database)
    {
        await using var server = await ServerUnderTest.On(database, null, "--Oidc:Authority=https://login.vendor.test", "--Oidc:ClientId=sunsetter");

        var answer = await server.Stranger().GetAsync("/signin-oidc?error=access_denied&state=none", Cancel);

        Assert.Equal((HttpStatusCode.Redirect, "/sign-in?error=company"), (answer.StatusCode, answer.Headers.Location?.OriginalString));
    }

    [Theory, EachDatabase]
    public async Task Without_a_company_account_its_door_leads_to_the_sign_in_page(Database database)
    {
        await using var server = await ServerUnderTest.On(database);

        Assert.Equal("/sign-in", (await server.Stranger().GetAsync("/sign-in/company", Cancel)).Headers.Location?.OriginalString);
    }

    [Theory]
    [InlineData("true", "ana@vendor.test")]
    [InlineData(null, "ana@vendor.test")]
    [InlineData("false", null)]
    public void An_address_that_nobody_has_confirmed_is_nobodys(string? verified, string? expected)
    {
        var claims = new List<Claim> { new("email", "Ana@vendor.test") };
        if (verified is not null)
            claims.Add(new("email_verified", verified));

        Assert.Equal(expected, OpenIdConnect.AddressOf(new ClaimsPrincipal(new ClaimsIdentity(claims))));
    }
}
