using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Sunsetter.Harness;

namespace Sunsetter.Server.Tests.Platform;

/// <summary>A company's identity provider as OpenID Connect has it: discovery, keys, code with PKCE, a signed token, and the address at the userinfo endpoint.</summary>
internal sealed class CompanyProvider(WebApplication app, RSA key) : IAsyncDisposable
{
    private string Address => app.Urls.First();

    public IReadOnlyList<string> Settings => [$"--Oidc:Authority={Address}", "--Oidc:ClientId=sunsetter", "--Oidc:ClientSecret=s3cret", "--Oidc:RequireHttps=false"];

    /// <param name="subject">Whom the token names.</param>
    /// <param name="userInfo">What is said about them; null: it answers with an error.</param>
    public static async Task<CompanyProvider> Start(string subject, string? userInfo)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var provider = new CompanyProvider(app, RSA.Create(2048));
        var asked = new Dictionary<string, (string Nonce, string Challenge)>();
        app.MapGet("/.well-known/openid-configuration", () => Results.Json(new
        {
            issuer = provider.Address, authorization_endpoint = $"{provider.Address}/auth", token_endpoint = $"{provider.Address}/token", userinfo_endpoint = $"{provider.Address}/me", jwks_uri = $"{provider.Address}/keys",
        }));
        app.MapGet("/keys", () => Results.Json(new { keys = new[] { provider.PublicKey() } }));
        app.MapGet("/auth", (string nonce, string state, string code_challenge) =>
        {
            asked["code"] = (nonce, code_challenge);
            return Results.Text(state);
        });
        app.MapPost("/token", async (HttpRequest request) =>
        {
            var form = await request.ReadFormAsync();
            var (nonce, challenge) = asked[form["code"]!];
            Assert.Equal(challenge, WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(form["code_verifier"]!))));
            return Results.Json(new { access_token = "access", token_type = "Bearer", id_token = provider.Token(subject, nonce) });
        });
        app.MapGet("/me", () => userInfo is null ? Results.StatusCode(503) : Results.Content(userInfo, "application/json"));
        await app.StartAsync();
        return provider;
    }

    /// <summary>Signs in by the company's door, on the way to the modules; answers where one ends up.</summary>
    public async Task<string?> SignIn(ServerUnderTest server)
    {
        // The cookies of a sign-in are for https alone; a browser takes them on this machine all the same.
        using var browser = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = server.Address };
        var sent = await browser.GetAsync("/sign-in/company?back=%2Fmodules");
        browser.DefaultRequestHeaders.Add("Cookie", sent.Headers.GetValues("Set-Cookie").Select(cookie => cookie.Split(';')[0]));
        using var answer = new FormUrlEncodedContent([new("code", "code"), new("state", await browser.GetStringAsync(sent.Headers.Location))]);
        return (await browser.PostAsync("/signin-oidc", answer)).Headers.Location?.OriginalString;
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        key.Dispose();
    }

    private object PublicKey()
    {
        var shown = key.ExportParameters(includePrivateParameters: false);
        return new { kty = "RSA", use = "sig", kid = "1", n = WebEncoders.Base64UrlEncode(shown.Modulus!), e = WebEncoders.Base64UrlEncode(shown.Exponent!) };
    }

    private string Token(string subject, string nonce) => new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
    {
        Issuer = Address, Audience = "sunsetter", Subject = new ClaimsIdentity([new("sub", subject), new("nonce", nonce)]),
        SigningCredentials = new SigningCredentials(new RsaSecurityKey(key) { KeyId = "1" }, SecurityAlgorithms.RsaSha256),
    });
}
