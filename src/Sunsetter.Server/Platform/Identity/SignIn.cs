using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;

namespace Sunsetter.Server.Platform;

/// <summary>What the sign-in page's forms post to. The page itself is in the console.</summary>
internal static class SignIn
{
    public static void MapSignIn(this WebApplication app)
    {
        // Opening the link shows a button: mail scanners open links, people press buttons.
        app.MapPost("/sign-in/{secret}", async (string secret, People people, SignInManager<Person> signIn, HttpContext http) =>
        {
            if (await people.Redeem(secret, http.RequestAborted) is not { } person)
                return Results.LocalRedirect("/sign-in?error=link");
            await signIn.SignInAsync(person, isPersistent: true);
            return Results.LocalRedirect("/");
        }).BeforeThePage().ExcludeFromDescription().AllowAnonymous();

        app.MapPost("/sign-in", async ([FromForm] string email, [FromForm] string password, [FromForm] string? back, SignInManager<Person> signIn, UserManager<Person> users) =>
        {
            var person = await users.FindByEmailAsync(email);
            var result = person is null || person.LeftAt is not null
                ? Microsoft.AspNetCore.Identity.SignInResult.Failed
                : await signIn.PasswordSignInAsync(person, password, isPersistent: true, lockoutOnFailure: true);
            if (result.IsLockedOut)
                return Results.LocalRedirect("/sign-in?error=locked");
            return result.Succeeded ? Results.LocalRedirect(back is ['/', not '/', ..] ? back : "/") : Results.LocalRedirect("/sign-in?error=password");
        }).BeforeThePage().ExcludeFromDescription().AllowAnonymous();

        app.MapPost("/sign-out", async (SignInManager<Person> signIn, [FromForm] string? unused) =>
        {
            await signIn.SignOutAsync();
            return Results.LocalRedirect("/sign-in");
        }).ExcludeFromDescription();

        app.MapGet("/sign-in/company", () => Results.Challenge(new AuthenticationProperties { RedirectUri = "/" }, [OpenIdConnect.SchemeName]))
            .ExcludeFromDescription().AllowAnonymous();
    }

    // A page answers POST as well, at the same address as its form's target: without an order the two are ambiguous.
    private static RouteHandlerBuilder BeforeThePage(this RouteHandlerBuilder endpoint) => endpoint.WithOrder(-1);
}
