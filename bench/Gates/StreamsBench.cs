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
        return 0;
    }

    /// <summary>What clients that never read cost the others: rounds with and without them take turns, so that the machine's noise hits both alike.</summary>
    public static async Task<int> RunStalled(string[] options)
    {
        var connections = options.Length > 0 ? int.Parse(options[0], CultureInfo.InvariantCulture) : 1_000;
        var rounds = options.Length > 1 ? int.Parse(options[1], CultureInfo.InvariantCulture) : 60;
        const int Size = 65_536, RoundsOfOneConnection = 8;
        Console.WriteLine($"{Environment.ProcessorCount} cores shared by two servers and load client; {connections:N0} connections each; {rounds} rounds in turns; milliseconds from the broadcast until the last reader has all of it");
        using var without = await Arena.Open("ours", 2, connections, 0);
        using var with = await Arena.Open("ours", 3, connections, connections / 100);
        // The same again: by how much two servers without such clients differ is what the figure has to be held against.
        using var control = await Arena.Open("ours", 4, connections, 0);
        List<double> one = [], other = [], same = [];
        var order = new (Arena Arena, List<double> Times)[] { (without, one), (with, other), (control, same) };
        for (var round = -3; round < rounds; round++)
        {
            // After ten seconds the server cuts off who does not read, and there would be nothing to measure.
            if (round > 0 && round % RoundsOfOneConnection == 0)
                foreach (var (arena, _) in order)
                    await arena.Reconnect();
            foreach (var (arena, times) in order)
                if (await arena.Round(Size) is var time && round >= 0)
                    times.Add(time);
            // Whoever follows whom changes, too.
            (order[0], order[1], order[2]) = (order[1], order[2], order[0]);
        }

        Tell("without", one);
        Tell("1 % never read", other);
        Tell("without, again", same);
        Console.WriteLine($"median with / without {Median(other) / Median(one):N2}, again / without {Median(same) / Median(one):N2}; median of the ratios of one round {Median([.. other.Zip(one, (a, b) => a / b)]):N2} and {Median([.. same.Zip(one, (a, b) => a / b)]):N2}");
        return 0;
    }

    private static void Tell(string name, List<double> times) =>
        Console.WriteLine($"{name,-16} median {Median(times),8:N1}   min {times.Min(),8:N1}   max {times.Max(),8:N1}   mean {times.Average(),8:N1}");

    private static double Median(IReadOnlyCollection<double> times) => times.Order().ElementAt(times.Count / 2);

    private static async Task One(string kind, int slot, int connections, int silent, int rounds, int size)
    {
        using var arena = await Arena.Open(kind, slot, connections, silent);
        var times = new List<double>();
        for (var round = -2; round < rounds; round++)
            if (await arena.Round(size) is var time && round >= 0)
                times.Add(time);
        Console.WriteLine(
            $"{kind,-5} {size,6} B, {silent,3} never read: median {Median(times),8:N1}   min {times.Min(),8:N1}   max {times.Max(),8:N1}   alive {arena.Alive:N0}"
            + $"   memory per connection: {arena.Managed / connections / 1024d:N1} KB managed, {arena.Resident / connections / 1024d:N1} KB resident");
    }

    /// <summary>One server in a process of its own, and the clients that are connected to it.</summary>
    private sealed class Arena : IDisposable
    {
        private readonly Process server;
        private readonly Func<Task<LoadClient>> connect;
        private readonly int pause;
        private LoadClient client;

        private Arena(Process server, Func<Task<LoadClient>> connect, LoadClient client, int connections) =>
            (this.server, this.connect, this.client, pause) = (server, connect, client, connections >= 10_000 ? 400 : 120);

        public double Managed { get; private init; }

        public double Resident { get; private init; }

        public int Alive => client.Alive;

        public static async Task<Arena> Open(string kind, int slot, int connections, int silent)
        {
            var port = BasePort + slot;
            var server = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["gates-streams", "serve", kind, port.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
            string? line;
            while ((line = await server.StandardOutput.ReadLineAsync()) is not null && !line.StartsWith("ready", StringComparison.Ordinal)) { }
            var key = line!["ready ".Length..];
            var before = await Memory(server);
            Task<LoadClient> Connect() => LoadClient.Open(port, kind == "bare"
                ? "GET /stream HTTP/1.1\r\nHost: bench\r\n\r\n"
                : $"GET /edge/v1/gates/stream HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {key}\r\n\r\n", connections, silent);
            var client = await Connect();
            var after = await Memory(server);
            return client.FirstAnswer.Contains("200 OK", StringComparison.Ordinal)
                ? new Arena(server, Connect, client, connections) { Managed = after.Managed - before.Managed, Resident = after.Resident - before.Resident }
                : throw new InvalidOperationException(client.FirstAnswer);
        }

        public async Task Reconnect()
        {
            client.Dispose();
            client = await connect();
            // The first frame to new connections is not like the others.
            await Round(65_536);
        }

        /// <summary>Milliseconds from the broadcast until the last has all of it.</summary>
        public async Task<double> Round(int size)
        {
            // What the broadcast will bring is known before it: the same size each time, but for the first.
            var done = client.Expect(size * 3 / 4);
            await Order(server, $"go {size}");
            var told = (await server.StandardOutput.ReadLineAsync())!.Split(' ');
            if (await Task.WhenAny(done, Task.Delay(20_000)) != done) throw new InvalidOperationException("Not everybody was told within 20 s.");
            var time = (client.LastArrival - long.Parse(told[0], CultureInfo.InvariantCulture)) * 1000d / Stopwatch.Frequency;
            await Task.Delay(pause);
            return time;
        }

        public void Dispose()
        {
            client.Dispose();
            Order(server, "stop").GetAwaiter().GetResult();
            server.WaitForExit();
            server.Dispose();
        }
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
