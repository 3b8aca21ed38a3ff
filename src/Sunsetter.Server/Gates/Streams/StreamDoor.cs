using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Gates;

/// <summary>
/// Lets streams in before the rest of the pipeline. A stream stays open for hours, and with it everything that has touched its request: sign-in, languages,
/// error pages and a service scope held 8 KB per connection. Whoever may not enter goes on to the ordinary endpoint and hears there why.
/// </summary>
internal static class StreamDoor
{
    public const string Path = "/edge/v1/gates/stream";

    public static void Use(WebApplication app)
    {
        var keys = app.Services.GetRequiredService<EdgeKeys>();
        var rate = app.Services.GetRequiredService<EdgeRate>();
        var publisher = app.Services.GetRequiredService<GatePublisher>();
        var streams = app.Services.GetRequiredService<GateStreams>();
        app.Use((http, next) => IsStream(http.Request) && Read(http, out var held) && streams.Current is not null && Caller(http, keys, rate) is { } caller && streams.HasRoomFor(caller)
            ? Serve(http, caller, held, publisher, streams)
            : next(http));
    }

    /// <summary>What a client says it holds: version −1 where it says nothing. False: what it says is no version.</summary>
    public static bool Read(HttpContext http, out Held held)
    {
        held = new(-1, null);
        var header = http.Request.Headers["Last-Event-ID"].ToString().AsSpan();
        if (header.IsEmpty)
            return true;
        var end = header.IndexOf(' ') is >= 0 and var space ? space : header.Length;
        DateTimeOffset made = default;
        if (!long.TryParse(header[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            || (end < header.Length && !DateTimeOffset.TryParse(header[end..], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowLeadingWhite, out made)))
            return false;
        held = new(version, end < header.Length ? made : null);
        return true;
    }

    /// <summary>Answers with the stream until one of the two sides ends it.</summary>
    public static async Task Serve(HttpContext http, EdgeCaller caller, Held held, GatePublisher publisher, GateStreams streams)
    {
        var cancel = http.RequestAborted;
        if (held.Version > streams.Current!.Version)
            // The client has heard of it from another node before us.
            await publisher.Look(cancel);
        // The same number with another content, from before the store was set back: what leads on from ours does not lead on from theirs.
        var version = streams.Current!.Knows(held) ? held.Version : -1;
        http.Response.ContentType = "text/event-stream";
        // Not to be compressed on the way: a compressor waits for more.
        http.Response.Headers.CacheControl = "no-cache, no-transform";
        http.Response.Headers["X-Accel-Buffering"] = "no";
        http.Response.Headers[EdgeDoor.TimeHeader] = EdgeDoor.Instant(streams.Now());
        http.Features.Get<IHttpResponseBodyFeature>()!.DisableBuffering();
        await http.Response.StartAsync(cancel);
        var subscriber = new GateSubscriber(caller, http.Response.BodyWriter, streams, http.Abort, cancel, version) { Turn = streams.NextTurn() };
        await using var gone = cancel.Register(static state => ((GateSubscriber)state!).Abort(), subscriber);
        streams.Add(subscriber);
        try
        {
            await subscriber.Done;
        }
        finally
        {
            streams.Remove(subscriber);
        }
    }

    private static bool IsStream(HttpRequest request) => HttpMethods.IsGet(request.Method) && request.Path.Equals(Path, StringComparison.OrdinalIgnoreCase);

    private static EdgeCaller? Caller(HttpContext http, EdgeKeys keys, EdgeRate rate) =>
        Access.EdgeKeyOf(http.Request) is { } key && keys.Caller(key, http.Request.Headers[EdgeAuthentication.ContextHeader]) is { Refusal: null, Value: var caller }
        && caller.Scopes.Contains(EdgeScopes.Gates) && rate.Take(caller.Kid) == TimeSpan.Zero ? caller : null;
}

/// <summary>What a client holds.</summary>
/// <param name="Version">−1: nothing.</param>
/// <param name="Made">When that version was made, where the client says so.</param>
internal readonly record struct Held(long Version, DateTimeOffset? Made);
