using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;

namespace Sunsetter.Server.Platform;

/// <summary>Sign-in through the company's identity provider, switched on by <c>Oidc:Authority</c>. People must have been added before; a stranger stays outside.</summary>
internal static class OpenIdConnect
{
    public const string SchemeName = "oidc";

    public static bool IsConfigured(IConfiguration configuration) => configuration["Oidc:Authority"] is { Length: > 0 };

    public static void AddWhereConfigured(AuthenticationBuilder authentication, IConfiguration configuration)
    {
        if (!IsConfigured(configuration))
            return;
        authentication.AddOpenIdConnect(SchemeName, oidc =>
        {
            oidc.Authority = configuration["Oidc:Authority"];
            oidc.ClientId = configuration["Oidc:ClientId"];
            oidc.ClientSecret = configuration["Oidc:ClientSecret"];
            oidc.ResponseType = "code";
            oidc.SignInScheme = IdentityConstants.ApplicationScheme;
            oidc.Scope.Add("email");
            oidc.RequireHttpsMetadata = configuration.GetValue("Oidc:RequireHttps", true);
            oidc.Events.OnTokenValidated = async context =>
            {
                var services = context.HttpContext.RequestServices;
                var person = AddressOf(context.Principal) is { } email ? await services.GetRequiredService<People>().Find(email, context.HttpContext.RequestAborted) : null;
                if (person is null || person.LeftAt is not null)
                    context.Fail("This person has not been added to Sunsetter.");
                else
                    context.Principal = await services.GetRequiredService<PersonClaims>().CreateAsync(person);
            };
            // A stranger, one who pressed "cancel", an answer that is too old: the sign-in page says what to do.
            oidc.Events.OnRemoteFailure = context =>
            {
                context.HandleResponse();
                context.Response.Redirect("/sign-in?error=company");
                return Task.CompletedTask;
            };
        });
    }

    /// <summary>The address by which the provider knows somebody; null where it says that nobody has confirmed it is theirs. Not every provider says.</summary>
    public static string? AddressOf(ClaimsPrincipal? user) =>
        string.Equals(user?.FindFirstValue("email_verified"), "false", StringComparison.OrdinalIgnoreCase) ? null
        : (user?.FindFirstValue(ClaimTypes.Email) ?? user?.FindFirstValue("email"))?.ToLowerInvariant();
}
