using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Sunsetter.Gates;

namespace Sunsetter.AotProbe;

/// <summary>Just enough of the wire format, over sockets: a server framework would be what is tested.</summary>
internal sealed class TinyServer : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<string>> sent = new();
    private readonly byte[] snapshot;
    private readonly Task serving;

    public TinyServer(GateSnapshot snapshot)
    {
        this.snapshot = snapshot.Write();
        listener.Start();
        serving = Serve();
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}");

    /// <summary>The body of the first request to a path.</summary>
    public Task<string> Sent(string path) => sent.GetOrAdd(path, _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await serving;
        stop.Dispose();
    }

    private async Task Serve()
    {
        var open = new List<Task>();
        try
        {
            while (true) open.Add(Answer(await listener.AcceptTcpClientAsync(stop.Token)));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested) { /* disposed */ }

        await Task.WhenAll(open);
    }

    private async Task Answer(TcpClient connection)
    {
        using (connection)
        {
            try
            {
                var stream = connection.GetStream();
                while (await Request(stream) is var (line, body))
                {
                    var path = line.Split(' ')[1].Split('?')[0];
                    sent.GetOrAdd(path, _ => new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult(body);
                    if (path.EndsWith("/stream", StringComparison.Ordinal))
                    {
                        await Write(stream, "200 OK", "Content-Type: text/event-stream", $"event: snapshot\nid: 7\ndata: {Encoding.UTF8.GetString(snapshot)}\n\n", length: false);
                        await Task.Delay(Timeout.Infinite, stop.Token);
                    }

                    if (line.StartsWith("GET", StringComparison.Ordinal)) await Write(stream, "200 OK", "Content-Type: application/json\r\nETag: \"7\"", Encoding.UTF8.GetString(snapshot), length: true);
                    else await Write(stream, "202 Accepted", "X: 1", "", length: true);
                }
            }
            catch (Exception gone) when (gone is IOException or OperationCanceledException or SocketException) { /* the client or the test has ended */ }
        }
    }

    private async Task<(string Line, string Body)?> Request(NetworkStream stream)
    {
        var head = new List<byte>();
        var one = new byte[1];
        while (head is not [.., 13, 10, 13, 10])
        {
            if (await stream.ReadAsync(one, stop.Token) == 0) return null;
            head.Add(one[0]);
        }

        var lines = Encoding.ASCII.GetString([.. head]).Split("\r\n");
        string Header(string name) => lines.FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))?.Split(':', 2)[1].Trim() ?? "";
        var body = new byte[int.TryParse(Header("Content-Length"), CultureInfo.InvariantCulture, out var length) ? length : 0];
        await stream.ReadExactlyAsync(body, stop.Token);
        if (Header("Content-Encoding") != "gzip") return (lines[0], Encoding.UTF8.GetString(body));
        await using var unzipped = new GZipStream(new MemoryStream(body), CompressionMode.Decompress);
        using var reader = new StreamReader(unzipped);
        return (lines[0], await reader.ReadToEndAsync(stop.Token));
    }

    private async Task Write(NetworkStream stream, string status, string headers, string body, bool length)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        var now = DateTimeOffset.UnixEpoch.AddMilliseconds(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        var framing = length ? string.Create(CultureInfo.InvariantCulture, $"Content-Length: {bytes.Length}\r\n") : "";
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 {status}\r\nSunsetter-Time: {now}\r\n{headers}\r\n{framing}\r\n"), stop.Token);
        await stream.WriteAsync(bytes, stop.Token);
    }
}
