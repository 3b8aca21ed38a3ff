using System.Globalization;
using System.Text.Json;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Gates;

/// <summary>
/// The OpenFeature Remote Evaluation Protocol: a module is a boolean flag that is true while it works. So an OpenFeature application in any language obeys
/// without our client. The targeting key is the user; the customer is the context's <c>customer</c>, or the signed one of a browser.
/// </summary>
internal static class OfrepApi
{
    private const int LongestBody = 64 * 1024;

    public static void Map(WebApplication app)
    {
        app.MapPost("/ofrep/v1/evaluate/flags/{**key}", Single).DisableAntiforgery().AllowAnonymous().WithTags("OFREP");
        app.MapPost("/ofrep/v1/evaluate/flags", Bulk).DisableAntiforgery().AllowAnonymous().WithTags("OFREP");
    }

    private static async Task<IResult> Single(string key, HttpContext http, GatePublisher publisher, TimeProvider clock, CancellationToken cancel)
    {
        if (Door(http, out var caller) is { } shut)
            return shut;
        var context = await OfrepContext.Read(http.Request, LongestBody, cancel);
        if (context.Error is { } error)
            return Results.Json(new { key, errorCode = error, errorDetails = context.Details }, statusCode: StatusCodes.Status400BadRequest);
        if (publisher.Current is not { } current)
            return Results.Json(new { errorDetails = EdgeRefusals.NotReady.Sentence.En }, statusCode: StatusCodes.Status503ServiceUnavailable);
        return current.Snapshot.Find(key) is null
            ? Results.Json(new { key, errorCode = "FLAG_NOT_FOUND", errorDetails = $"There is no module “{key}”." }, statusCode: StatusCodes.Status404NotFound)
            : Results.Json(OfrepFlag.Of(current.Snapshot, key, caller!, context, clock.GetUtcNow()));
    }

    private static async Task<IResult> Bulk(HttpContext http, GatePublisher publisher, TimeProvider clock, CancellationToken cancel)
    {
        if (Door(http, out var caller) is { } shut)
            return shut;
        var context = await OfrepContext.Read(http.Request, LongestBody, cancel);
        if (context.Error is { } error)
            return Results.Json(new { errorCode = error, errorDetails = context.Details }, statusCode: StatusCodes.Status400BadRequest);
        if (publisher.Current is not { } current)
            return Results.Json(new { errorDetails = EdgeRefusals.NotReady.Sentence.En }, statusCode: StatusCodes.Status503ServiceUnavailable);
        var now = clock.GetUtcNow();
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new { flags = current.Snapshot.Modules.OrderBy(module => module.Key, StringComparer.Ordinal).Select(module => OfrepFlag.Of(current.Snapshot, module.Key, caller!, context, now)) }, Json.Stored);
        // Over the answer itself: it changes with the schedule as well as with the version.
        var etag = $"\"{Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(body).AsSpan(0, 12))}\"";
        http.Response.Headers.ETag = etag;
        return EntityTag.IsKnownTo(http.Request, etag) ? Results.StatusCode(StatusCodes.Status304NotModified) : Results.Bytes(body, "application/json");
    }

    /// <summary>The protocol's own shapes of refusal: no problem details here.</summary>
    private static IResult? Door(HttpContext http, out EdgeCaller? caller)
    {
        caller = null;
        var outcome = http.Features.Get<EdgeSignIn>()?.Outcome;
        if (outcome is null && http.Request.Headers["X-API-Key"].ToString() is { Length: > 0 } key)
            outcome = http.RequestServices.GetRequiredService<EdgeKeys>().Caller(key, http.Request.Headers[EdgeAuthentication.ContextHeader]);
        if (outcome is not { } known)
            return Refused(http, EdgeRefusals.KeyMissing);
        if (known.Refused(out var refusal))
            return Refused(http, refusal);
        caller = known.Value;
        if (!caller.Scopes.Contains(EdgeScopes.Gates))
            return Refused(http, EdgeRefusals.Scope(EdgeScopes.Gates));
        var wait = http.RequestServices.GetRequiredService<EdgeRate>().Take(caller.Kid);
        if (wait == TimeSpan.Zero)
            return null;
        http.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        return Refused(http, EdgeRefusals.TooMany);
    }

    private static IResult Refused(HttpContext http, Refusal refusal)
    {
        EdgeDoor.Challenge(http, refusal);
        return Results.Json(new { code = refusal.Code, errorDetails = refusal.Sentence.ToString() }, statusCode: refusal.Status);
    }
}
