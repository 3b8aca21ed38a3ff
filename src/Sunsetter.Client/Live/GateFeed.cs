using System.Globalization;
using System.Net;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Sunsetter.Client.Clock;
using Sunsetter.Client.Snapshots;

namespace Sunsetter.Client.Live;

/// <summary>Keeps the held snapshot fresh: follows the server's stream, and asks for the whole whenever the stream fails.</summary>
internal sealed class GateFeed(
    ServerConnection server, SnapshotHolder held, ServerClock clock, TimeProvider time, Func<double> chance, ClientTelemetry telemetry, ILogger log)
{
    private const string Gates = "edge/v1/gates", Stream = "edge/v1/gates/stream";

    /// <summary>A server speaks every 15 s; three silences mean a dead connection.</summary>
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(45);

    /// <summary>The first event comes at once; a proxy that holds it back makes the stream useless.</summary>
    private static readonly TimeSpan FirstSilence = TimeSpan.FromSeconds(10);

    /// <summary>A newer version announced but not received within this time is fetched.</summary>
    private static readonly TimeSpan Behind = TimeSpan.FromSeconds(5);

    /// <summary>The server asks not to poll more often.</summary>
    private static readonly TimeSpan PollSpacing = TimeSpan.FromSeconds(10);

    /// <summary>Clients of one server flip this near to each other.</summary>
    private static readonly TimeSpan Exact = TimeSpan.FromMilliseconds(5);

    private const int MostReadings = 3;

    /// <summary>A stream that lived this long was a good one; shorter ones count as failures.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(5);

    private readonly Backoff _backoff = new(chance);
    private string? _etag;
    private long? _polledAt;
    private bool _resync;
    private TimeSpan? _askedToWait;
    private Task _reading = Task.CompletedTask;

    public async Task RunAsync(CancellationToken cancel)
    {
        while (!cancel.IsCancellationRequested)
        {
            var connected = time.GetTimestamp();
            var reason = await FollowAsync(cancel);
            if (time.GetElapsedTime(connected) >= Settled) _backoff.Reset();
            if (_resync || MayPoll()) await PollAsync(cancel);

            var delay = _backoff.Next();
            if (_askedToWait > delay) delay = _askedToWait.Value + delay;
            _askedToWait = null;
            log.OutOfReach(reason, held.Version ?? 0, delay);
            await Task.Delay(delay, time, cancel);
        }
    }

    /// <summary>Follows the stream until it ends, and says why it ended.</summary>
    private async Task<string> FollowAsync(CancellationToken cancel)
    {
        _resync = false;
        using var silence = new CancellationTokenSource(FirstSilence, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, silence.Token);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, Stream);
            request.Headers.Accept.ParseAdd("text/event-stream");
            // With the instant: a server that was set back to a backup may have counted up to the same version again.
            if (held.Snapshot is { Version: >= 0 } have) request.Headers.Add("Last-Event-ID", string.Create(CultureInfo.InvariantCulture, $"{have.Version} {have.IssuedAt.UtcDateTime:O}"));

            using var answer = await server.SendAsync(request, either.Token);
            if (answer.StatusCode != HttpStatusCode.OK) return Refused(answer, "stream");
            telemetry.Connection("stream", "open");

            await using var body = await answer.Content.ReadAsStreamAsync(either.Token);
            await foreach (var message in ServerEventReader.ReadAsync(body, either.Token))
            {
                silence.CancelAfter(Handle(message, cancel) ? Silence : Behind);
                if (_resync) return "the server asked for a new start";
            }
            return "the stream ended";
        }
        catch (OperationCanceledException) when (silence.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            telemetry.Connection("stream", "silent");
            return "the stream fell silent";
        }
        catch (Exception problem) when (ServerConnection.IsNetwork(problem))
        {
            telemetry.Connection("stream", "failed");
            return problem.Message;
        }
    }

    /// <returns>False while a newer version than ours is known to exist.</returns>
    private bool Handle(ServerEvent message, CancellationToken cancel)
    {
        switch (message.Name)
        {
            case "time":
                return HeardTime(message.Data, cancel);
            case "snapshot":
                _resync = !held.Replace(message.Data.Span, "stream");
                break;
            case "delta":
                _resync = !held.Apply(message.Data.Span);
                break;
            case "resync":
                _resync = true;
                break;
            case "revoked":
                log.KeyRefused((int)HttpStatusCode.Unauthorized);
                break;
        }
        return true;
    }

    private bool HeardTime(ReadOnlyMemory<byte> data, CancellationToken cancel)
    {
        TimeEvent? heard;
        try { heard = JsonSerializer.Deserialize(data.Span, FeedJson.Default.TimeEvent); }
        catch (JsonException) { throw new InvalidDataException("The server sent a time that cannot be read."); }
        if (heard is null) return true;

        if (!clock.HeardInMessage(heard.Now) || clock.Error > Exact) ReadClock(cancel);
        // The same number with another content: the server was set back to a backup and has counted up again.
        if (heard.IssuedAt is { } issued && heard.Version == held.Version && issued != held.Snapshot.IssuedAt) _resync = true;
        return held.Version >= heard.Version;
    }

    /// <summary>Looks every second whether the machine has slept: the timer by which time is told may have stood still meanwhile.</summary>
    public async Task WatchClockAsync(CancellationToken cancel)
    {
        while (true)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), time, cancel);
            if (clock.HasSlept()) ReadClock(cancel);
        }
    }

    private void ReadClock(CancellationToken cancel)
    {
        if (_reading.IsCompleted) _reading = ReadClockAsync(cancel);
    }

    /// <summary>The first answer comes over a new connection and takes long; one that has nothing to tell but the time is quick. The stream does not wait for it.</summary>
    private async Task ReadClockAsync(CancellationToken cancel)
    {
        try
        {
            var more = MostReadings;
            do
            {
                using var request = new HttpRequestMessage(HttpMethod.Get, Gates);
                request.Headers.TryAddWithoutValidation("If-None-Match", "*");
                using var answer = await server.SendAsync(request, cancel);
            }
            while (--more > 0 && clock.Error > Exact);
        }
        catch (Exception problem) when (ServerConnection.IsNetwork(problem))
        {
            telemetry.Connection("clock", "failed");
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            // The client stops.
        }
    }

    private bool MayPoll() => _polledAt is not { } at || time.GetElapsedTime(at) >= PollSpacing;

    private async Task PollAsync(CancellationToken cancel)
    {
        _polledAt = time.GetTimestamp();
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, Gates);
            if (_etag is not null && !_resync) request.Headers.TryAddWithoutValidation("If-None-Match", _etag);
            using var answer = await server.SendAsync(request, cancel);
            if (answer.StatusCode == HttpStatusCode.NotModified) { telemetry.Connection("poll", "unchanged"); return; }
            if (answer.StatusCode != HttpStatusCode.OK) { Refused(answer, "poll"); return; }

            var whole = await server.ReadAsync(answer, ServerEventReader.LargestEvent, cancel);
            if (held.Replace(whole.Span, "poll", anew: _resync)) _etag = answer.Headers.ETag?.ToString();
            telemetry.Connection("poll", "changed");
        }
        catch (Exception problem) when (ServerConnection.IsNetwork(problem))
        {
            telemetry.Connection("poll", "failed");
        }
    }

    private string Refused(HttpResponseMessage answer, string kind)
    {
        telemetry.Connection(kind, "refused");
        if (answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden) log.KeyRefused((int)answer.StatusCode);
        _askedToWait = server.RetryAfter(answer) ?? _askedToWait;
        return $"the server answered {(int)answer.StatusCode}";
    }
}
