using System.Globalization;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Gates;

/// <summary>The door of every edge endpoint: the server's time, a key, its scope, its rate.</summary>
internal static class EdgeDoor
{
    public const string TimeHeader = "Sunsetter-Time";

    private const string CallerItem = "edge-caller";

    /// <summary>Only for keys with this scope; the caller is then <see cref="Caller"/>.</summary>
    public static RouteHandlerBuilder NeedsKey(this RouteHandlerBuilder endpoint, string scope) =>
        endpoint.DisableAntiforgery().AllowAnonymous().AddEndpointFilter(async (context, next) =>
        {
            var http = context.HttpContext;
            http.Response.Headers[TimeHeader] = Instant(http.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow());
            var sign = http.Features.Get<EdgeSignIn>();
            if (sign is null)
                return EdgeRefusals.KeyMissing.ToProblem();
            if (sign.Outcome.Refused(out var refusal))
                return refusal.ToProblem();
            var caller = sign.Outcome.Value;
            if (!caller.Scopes.Contains(scope))
                return EdgeRefusals.Scope(scope).ToProblem();
            var wait = http.RequestServices.GetRequiredService<EdgeRate>().Take(caller.Kid);
            if (wait > TimeSpan.Zero)
            {
                http.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
                return EdgeRefusals.TooMany.ToProblem();
            }
            http.Items[CallerItem] = caller;
            return await next(context);
        });

    public static EdgeCaller Caller(this HttpContext http) => (EdgeCaller)http.Items[CallerItem]!;

    public static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
