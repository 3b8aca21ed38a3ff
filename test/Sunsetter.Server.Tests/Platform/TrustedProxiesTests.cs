using System.Net;
using Sunsetter.Harness;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Portal;

namespace Sunsetter.Server.Tests.Platform;

/// <summary>Behind a reverse proxy on this machine.</summary>
public sealed class TrustedProxiesTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [EachDatabase("--Proxy:Trusted=127.0.0.0/8,::1/128", true), EachDatabase("--Proxy:Trusted=10.0.0.0/8", false), EachDatabase("--Proxy:Trusted=", false)]
    public async Task A_session_that_came_over_https_has_a_secure_cookie_where_the_proxy_is_trusted(Database database, string setting, bool secure)
    {
        await using var server = await ServerUnderTest.On(database, null, setting);
        var person = (await server.Get<People>().Add("lin@vendor.test", "Lin", [Role.Product], "en", Cancel)).Value;
        var link = await server.Get<People>().NewSignInPath(person.Id, Cancel);
        using var client = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = server.Address };
        client.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        var page = await client.GetAsync(link, Cancel);
        var html = await page.Content.ReadAsStringAsync(Cancel);
        var token = System.Text.RegularExpressions.Regex.Match(html, "__RequestVerificationToken\" value=\"([^\"]+)").Groups[1].Value;
        using var post = new HttpRequestMessage(HttpMethod.Post, link) { Content = new FormUrlEncodedContent([KeyValuePair.Create("__RequestVerificationToken", token)]) };
        if (page.Headers.TryGetValues("Set-Cookie", out var set))
            post.Headers.Add("Cookie", string.Join("; ", set.Select(cookie => cookie.Split(';')[0])));

        var signedIn = await client.SendAsync(post, Cancel);

        var session = signedIn.Headers.GetValues("Set-Cookie").Single(cookie => cookie.StartsWith("sunsetter=", StringComparison.Ordinal));
        Assert.Equal(secure, session.Contains("; secure", StringComparison.OrdinalIgnoreCase));
        Assert.Contains("; httponly", session, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [EachDatabase("--Proxy:Trusted=127.0.0.0/8", HttpStatusCode.NotFound), EachDatabase("--Proxy:Trusted=", HttpStatusCode.TooManyRequests)]
    public async Task Customers_behind_a_trusted_proxy_are_limited_each_by_their_own_address(Database database, string setting, HttpStatusCode other)
    {
        await using var server = await ServerUnderTest.On(database, null, setting);
        using var client = server.Stranger();
        for (var call = 0; call < PortalGuard.CallsPerMinute; call++)
            await Call(client, "203.0.113.1", $"link{call}");

        Assert.Equal(HttpStatusCode.TooManyRequests, await Call(client, "203.0.113.1", "another"));
        Assert.Equal(other, await Call(client, "203.0.113.2", "third"));
    }

    [Fact]
    public void What_is_no_network_stops_the_start()
    {
        var start = StartOptions.Read(["--data", Directory.CreateTempSubdirectory("sunsetter-proxy-").FullName, "--Proxy:Trusted=everybody"]);

        Assert.Contains("everybody", Assert.Throws<CannotStart>(() => SunsetterServer.Build(start)).Message);
    }

    private static async Task<HttpStatusCode> Call(HttpClient client, string from, string link)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/c/{link}/calendar.ics");
        request.Headers.Add("X-Forwarded-For", from);
        using var answer = await client.SendAsync(request, Cancel);
        return answer.StatusCode;
    }
}
