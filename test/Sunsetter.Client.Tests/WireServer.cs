using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Sunsetter.Gates;

namespace Sunsetter.Client.Tests;

/// <summary>A real HTTP server that speaks the gate wire format and can be killed, restarted, slowed and made to talk rubbish.</summary>
internal sealed class WireServer : IAsyncDisposable
{
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<Channel<string>, bool> _streams = new();
    private readonly Channel<Received> _received = Channel.CreateUnbounded<Received>();
    private readonly List<GateSnapshot> _history = [];
    private WebApplication? _app;
    private int _port;

    public WireServer(TimeProvider? time = null) => _time = time ?? TimeProvider.System;

    public Uri Address => new($"http://127.0.0.1:{_port}");

    public GateSnapshot Current { get; private set; } = GateSnapshot.None;

    /// <summary>Refuses the stream, so that clients have to poll.</summary>
    public bool NoStream { get; set; }

    /// <summary>What a client that is refused the stream is told to wait, in seconds.</summary>
    public int? RetryAfter { get; set; }

    /// <summary>The status of every POST, when it is not to be accepted.</summary>
    public int? PostStatus { get; set; }

    /// <summary>The status of one POST, by its path; null: as the others.</summary>
    public Func<string, int?> StatusOf { get; set; } = _ => null;

    /// <summary>Sends half an answer to <c>GET gates</c> and falls silent.</summary>
    public bool Half { get; set; }

    /// <summary>Answered instead of a snapshot.</summary>
    public string? Rubbish { get; set; }

    /// <summary>How long an answer to <c>GET gates</c> takes.</summary>
    public TimeSpan Slowness { get; set; }

    public string NoticesJson { get; set; } = """{"notices":[]}""";

    public int Connections { get; private set; }

    public int Polls { get; private set; }

    public string? LastEventId { get; private set; }

    public async Task StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{_port}");
        _app = builder.Build();
        _app.Use(async (context, next) =>
        {
            context.Response.Headers["Sunsetter-Time"] = Stamp(_time.GetUtcNow());
            await next();
        });
        _app.MapGet("/edge/v1/gates", GatesAsync);
        _app.MapGet("/edge/v1/gates/stream", StreamAsync);
        _app.MapGet("/edge/v1/notices", () => Results.Text(NoticesJson, "application/json"));
        _app.MapPost("/edge/v1/{**path}", PostAsync);
        await _app.StartAsync();
        _port = new Uri(_app.Urls.Single()).Port;
    }

    /// <summary>Gone at once, with every connection cut.</summary>
    public async Task KillAsync()
    {
        if (_app is null) return;
        foreach (var stream in _streams.Keys) stream.Writer.TryComplete();
        using var now = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
        _app = null;
    }

    /// <summary>Makes a new version and sends it to every stream as a delta.</summary>
    public void Publish(GateSnapshot snapshot)
    {
        var delta = Current.Version < 0 ? null : Encoding.UTF8.GetString(GateDelta.Between(Current, snapshot).Write());
        Current = snapshot;
        _history.Add(snapshot);
        Send(delta is null ? Event("snapshot", snapshot.Version, Text(snapshot)) : Event("delta", snapshot.Version, delta));
    }

    /// <summary>A new version that no stream hears of.</summary>
    public void PublishSilently(GateSnapshot snapshot) => Current = snapshot;

    public void Send(string message)
    {
        foreach (var stream in _streams.Keys) stream.Writer.TryWrite(message);
    }

    public void SendTime() => Send(TimeMessage());

    public static string Event(string name, long? id, string data) =>
        $"event: {name}\n" + (id is { } number ? $"id: {number}\n" : "") + $"data: {data}\n\n";

    public static string Text(GateSnapshot snapshot) => Encoding.UTF8.GetString(snapshot.Write());

    /// <summary>The next request of a kind, waiting for it.</summary>
    public async Task<Received> NextAsync(string pathPart)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            var next = await _received.Reader.ReadAsync(patience.Token);
            if (next.Path.Contains(pathPart, StringComparison.Ordinal)) return next;
        }
    }

    public async ValueTask DisposeAsync() => await KillAsync();

    private async Task GatesAsync(HttpContext context)
    {
        // Who only reads the clock asks for no snapshot.
        var readsClock = context.Request.Headers.IfNoneMatch == "*";
        if (!readsClock) Polls++;
        if (Slowness > TimeSpan.Zero) await Task.Delay(Slowness, context.RequestAborted);
        var etag = $"\"{Current.Version}\"";
        if (readsClock || context.Request.Headers.IfNoneMatch == etag) { context.Response.StatusCode = 304; return; }
        context.Response.Headers.ETag = etag;
        context.Response.ContentType = "application/json";
        if (Half)
        {
            await context.Response.WriteAsync(Text(Current)[..20], context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        }
        await context.Response.WriteAsync(Rubbish ?? Text(Current), context.RequestAborted);
    }

    private async Task StreamAsync(HttpContext context)
    {
        Connections++;
        LastEventId = context.Request.Headers["Last-Event-ID"];
        if (NoStream)
        {
            context.Response.StatusCode = 503;
            if (RetryAfter is { } seconds) context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            return;
        }
        context.Response.ContentType = "text/event-stream";
        var channel = Channel.CreateUnbounded<string>();
        channel.Writer.TryWrite(TimeMessage());
        if (Rubbish is not null) channel.Writer.TryWrite(Event("snapshot", 1, Rubbish));
        else if (LastEventId?.Split(' ')[0] != Current.Version.ToString(CultureInfo.InvariantCulture) && Current.Version >= 0) channel.Writer.TryWrite(Event("snapshot", Current.Version, Text(Current)));
        _streams[channel] = true;
        try
        {
            await foreach (var message in channel.Reader.ReadAllAsync(context.RequestAborted))
            {
                await context.Response.WriteAsync(message, context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
            }
            context.Abort();
        }
        catch (OperationCanceledException) { /* the client left */ }
        finally
        {
            _streams.TryRemove(channel, out _);
        }
    }

    private async Task PostAsync(HttpContext context)
    {
        Stream body = context.Request.Body;
        if (context.Request.Headers.ContentEncoding == "gzip") body = new GZipStream(body, CompressionMode.Decompress);
        var json = await JsonNode.ParseAsync(body, cancellationToken: context.RequestAborted);
        context.Response.StatusCode = StatusOf(context.Request.Path.Value!) ?? PostStatus ?? (context.Request.Path.Value!.EndsWith("receipts", StringComparison.Ordinal) ? 204 : 202);
        _received.Writer.TryWrite(new Received(context.Request.Path.Value!, context.Request.Headers["Idempotency-Key"].ToString(), json!, context.Response.StatusCode));
    }

    private string TimeMessage() => Event("time", null, JsonSerializer.Serialize(new { now = Stamp(_time.GetUtcNow()), version = Current.Version, issuedAt = Current.IssuedAt }));

    private static string Stamp(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    public sealed record Received(string Path, string Key, JsonNode Body, int Status);
}
