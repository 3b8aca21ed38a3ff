using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Sunsetter.Client;

namespace ChatApp;

/// <summary>A sign-in that believes everybody: this is a sample, not a place for secrets.</summary>
internal static class SignIn
{
    private const int LongestName = 60;

    public static void MapSignIn(this WebApplication app)
    {
        app.MapPost("/api/sign-in", async (SignInRequest request, HttpContext context) =>
        {
            if (!IsName(request.Customer) || !IsName(request.User)) return Results.BadRequest();
            var identity = new ClaimsIdentity([new("customer", request.Customer!), new("sub", request.User!)], CookieAuthenticationDefaults.AuthenticationScheme, "sub", null);
            await context.SignInAsync(new ClaimsPrincipal(identity));
            return Results.NoContent();
        });

        app.MapPost("/api/sign-out", async (HttpContext context) =>
        {
            await context.SignOutAsync();
            return Results.NoContent();
        });

        // What the page needs for its own client. The browser key may be public; the token says who is signed in.
        app.MapGet("/api/me", (ClaimsPrincipal me, ChatSettings settings) =>
            new { customer = me.FindFirstValue("customer"), user = me.FindFirstValue("sub"), url = settings.Server, key = settings.WebKey })
            .RequireAuthorization();

        app.MapGet("/api/context-token", (ClaimsPrincipal me, SunsetterClient sunsetter) =>
            Results.Text(sunsetter.ContextToken(me.FindFirstValue("customer")!, me.FindFirstValue("sub")!)))
            .RequireAuthorization();
    }

    private static bool IsName(string? name) => !string.IsNullOrWhiteSpace(name) && name.Length <= LongestName && !name.Any(char.IsControl);

    internal sealed record SignInRequest(string? Customer, string? User);
}
