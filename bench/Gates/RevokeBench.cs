using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Sunsetter.Harness;
using Sunsetter.Server;
using Sunsetter.Server.Gates;

namespace Sunsetter.Bench.Gates;

/// <summary>A key revoked on one node: when are its open streams cut, and when is it refused, on another? Also while that one hears nothing and has to look.</summary>
internal static class RevokeBench
{
    private const int Port = 5322;

    public static async Task<int> Run(string[] options)
    {
        var times = options.Length > 0 ? int.Parse(options[0], CultureInfo.InvariantCulture) : 20;
        if (PostgresCluster.Missing is { } missing) throw new InvalidOperationException(missing);
        var postgres = await (await PostgresCluster.SharedAsync()).CreateDatabaseAsync(default);
        var first = await Node(postgres, Port);
        await Node(postgres, Port + 1);
        await using var database = new NpgsqlConnection(postgres);
        await database.OpenAsync();
        var keys = first.Services.GetRequiredService<EdgeKeys>();

        Console.WriteLine($"{Environment.ProcessorCount} cores, two nodes and PostgreSQL on the same machine, {times} keys; milliseconds from the press on one node until the other has obeyed");
        Print("hears of it (NOTIFY)", await Several(keys, null, times));
        Print("deaf, so it looks", await Several(keys, database, times));
        Environment.Exit(0);
        return 0;
    }

    /// <param name="deafen">Where given, the nodes' listening connections are cut before each press; they come back after a second.</param>
    private static async Task<(List<double> Cut, List<double> Refused)> Several(EdgeKeys keys, NpgsqlConnection? deafen, int times)
    {
        List<double> cut = [], refused = [];
        for (var i = -2; i < times; i++)
        {
            var key = await keys.Make(EdgeKeyKind.Server, "bench", EdgeScopes.All, "bench", default);
            using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{Port + 1}") };
            http.DefaultRequestHeaders.Authorization = new("Bearer", key.Key);
            while ((await http.GetAsync("/edge/v1/gates")).StatusCode != HttpStatusCode.OK) await Task.Delay(10);
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(IPAddress.Loopback, Port + 1);
            await socket.SendAsync(Encoding.ASCII.GetBytes($"GET /edge/v1/gates/stream HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {key.Key}\r\n\r\n"));
            await socket.ReceiveAsync(new byte[1 << 16]);
            await Task.Delay(700 + (i * 37 % 500));
            if (deafen is not null)
            {
                await using var command = new NpgsqlCommand("select pg_terminate_backend(pid) from pg_stat_activity where query like 'listen %'", deafen);
                await command.ExecuteNonQueryAsync();
            }

            var pressed = Stopwatch.GetTimestamp();
            var ending = Ended(socket);
            var refusing = Refused(http);
            await keys.Revoke(key.Kid, default);
            var (ended, no) = (await ending, await refusing);
            if (i < 0) continue;
            cut.Add((ended - pressed) * 1000d / Stopwatch.Frequency);
            refused.Add((no - pressed) * 1000d / Stopwatch.Frequency);
        }

        return (cut, refused);
    }

    private static async Task<long> Ended(Socket socket)
    {
        var buffer = new byte[1 << 16];
        var told = false;
        for (int read; (read = await socket.ReceiveAsync(buffer)) > 0;)
        {
            told |= buffer.AsSpan(0, read).IndexOf("event: revoked"u8) >= 0;
            // The last chunk: the answer is over, whether or not the connection stays for another request.
            if (told && buffer.AsSpan(0, read).EndsWith("0\r\n\r\n"u8)) break;
        }

        return told ? Stopwatch.GetTimestamp() : throw new InvalidOperationException("The stream ended without saying that the key was revoked.");
    }

    private static async Task<long> Refused(HttpClient http)
    {
        while ((await http.GetAsync("/edge/v1/gates")).StatusCode != HttpStatusCode.Unauthorized) await Task.Delay(1);
        return Stopwatch.GetTimestamp();
    }

    private static async Task<WebApplication> Node(string postgres, int port)
    {
        var app = SunsetterServer.Build(new StartOptions(Directory.CreateTempSubdirectory("sunsetter-bench-").FullName, $"http://127.0.0.1:{port}", Demo: false, ["--Logging:LogLevel:Default=Error"]) { PostgresConnection = postgres, RunDueWork = false });
        await SunsetterServer.Prepare(app, default);
        await app.StartAsync();
        return app;
    }

    private static void Print(string what, (List<double> Cut, List<double> Refused) times)
    {
        times.Cut.Sort();
        times.Refused.Sort();
        Console.WriteLine($"{what,-22} streams cut: median {times.Cut[times.Cut.Count / 2],7:N1}   longest {times.Cut[^1],7:N1}     refused: median {times.Refused[times.Refused.Count / 2],7:N1}   longest {times.Refused[^1],7:N1}");
    }
}
