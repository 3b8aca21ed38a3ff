using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;

namespace Sunsetter.Server.Platform;

/// <summary>Sign-in by cookie, bearer token or OIDC, and one policy per permission.</summary>
internal static class Access
{
    private const string Either = "CookieOrBearer";

    /// <summary>The scheme of applications' keys; the room of gates handles it.</summary>
    public const string EdgeScheme = "Edge";

    /// <summary>Keys of applications begin with these.</summary>
    public const string ServerKeyPrefix = "sst_srv_", BrowserKeyPrefix = "sst_web_";

    public static void AddAccess(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddDataProtection().SetApplicationName("Sunsetter").PersistKeysToDbContext<SunsetterDb>();
        services.AddSingleton<PersonClaims>();
        services.AddSingleton<People>();
        services.AddSingleton<ApiTokens>();
        services.AddHttpContextAccessor();

        services.AddIdentityCore<Person>(identity =>
        {
            identity.User.RequireUniqueEmail = true;
            identity.Password.RequiredLength = 12;
            identity.Password.RequireNonAlphanumeric = false;
            identity.Password.RequireUppercase = false;
            identity.Password.RequireDigit = false;
            identity.Lockout.MaxFailedAccessAttempts = 8;
        }).AddEntityFrameworkStores<SunsetterDb>().AddSignInManager().AddDefaultTokenProviders();
        services.AddScoped<IUserClaimsPrincipalFactory<Person>>(provider => provider.GetRequiredService<PersonClaims>());
        services.Configure<SecurityStampValidatorOptions>(stamps => stamps.ValidationInterval = TimeSpan.FromMinutes(1));

        var authentication = services.AddAuthentication(Either)
            .AddPolicyScheme(Either, null, policy => policy.ForwardDefaultSelector = http =>
                // A token is good for what its scopes say, a page for whatever a person may: on one, a token that reads could set its owner's password.
                http.Request.Headers.Authorization.Count == 0 || !UnreadableRequests.IsForPrograms(http) ? IdentityConstants.ApplicationScheme
                : EdgeKeyOf(http.Request) is not null ? EdgeScheme : BearerTokens.SchemeName)
            .AddScheme<AuthenticationSchemeOptions, BearerTokens>(BearerTokens.SchemeName, null);
        authentication.AddIdentityCookies(cookies => cookies.ApplicationCookie!.Configure(cookie =>
        {
            cookie.Cookie.Name = "sunsetter";
            cookie.Cookie.SameSite = SameSiteMode.Lax;
            cookie.LoginPath = "/sign-in";
            cookie.AccessDeniedPath = "/denied";
            cookie.ExpireTimeSpan = TimeSpan.FromDays(14);
            cookie.Events.OnRedirectToLogin = context => Answer(context, StatusCodes.Status401Unauthorized);
            cookie.Events.OnRedirectToAccessDenied = context => Answer(context, StatusCodes.Status403Forbidden);
        }));
        OpenIdConnect.AddWhereConfigured(authentication, configuration);

        var authorization = services.AddAuthorizationBuilder();
        foreach (var permission in Enum.GetValues<Permission>())
            authorization.AddPolicy(permission.ToString(), policy => policy.RequireClaim(Actor.PermissionClaim, permission.ToString()));
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, RefusedAccess>();
    }

    /// <summary>Only for those who may; others get problem details that name the permission.</summary>
    public static TBuilder Needs<TBuilder>(this TBuilder endpoint, Permission permission) where TBuilder : IEndpointConventionBuilder =>
        endpoint.RequireAuthorization(permission.ToString());

    /// <summary>The application's key that a request carries; null: it carries none.</summary>
    public static string? EdgeKeyOf(HttpRequest request) =>
        request.Headers.Authorization.ToString() is var header && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) && header["Bearer ".Length..] is var key
        && (key.StartsWith(ServerKeyPrefix, StringComparison.Ordinal) || key.StartsWith(BrowserKeyPrefix, StringComparison.Ordinal)) ? key : null;

    private static Task Answer(Microsoft.AspNetCore.Authentication.RedirectContext<Microsoft.AspNetCore.Authentication.Cookies.CookieAuthenticationOptions> context, int status)
    {
        // A person is taken to a page, a program gets a status.
        if (context.Request.Path.StartsWithSegments("/api"))
            context.Response.StatusCode = status;
        else
            context.Response.Redirect(context.RedirectUri);
        return Task.CompletedTask;
    }
}
