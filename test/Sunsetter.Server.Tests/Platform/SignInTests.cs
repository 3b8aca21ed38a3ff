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

        Assert.Equal((HttpStatusCode.Redirect, "/sign-in?error=provider"), (answer.StatusCode, answer.Headers.Location?.OriginalString));
    }

    // By the standard the address of one who signs in by code is told by the userinfo endpoint alone.
    [Theory]
    [EachDatabase("""{"sub":"7","email":"Ana@vendor.test","email_verified":true}""", "/modules")]
    [EachDatabase("""{"sub":"7","email":"ana@vendor.test","email_verified":false}""", "/sign-in?error=company")]
    [EachDatabase("""{"sub":"7","email":"bo@vendor.test","email_verified":true}""", "/sign-in?error=company")]
    [EachDatabase("""{"sub":"8","email":"ana@vendor.test","email_verified":true}""", "/sign-in?error=provider")]
    [EachDatabase(null, "/sign-in?error=provider")]
    public async Task The_company_says_who_somebody_is_and_its_page_is_the_one_they_came_for(Database database, string? userInfo, string to)
    {
        await using var company = await CompanyProvider.Start("7", userInfo);
        await using var server = await ServerUnderTest.On(database, null, [.. company.Settings]);
        await server.Get<People>().Add("ana@vendor.test", "Ana", [Role.Product], "en", Cancel);

        Assert.Equal(to, await company.SignIn(server));
    }

    [Theory, EachDatabase]
    public async Task A_company_that_cannot_be_reached_leads_back_to_the_sign_in_page(Database database)
    {
        await using var server = await ServerUnderTest.On(database, null, $"--Oidc:Authority=http://127.0.0.1:{Loopback.FreePort()}", "--Oidc:ClientId=sunsetter", "--Oidc:RequireHttps=false");
        using var browser = Browser.Stranger(server);

        Assert.Equal("/sign-in?error=provider", (await browser.Look("/sign-in/company")).To);
        Assert.Contains("Signing in with your company account did not work", (await browser.Open("/sign-in?error=provider")).Text);
    }

    [Theory, EachDatabase]
    public async Task Who_has_no_role_yet_reads_so_and_may_leave(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        using var browser = await Browser.SignIn(server, "new@vendor.test");

        var denied = await browser.Open((await browser.Look("/")).To!);

        Assert.Contains("You have no role yet", denied.Text);
        Assert.Equal("/sign-in", (await browser.SubmitOnly(denied)).To);
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
