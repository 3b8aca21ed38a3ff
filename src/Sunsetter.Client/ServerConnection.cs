using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using Sunsetter.Client.Clock;
using Sunsetter.Client.Notices;
using Sunsetter.Client.Outbox;

namespace Sunsetter.Client;

/// <summary>Speaks HTTP with the server. Every answer also sets the clock.</summary>
internal sealed class ServerConnection : IDisposable
{
    /// <summary>How long an answer may take to begin.</summary>
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10);

    /// <summary>How long the body of an answer may stand still.</summary>
    private static readonly TimeSpan PieceTimeout = TimeSpan.FromSeconds(30);

    /// <summary>Nobody may send us away for longer: a restore has to be heard of.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    private readonly HttpClient _http;
    private readonly ServerClock _clock;
    private readonly TimeProvider _time;
    private readonly ClientTelemetry _telemetry;

    public ServerConnection(SunsetterOptions options, ServerClock clock, TimeProvider time, ClientTelemetry telemetry)
    {
        _clock = clock;
        _time = time;
        _telemetry = telemetry;
        var handler = options.Handler ?? new SocketsHttpHandler
        {
            // A moved server is found again, and a stalled connection attempt does not hold up the next.
            PooledConnectionLifetime = TimeSpan.FromMinutes(15),
            ConnectTimeout = TimeSpan.FromSeconds(5),
            AutomaticDecompression = DecompressionMethods.GZip | DecompressionMethods.Brotli,
        };
        _http = new HttpClient(handler, disposeHandler: options.Handler is null)
        {
            BaseAddress = WithSlash(options.Server!),
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", options.Key);
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("sunsetter-dotnet", ClientVersion.Number));
    }

    /// <summary>Sends and returns as soon as the headers are there. The caller disposes the answer.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        using var timeout = new CancellationTokenSource(AnswerTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, timeout.Token);
        using var activity = _telemetry.Asks(request);
        var sent = _clock.Timestamp();
        try
        {
            var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            if (TimeOf(answer) is { } time) _clock.HeardInAnswer(time, sent);
            activity?.SetTag("http.response.status_code", (int)answer.StatusCode);
            return answer;
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancel.IsCancellationRequested)
        {
            throw new TimeoutException($"The server did not answer within {AnswerTimeout.TotalSeconds:0} seconds.");
        }
        catch (OperationCanceledException stopped) when (!cancel.IsCancellationRequested)
        {
            // The client was disposed meanwhile.
            throw new IOException("The connection was closed.", stopped);
        }
    }

    /// <summary>The body of an answer; a server that falls silent in the middle of it is given up, and one that never ends as well.</summary>
    public async Task<ReadOnlyMemory<byte>> ReadAsync(HttpResponseMessage answer, int most, CancellationToken cancel)
    {
        using var still = new CancellationTokenSource(PieceTimeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancel, still.Token);
        try
        {
            await using var body = await answer.Content.ReadAsStreamAsync(either.Token);
            using var buffer = new MemoryStream();
            var piece = new byte[64 * 1024];
            int read;
            while ((read = await body.ReadAsync(piece, either.Token)) > 0)
            {
                if (buffer.Length + read > most) throw new InvalidDataException("The server sent an answer without end.");
                buffer.Write(piece, 0, read);
                still.CancelAfter(PieceTimeout);
            }
            return buffer.GetBuffer().AsMemory(0, (int)buffer.Length);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new TimeoutException($"The server fell silent for {PieceTimeout.TotalSeconds:0} seconds in the middle of an answer.");
        }
    }

    public async Task<SendOutcome> PostAsync(OutboxEntry entry, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, entry.Path);
        request.Headers.Add("Idempotency-Key", entry.Id.ToString());
        request.Content = entry.Body.Length > 1024 ? Compressed(entry.Body) : new ByteArrayContent(entry.Body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        try
        {
            using var answer = await SendAsync(request, cancel);
            return SendOutcome.Of((int)answer.StatusCode, RetryAfter(answer), aboutOneThing: entry.Path.StartsWith(NoticeReader.Path + "/", StringComparison.Ordinal));
        }
        catch (Exception problem) when (IsNetwork(problem))
        {
            return SendOutcome.Later(null, 0);
        }
    }

    /// <summary>Whether an exception means that the network or the server failed, or that the client was disposed meanwhile, rather than this program.</summary>
    public static bool IsNetwork(Exception problem) =>
        problem is HttpRequestException or IOException or TimeoutException or InvalidDataException or ObjectDisposedException;

    /// <summary>How long the server asks to wait, five minutes at most.</summary>
    public TimeSpan? RetryAfter(HttpResponseMessage answer)
    {
        var header = answer.Headers.RetryAfter;
        var wait = header?.Delta ?? header?.Date - _clock.Now;
        return wait > LongestWait ? LongestWait : wait > TimeSpan.Zero ? wait : null;
    }

    public void Dispose() => _http.Dispose();

    private static DateTimeOffset? TimeOf(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues("Sunsetter-Time", out var values)
        && DateTimeOffset.TryParse(values.First(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time : null;

    private static ByteArrayContent Compressed(byte[] body)
    {
        using var buffer = new MemoryStream();
        using (var gzip = new GZipStream(buffer, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(body);
        var content = new ByteArrayContent(buffer.ToArray());
        content.Headers.ContentEncoding.Add("gzip");
        return content;
    }

    private static Uri WithSlash(Uri server) => server.AbsoluteUri.EndsWith('/') ? server : new Uri(server.AbsoluteUri + "/");
}
