using System.Diagnostics;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Sunsetter.Gates;
using Sunsetter.Server;
using Sunsetter.Server.Gates;

namespace Sunsetter.Bench.Gates;

/// <summary>The two servers that are compared, each as a process of its own that takes orders on its standard input: "go N" broadcasts N bytes, "memory", "stop".</summary>
internal static class StreamServers
{
    public static async Task<int> Bare(int port)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        var app = builder.Build();
        var writers = new List<PipeWriter>();
        app.MapGet("/stream", async (HttpContext http) =>
        {
            http.Response.ContentType = "text/event-stream";
            await http.Response.StartAsync();
            await http.Response.BodyWriter.WriteAsync("data: hello\n\n"u8.ToArray());
            lock (writers) writers.Add(http.Response.BodyWriter);
            await Task.Delay(-1, http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
        await app.StartAsync();
        return await Obey("none", size =>
        {
            var frame = SseFrame.Of("delta", 1, new byte[size].AsSpan());
            var started = Stopwatch.GetTimestamp();
            lock (writers)
                foreach (var writer in writers)
                    _ = writer.WriteAsync(frame);
            return (started, Stopwatch.GetTimestamp(), frame.Length);
        });
    }

    public static async Task<int> Ours(int port)
    {
        var directory = Directory.CreateTempSubdirectory("sunsetter-bench-").FullName;
        var app = SunsetterServer.Build(new StartOptions(directory, $"http://127.0.0.1:{port}", Demo: false, ["--Gates:RequestBurst=1000000", "--Logging:LogLevel:Default=Warning"]) { RunDueWork = false });
        await SunsetterServer.Prepare(app, default);
        await app.StartAsync();
        var key = await app.Services.GetRequiredService<EdgeKeys>().Make(EdgeKeyKind.Server, "bench", EdgeScopes.All, "bench", default);
        var streams = app.Services.GetRequiredService<GateStreams>();
        var current = streams.Current!;
        var version = 1_000_000L;
        var result = await Obey(key.Key, size =>
        {
            current = current.Next(GateSnapshot.Of(++version, DateTimeOffset.UnixEpoch, [Module(version, size)]));
            var bytes = current.After(version - 1)?.Frame.Length ?? current.SnapshotFrame.Length;
            var started = Stopwatch.GetTimestamp();
            streams.Broadcast(current);
            return (started, Stopwatch.GetTimestamp(), bytes);
        });
        Directory.Delete(directory, recursive: true);
        return result;
    }

    /// <summary>A module that differs from one version to the next by about that many bytes.</summary>
    private static GateModule Module(long version, int size)
    {
        var timeline = GateTimeline.Of(new GateSegment(DateTimeOffset.UnixEpoch.AddSeconds(version), GateState.Open, GateReasons.Restored));
        return GateModule.Of(
            "rooms", LocalizedText.Of("Rooms", "Rooms"), GateTimeline.Of(),
            Enumerable.Range(0, Math.Max(1, (size - 200) / 32)).Select(i => new KeyValuePair<string, GateTimeline>($"customer-{i:D6}", timeline)));
    }

    private static async Task<int> Obey(string key, Func<int, (long Started, long Handed, int Bytes)> broadcast)
    {
        Console.WriteLine($"ready {key}");
        while (await Console.In.ReadLineAsync() is { } order && order != "stop")
        {
            if (order == "memory")
            {
                GC.Collect();
                GC.WaitForPendingFinalizers();
                GC.Collect();
                using var process = Process.GetCurrentProcess();
                Console.WriteLine($"{GC.GetTotalMemory(true)} {process.WorkingSet64}");
                continue;
            }

            var (started, handed, bytes) = broadcast(int.Parse(order[3..], System.Globalization.CultureInfo.InvariantCulture));
            Console.WriteLine($"{started} {handed} {bytes}");
        }

        Environment.Exit(0);
        return 0;
    }
}
