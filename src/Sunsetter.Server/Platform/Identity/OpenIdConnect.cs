using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;

namespace Sunsetter.Server.Platform;

/// <summary>Sign-in through the company's identity provider, switched on by <c>Oidc:Authority</c>. People must have been added before; a stranger stays outside.</summary>
internal static partial class OpenIdConnect
{
    public const string SchemeName = "oidc";

    /// <summary>The provider did not do its part: the sign-in page says so.</summary>
    private const string DidNotWork = "/sign-in?error=provider";

    /// <summary>A person waits for each answer of the provider.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

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
            // By the standard, a provider that hands out a code tells the address there and not in the token.
            oidc.GetClaimsFromUserInfoEndpoint = true;
            oidc.ClaimActions.MapUniqueJsonKey(Verified, Verified);
            oidc.RequireHttpsMetadata = configuration.GetValue("Oidc:RequireHttps", true);
            oidc.BackchannelTimeout = Patience;
            oidc.Events.OnTicketReceived = Admit;
            oidc.Events.OnAccessDenied = context => Leave(context, "/sign-in");
            oidc.Events.OnRemoteFailure = context =>
            {
                DidNotSignIn(LogOf(context.HttpContext), context.Failure?.GetBaseException().Message ?? "");
                return Leave(context, DidNotWork);
            };
        });
    }

    /// <summary>Sends somebody to the provider; where it cannot be reached, back to the sign-in page with a word about it.</summary>
    public static async Task<IResult> Challenge(HttpContext http, string back)
    {
        try
        {
            await http.ChallengeAsync(SchemeName, new AuthenticationProperties { RedirectUri = back });
            return Results.Empty;
        }
        catch (Exception failure) when (!http.RequestAborted.IsCancellationRequested)
        {
            DidNotSignIn(LogOf(http), failure.GetBaseException().Message);
            return Results.LocalRedirect(DidNotWork);
        }
    }

    /// <summary>The address by which the provider knows somebody; null where it says that nobody has confirmed it is theirs. Not every provider says.</summary>
    public static string? AddressOf(ClaimsPrincipal? user) =>
        user is null || user.FindAll(Verified).Any(said => string.Equals(said.Value, "false", StringComparison.OrdinalIgnoreCase)) ? null
        : (user.FindFirstValue(ClaimTypes.Email) ?? user.FindFirstValue("email"))?.ToLowerInvariant();

    private const string Verified = "email_verified";

    private static async Task Admit(TicketReceivedContext context)
    {
        var services = context.HttpContext.RequestServices;
        var person = AddressOf(context.Principal) is { } email ? await services.GetRequiredService<People>().Find(email, context.HttpContext.RequestAborted) : null;
        if (person is null || person.LeftAt is not null)
            await Leave(context, "/sign-in?error=company");
        else
            context.Principal = await services.GetRequiredService<PersonClaims>().CreateAsync(person);
    }

    private static Task Leave(HandleRequestContext<RemoteAuthenticationOptions> context, string to)
    {
        context.HandleResponse();
        context.Response.Redirect(to);
        return Task.CompletedTask;
    }

    private static ILogger LogOf(HttpContext http) => http.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(OpenIdConnect));

    [LoggerMessage(Level = LogLevel.Warning, Message = "The company's identity provider signed nobody in: {Why}")]
    private static partial void DidNotSignIn(ILogger logger, string why);
}
