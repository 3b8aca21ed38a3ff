using System.Diagnostics;
using System.Globalization;

namespace Sunsetter.Bench.Gates;

/// <summary>A change to the last of many connected clients, beside a bare Kestrel broadcast; memory per idle connection; clients that never read.</summary>
internal static class StreamsBench
{
    private const int BasePort = 5310;

    public static async Task<int> Run(string[] options)
    {
        if (options is ["serve", var kind, var port])
            return kind == "bare" ? await StreamServers.Bare(int.Parse(port, CultureInfo.InvariantCulture)) : await StreamServers.Ours(int.Parse(port, CultureInfo.InvariantCulture));
        var connections = options.Length > 0 ? int.Parse(options[0], CultureInfo.InvariantCulture) : 1_000;
        var rounds = options.Length > 1 ? int.Parse(options[1], CultureInfo.InvariantCulture) : 15;
        Console.WriteLine($"{Environment.ProcessorCount} cores shared by server and load client; {connections:N0} connections; {rounds} rounds; milliseconds from the broadcast until the last client has all of it");
        await One("bare", 0, connections, 0, rounds, 300);
        await One("ours", 1, connections, 0, rounds, 300);
        if (options.Contains("stalled"))
        {
            await One("ours", 2, connections, 0, rounds, 65_536);
            await One("ours", 3, connections, connections / 100, rounds, 65_536);
        }

        return 0;
    }

    private static async Task One(string kind, int slot, int connections, int silent, int rounds, int size)
    {
        var port = BasePort + slot;
        using var server = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["gates-streams", "serve", kind, port.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        string? line;
        while ((line = await server.StandardOutput.ReadLineAsync()) is not null && !line.StartsWith("ready", StringComparison.Ordinal)) { }
        var key = line!["ready ".Length..];
        var before = await Memory(server);
        using var client = await LoadClient.Open(port, kind == "bare"
            ? "GET /stream HTTP/1.1\r\nHost: bench\r\n\r\n"
            : $"GET /edge/v1/gates/stream HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {key}\r\n\r\n", connections, silent);
        var after = await Memory(server);
        if (!client.FirstAnswer.Contains("200 OK", StringComparison.Ordinal)) throw new InvalidOperationException(client.FirstAnswer);

        var times = new List<double>();
        for (var round = -2; round < rounds; round++)
        {
            // What the broadcast will bring is known before it: the same size each time, but for the first.
            var done = client.Expect(size * 3 / 4);
            await Order(server, $"go {size}");
            var told = (await server.StandardOutput.ReadLineAsync())!.Split(' ');
            if (await Task.WhenAny(done, Task.Delay(20_000)) != done) throw new InvalidOperationException("Not everybody was told within 20 s.");
            if (round >= 0) times.Add((client.LastArrival - long.Parse(told[0], CultureInfo.InvariantCulture)) * 1000d / Stopwatch.Frequency);
            await Task.Delay(connections >= 10_000 ? 400 : 120);
        }

        times.Sort();
        Console.WriteLine(
            $"{kind,-5} {size,6} B, {silent,3} never read: median {times[times.Count / 2],8:N1}   min {times[0],8:N1}   max {times[^1],8:N1}   alive {client.Alive:N0}"
            + $"   memory per connection: {(after.Managed - before.Managed) / connections / 1024d:N1} KB managed, {(after.Resident - before.Resident) / connections / 1024d:N1} KB resident");
        await Order(server, "stop");
        await server.WaitForExitAsync();
    }

    private static async Task<(long Managed, long Resident)> Memory(Process server)
    {
        await Order(server, "memory");
        var told = (await server.StandardOutput.ReadLineAsync())!.Split(' ');
        return (long.Parse(told[0], CultureInfo.InvariantCulture), long.Parse(told[1], CultureInfo.InvariantCulture));
    }

    private static async Task Order(Process server, string order)
    {
        await server.StandardInput.WriteLineAsync(order);
        await server.StandardInput.FlushAsync();
    }
}
