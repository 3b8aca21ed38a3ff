using Microsoft.Extensions.Primitives;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Gates;

/// <summary><c>GET /edge/v1/gates</c> and its stream. The format is in docs/gates-wire-format.md.</summary>
internal static class GatesApi
{
    public static void Map(WebApplication app)
    {
        app.MapGet("/edge/v1/gates", Whole).NeedsKey(EdgeScopes.Gates).WithTags("Edge");
        app.MapGet(StreamDoor.Path, Stream).NeedsKey(EdgeScopes.Gates).WithTags("Edge");
    }

    private static async Task<IResult> Whole(HttpContext http, GatePublisher publisher, CancellationToken cancel)
    {
        // The client has heard of it from another node before us. While the store is away it keeps what it has: ours would set it back.
        if (EntityTag.VersionKnownTo(http.Request) > publisher.Current?.Version && !await publisher.TryLook(cancel))
            return NotReady(http);
        if (publisher.Current is not { } current)
            return NotReady(http);
        var caller = http.Caller();
        // Weak: with and without gzip it is one snapshot. With the instant: a store set back to a backup counts up to the same version again.
        var made = current.Snapshot.IssuedAt.ToUnixTimeMilliseconds();
        var etag = caller.Customer is null ? $"W/\"{current.Version}-{made}\"" : $"W/\"{current.Version}-{made}-{ApiToken.HashOf(caller.Customer).AsSpan(0, 6).ToHex()}\"";
        http.Response.Headers.ETag = etag;
        http.Response.Headers.CacheControl = "private, no-cache";
        http.Response.Headers.Vary = "Authorization, X-Sunsetter-Context, Accept-Encoding";
        if (EntityTag.IsKnownTo(http.Request, etag))
            return Results.StatusCode(StatusCodes.Status304NotModified);
        if (caller.Customer is not null)
            return Results.Bytes(current.Snapshot.SeenBy(caller.Customer).Write(), "application/json");
        if (!AcceptsGzip(http.Request.Headers.AcceptEncoding))
            return Results.Bytes(current.Body, "application/json");
        http.Response.Headers.ContentEncoding = "gzip";
        return Results.Bytes(current.Zipped, "application/json");
    }

    /// <summary>Whom the <see cref="StreamDoor"/> did not let in comes here, and is told why.</summary>
    private static async Task<IResult> Stream(HttpContext http, GatePublisher publisher, GateStreams streams)
    {
        if (streams.Current is null)
            return NotReady(http);
        if (!StreamDoor.Read(http, out var held))
            return EdgeRefusals.BadRequest("Last-Event-ID is the version you hold, a whole number, and after a space its “issuedAt”.", "Last-Event-ID 应为您持有的版本号（整数），空格后为其“issuedAt”。").ToProblem();
        if (!streams.HasRoomFor(http.Caller()))
        {
            http.Response.Headers.RetryAfter = "30";
            return EdgeRefusals.TooManyStreams.ToProblem();
        }
        await StreamDoor.Serve(http, http.Caller(), held, publisher, streams);
        return Results.Empty;
    }

    private static IResult NotReady(HttpContext http)
    {
        http.Response.Headers.RetryAfter = "1";
        return EdgeRefusals.NotReady.ToProblem();
    }

    private static bool AcceptsGzip(StringValues accepted) =>
        accepted.SelectMany(header => header?.Split(',') ?? []).Select(part => part.Split(';')).Any(part => part[0].Trim() == "gzip" && !part.Skip(1).Any(option => option.Trim() is "q=0" or "q=0.0"));

    private static string ToHex(this Span<byte> bytes) => Convert.ToHexStringLower(bytes);
}
