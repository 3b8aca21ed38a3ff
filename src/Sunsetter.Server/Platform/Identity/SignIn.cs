using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;

namespace Sunsetter.Server.Platform;

/// <summary>What the sign-in page's forms post to. The page itself is in the console.</summary>
internal static class SignIn
{
    /// <summary>Passwords tried from one address in a minute: enough for an office behind one address, too few for one who tries lists.</summary>
    public const int TriesPerMinute = 20;

    public static void MapSignIn(this WebApplication app)
    {
        var perAddress = PartitionedRateLimiter.Create<HttpContext, string>(http => RateLimitPartition.GetFixedWindowLimiter(
            http.Connection.RemoteIpAddress?.ToString() ?? "", _ => new FixedWindowRateLimiterOptions { PermitLimit = TriesPerMinute, Window = TimeSpan.FromMinutes(1) }));
        // Whoever is unknown costs the same work as whoever is known, so that the time tells nobody which it was.
        var nobody = new Person();
        // A hash is made slow on purpose: at the first password, not at every start.
        var nobodysHash = new Lazy<string>(() => new PasswordHasher<Person>().HashPassword(nobody, ApiToken.NewSecret("")));

        // Opening the link shows a button: mail scanners open links, people press buttons. The form's own token keeps other sites from signing somebody in.
        app.MapPost("/sign-in/{secret}", async (string secret, People people, SignInManager<Person> signIn, HttpContext http, [FromForm] string? unused) =>
        {
            if (await people.Redeem(secret, http.RequestAborted) is not { } person)
                return Results.LocalRedirect("/sign-in?error=link");
            await signIn.SignInAsync(person, isPersistent: true);
            return Results.LocalRedirect("/");
        }).BeforeThePage().ExcludeFromDescription().AllowAnonymous();

        app.MapPost("/sign-in", async ([FromForm] string email, [FromForm] string password, [FromForm] string? back, SignInManager<Person> signIn, UserManager<Person> users, HttpContext http) =>
        {
            using var tried = perAddress.AttemptAcquire(http);
            if (!tried.IsAcquired)
                return Results.LocalRedirect("/sign-in?error=slow");
            var person = await users.FindByEmailAsync(email);
            if (person?.PasswordHash is null || person.LeftAt is not null)
                users.PasswordHasher.VerifyHashedPassword(nobody, nobodysHash.Value, password);
            else if ((await signIn.PasswordSignInAsync(person, password, isPersistent: true, lockoutOnFailure: true)).Succeeded)
                return Results.LocalRedirect(Back(back));
            // One answer: whether somebody works here, or is locked out, is not for strangers.
            return Results.LocalRedirect("/sign-in?error=password");
        }).BeforeThePage().ExcludeFromDescription().AllowAnonymous();

        app.MapPost("/sign-out", async (SignInManager<Person> signIn, [FromForm] string? unused) =>
        {
            await signIn.SignOutAsync();
            return Results.LocalRedirect("/sign-in");
        }).ExcludeFromDescription();

        app.MapGet("/sign-in/company", async (IConfiguration configuration, HttpContext http, string? back) => OpenIdConnect.IsConfigured(configuration)
            ? await OpenIdConnect.Challenge(http, Back(back)) : Results.LocalRedirect("/sign-in")).ExcludeFromDescription().AllowAnonymous();
    }

    /// <summary>The page somebody came for, and never another site's.</summary>
    private static string Back(string? page) => page is ['/', not ('/' or '\\'), ..] ? page : "/";

    // A page answers POST as well, at the same address as its form's target: without an order the two are ambiguous.
    private static RouteHandlerBuilder BeforeThePage(this RouteHandlerBuilder endpoint) => endpoint.WithOrder(-1);
}
