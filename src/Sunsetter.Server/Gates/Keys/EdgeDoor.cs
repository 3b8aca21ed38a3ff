using System.Globalization;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Gates;

/// <summary>The door of every edge endpoint: a key and its scope.</summary>
internal static class EdgeDoor
{
    public const string TimeHeader = "Sunsetter-Time";

    private const string CallerItem = "edge-caller";

    /// <summary>Only for keys with this scope; the caller is then <see cref="Caller"/>.</summary>
    public static RouteHandlerBuilder NeedsKey(this RouteHandlerBuilder endpoint, string scope) =>
        endpoint.DisableAntiforgery().AllowAnonymous().AddEndpointFilter(async (context, next) =>
        {
            var http = context.HttpContext;
            var sign = http.Features.Get<EdgeSignIn>();
            if (sign is null || sign.Outcome.Refused(out _))
            {
                var refusal = sign?.Outcome.Refusal ?? EdgeRefusals.KeyMissing;
                Challenge(http, refusal);
                return refusal.ToProblem();
            }
            var caller = sign.Outcome.Value;
            if (!caller.Scopes.Contains(scope))
                return EdgeRefusals.Scope(scope).ToProblem();
            http.Items[CallerItem] = caller;
            return await next(context);
        });

    /// <summary>What every answer of the edge has, whichever room gives it: the server's time, and the rate of its key.</summary>
    public static void Use(WebApplication app) => app.UseWhen(http => http.Request.Path.StartsWithSegments("/edge"), edge => edge.Use(async (http, next) =>
    {
        http.Response.Headers[TimeHeader] = Instant(http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow());
        var sign = http.Features.Get<EdgeSignIn>();
        if (sign is { Outcome: { Refusal: null, Value: var caller } } && http.RequestServices.GetRequiredService<EdgeRate>().Take(caller.Kid) is var wait && wait > TimeSpan.Zero)
        {
            http.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            await EdgeRefusals.TooMany.ToProblem().ExecuteAsync(http);
            return;
        }
        await next(http);
    }));

    /// <summary>A 401 says which kind of key would open.</summary>
    public static void Challenge(HttpContext http, Refusal refusal)
    {
        if (refusal.Status == StatusCodes.Status401Unauthorized)
            http.Response.Headers.WWWAuthenticate = "Bearer";
    }

    public static EdgeCaller Caller(this HttpContext http) => (EdgeCaller)http.Items[CallerItem]!;

    public static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
