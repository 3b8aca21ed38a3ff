using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Sunsetter.Client;
using Sunsetter.Gates;
using Sunsetter.Server;
using Sunsetter.Server.Gates;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Bench.Gates;

/// <summary>
/// A scheduled closing at many connected clients: when does each of them flip, with the server alive and with the server killed before? Every client is a real
/// SunsetterClient on a clock that is wrong by up to an hour; they share this process, the server has one of its own.
/// </summary>
internal static class ClosingBench
{
    private const int Port = 5330;
    private const string Module = "rooms";

    public static async Task<int> Run(string[] options)
    {
        if (options is ["serve", var port, var seconds])
            return await Serve(int.Parse(port, CultureInfo.InvariantCulture), int.Parse(seconds, CultureInfo.InvariantCulture));
        var count = options.Length > 0 ? int.Parse(options[0], CultureInfo.InvariantCulture) : 1_000;
        Console.WriteLine($"{Environment.ProcessorCount} cores shared by server and {count:N0} clients, each on a clock that is wrong by up to an hour; milliseconds from the promised instant to each client's flip");
        await One(count, Port, serverDies: false);
        await One(count, Port + 1, serverDies: true);
        return 0;
    }

    private static async Task One(int count, int port, bool serverDies)
    {
        using var server = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["gates-closing", "serve", port.ToString(CultureInfo.InvariantCulture), (20 + (count / 50)).ToString(CultureInfo.InvariantCulture)]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        string? line;
        while ((line = await server.StandardOutput.ReadLineAsync()) is not null && !line.StartsWith("ready", StringComparison.Ordinal)) { }
        var (key, closes) = (line!.Split(' ')[1], DateTimeOffset.Parse(line.Split(' ')[2], CultureInfo.InvariantCulture));
        var directory = Directory.CreateTempSubdirectory("sunsetter-bench-").FullName;
        using var handler = new SocketsHttpHandler { MaxConnectionsPerServer = int.MaxValue };
        var chance = new Random(1);
        var clients = new SunsetterClient[count];
        for (var i = 0; i < count; i++)
        {
            clients[i] = new SunsetterClient(new SunsetterOptions
            {
                Server = new Uri($"http://127.0.0.1:{port}"), Key = key, Instance = $"bench-{i}", StateDirectory = Path.Combine(directory, i.ToString(CultureInfo.InvariantCulture)),
                Handler = handler, TimeProvider = new WrongClock(TimeSpan.FromSeconds(chance.Next(-3600, 3600))),
            });
            if (i % 10 == 9) await Task.Delay(50);
        }

        foreach (var client in clients)
            if (!await client.WaitForSnapshotAsync(TimeSpan.FromSeconds(20)))
                throw new InvalidOperationException("A client has no snapshot.");
        var ready = closes - DateTimeOffset.UtcNow;
        if (ready < TimeSpan.FromSeconds(5)) throw new InvalidOperationException($"Only {ready.TotalSeconds:N1} s are left: raise the time to the closing.");
        await Task.Delay(closes - DateTimeOffset.UtcNow - TimeSpan.FromSeconds(3));
        if (serverDies) server.Kill();
        await Task.Delay(closes - DateTimeOffset.UtcNow - TimeSpan.FromSeconds(1));
        Print(serverDies ? "server killed 3 s before" : "server alive", Watch(clients, closes));

        foreach (var client in clients) client.Dispose();
        if (!serverDies) server.Kill();
        await server.WaitForExitAsync();
        Directory.Delete(directory, recursive: true);
    }

    /// <summary>Asks one client after the other, round and round, until all are closed.</summary>
    private static (List<double> Flips, double Round) Watch(SunsetterClient[] clients, DateTimeOffset closes)
    {
        var open = clients.ToList();
        var flips = new List<double>();
        var longest = 0d;
        for (var end = closes.AddSeconds(30); open.Count > 0 && DateTimeOffset.UtcNow < end;)
        {
            var began = Stopwatch.GetTimestamp();
            open.RemoveAll(client =>
            {
                if (client.Ask(Module, "huaxin", "u").IsOpen) return false;
                flips.Add((DateTimeOffset.UtcNow - closes).TotalMilliseconds);
                return true;
            });
            longest = Math.Max(longest, Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        return open.Count == 0 ? (flips, longest) : throw new InvalidOperationException($"{open.Count} clients never closed.");
    }

    private static void Print(string what, (List<double> Flips, double Round) seen)
    {
        seen.Flips.Sort();
        Console.WriteLine(
            $"{what,-26} first {seen.Flips[0],7:N1}   median {seen.Flips[seen.Flips.Count / 2],7:N1}   last {seen.Flips[^1],7:N1}   spread {seen.Flips[^1] - seen.Flips[0],7:N1}   "
            + $"middle 98 % {seen.Flips[seen.Flips.Count * 99 / 100] - seen.Flips[seen.Flips.Count / 100],7:N1}   (longest round of asking everybody {seen.Round:N1} ms)");
    }

    private static async Task<int> Serve(int port, int seconds)
    {
        var directory = Directory.CreateTempSubdirectory("sunsetter-bench-").FullName;
        var app = SunsetterServer.Build(new StartOptions(directory, $"http://127.0.0.1:{port}", Demo: false, ["--Logging:LogLevel:Default=Error"]) { RunDueWork = false });
        await SunsetterServer.Prepare(app, default);
        await app.StartAsync();
        var log = app.Services.GetRequiredService<FactLog>();
        var closes = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds() + seconds);
        var id = RetirementId.New();
        await log.Begin(id, "bench", _ => Decision.Of(
            new RetirementProposed(new(Module), null, Text.Same("Rooms"), "bench", [new Reason(ReasonKind.TechnicalRenewal, Text.Same("Old."))]), new RetirementApproved(),
            new RetirementScheduled(new Schedule(DateOnly.FromDateTime(closes.UtcDateTime), TimeOnly.FromDateTime(closes.UtcDateTime), "UTC", new DateOnly(2020, 1, 1), 7), null), new MigrationStarted(), new ClosingConfirmed("go")), default);
        await app.Services.GetRequiredService<GatePublisher>().Look(default);
        var key = await app.Services.GetRequiredService<EdgeKeys>().Make(EdgeKeyKind.Server, "bench", EdgeScopes.All, "bench", default);
        Console.WriteLine($"ready {key.Key} {closes:O}");
        while (await Console.In.ReadLineAsync() is not null) { }
        return 0;
    }

    /// <summary>A device whose clock is wrong; its timer is not.</summary>
    private sealed class WrongClock(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
    }
}
