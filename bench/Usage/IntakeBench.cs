using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Npgsql;
using Sunsetter.Server.Usage;

namespace Sunsetter.Bench.Usage;

/// <summary>
/// Events per second over HTTP, durable before 202, client and server in one process on the same cores; beside the same parsing and set work
/// without storage, and beside an exact upsert of (module, customer, day, user) in PostgreSQL.
/// </summary>
internal static class IntakeBench
{
    private const int EventsInBatch = 10_000, Customers = 500, UsersOfCustomer = 400, Modules = 20, Senders = 12;

    public static async Task<int> Run(string[] options)
    {
        var seconds = options is [var text, ..] ? int.Parse(text, CultureInfo.InvariantCulture) : 8;
        var only = options is [_, var recipe, ..] ? recipe : "";
        var bodies = Enumerable.Range(0, 200).Select(seed => Batch(seed, sessions: false)).ToList();
        var sessions = Enumerable.Range(0, 200).Select(seed => Batch(seed, sessions: true)).ToList();
        Console.WriteLine(FormattableString.Invariant($"{EventsInBatch} events a batch, {bodies[0].Length / (double)EventsInBatch:0} bytes an event, {Customers} customers, {Modules} modules, {Customers * UsersOfCustomer} users, {Senders} senders, {seconds} s each"));
        Console.WriteLine("| path | events/s |");
        Console.WriteLine("|---|---:|");
        foreach (var (name, data) in new[] { ("sessions", sessions), ("spread", bodies) }.Where(recipe => recipe.Item1.StartsWith(only, StringComparison.Ordinal)))
        {
            Row($"{name}: parse and set work, one thread, no storage", await Parse(data, seconds));
            foreach (var postgres in new[] { false, true })
                Row($"{name}: HTTP, durable before 202, {(postgres ? "PostgreSQL" : "SQLite")}", await Http(data, postgres, seconds));
        }
        Row("PostgreSQL: exact upsert, 1,000 rows a statement, one connection", await Upsert(seconds));
        return 0;
    }

    private static void Row(string path, double rate) => Console.WriteLine(FormattableString.Invariant($"| {path} | {rate:N0} |"));

    // "spread": every event is of another customer, module and user, the worst for us. "sessions": what a gateway sends for some minutes: people call one to eight times in a
    // row in one module, low customer and module numbers more often; one event in fifty is of yesterday.
    private static byte[] Batch(int seed, bool sessions)
    {
        var chance = new Random(seed);
        if (sessions)
            return Sessions(chance);
        var text = new StringBuilder($"{{\"batch\":\"@@@@@@@@@@@@@@@@\",\"events\":[");
        for (var line = 0; line < EventsInBatch; line++)
        {
            var customer = chance.Next(Customers);
            text.Append(line > 0 ? "," : "").Append(CultureInfo.InvariantCulture,
                $"{{\"time\":\"2026-11-2{chance.Next(0, 2)}T{chance.Next(0, 24):00}:{chance.Next(0, 60):00}:00Z\",\"module\":\"module-{Math.Min(chance.Next(Modules), chance.Next(Modules)):00}\",\"customer\":\"customer-{customer:000}\",\"user\":\"u{customer:000}{chance.Next(UsersOfCustomer):000}\"}}");
        }
        return Encoding.UTF8.GetBytes(text.Append("]}").ToString());
    }

    private static byte[] Sessions(Random chance)
    {
        var text = new StringBuilder($"{{\"batch\":\"@@@@@@@@@@@@@@@@\",\"events\":[");
        var (hour, minute) = (chance.Next(8, 20), chance.Next(0, 56));
        for (var line = 0; line < EventsInBatch;)
        {
            var customer = Math.Min(chance.Next(Customers), chance.Next(Customers));
            var (module, user, day) = (Math.Min(chance.Next(Modules), chance.Next(Modules)), chance.Next(UsersOfCustomer), chance.Next(50) == 0 ? 20 : 21);
            for (var n = chance.Next(1, 9); n > 0 && line < EventsInBatch; n--, line++)
                text.Append(line > 0 ? "," : "").Append(CultureInfo.InvariantCulture,
                    $"{{\"time\":\"2026-11-{day}T{hour:00}:{minute + chance.Next(4):00}:{chance.Next(60):00}Z\",\"module\":\"module-{module:00}\",\"customer\":\"customer-{customer:000}\",\"user\":\"u{customer:000}{user:000}\"}}");
        }
        return Encoding.UTF8.GetBytes(text.Append("]}").ToString());
    }

    private static async Task<double> Parse(List<byte[]> bodies, int seconds)
    {
        var now = new DateTimeOffset(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);
        var keys = new KeySnapshot(new KeyLimit([], [], 1_000), new KeyLimit([], [], 50_000));
        var started = Stopwatch.GetTimestamp();
        long events = 0;
        for (var n = 0; Stopwatch.GetElapsedTime(started).TotalSeconds < seconds / 2.0; n++)
        {
            var lines = new UsageLines(keys, now);
            if (UsageJson.Read(bodies[n % bodies.Count], lines, new UsageSender("bench"), now).Refusal is not null || lines.Tally.Events != EventsInBatch)
                throw new InvalidOperationException("The batch was not read whole.");
            var written = new WrittenRows();
            written.Check(Enumerable.Range(1, Customers).Select(customer => (customer, 1L)));
            var rows = new GroupRows(written) { Deliveries = { new("bench", "bench", now, lines.Tally) }, Modules = { Own(lines.Tally.Modules.Count) }, Customers = { Own(lines.Tally.Customers.Count) }, Users = { Own(lines.Tally.Users.Count) } };
            rows.Gather();
            foreach (var row in rows.Days)
                events += row.ToStore().Length > 0 ? 0 : 1;
            events += EventsInBatch;
        }
        await Task.CompletedTask;
        return events / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static int[] Own(int count) => [.. Enumerable.Range(1, count)];

    private static async Task<double> Http(List<byte[]> bodies, bool postgres, int seconds)
    {
        await using var server = await BenchServer.Start(postgres);
        using var client = new HttpClient { BaseAddress = server.Address, Timeout = TimeSpan.FromMinutes(2) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", BenchServer.Token);
        var number = 0;
        long events = 0;
        async Task Send(double forSeconds, bool count)
        {
            var until = Stopwatch.GetTimestamp() + (long)(forSeconds * Stopwatch.Frequency);
            await Task.WhenAll(Enumerable.Range(0, Senders).Select(_ => Task.Run(async () =>
            {
                while (Stopwatch.GetTimestamp() < until)
                {
                    var mine = Interlocked.Increment(ref number);
                    using var request = new HttpRequestMessage(HttpMethod.Post, "/edge/v1/usage") { Content = new ByteArrayContent(bodies[mine % bodies.Count]) };
                    request.Headers.Add("Idempotency-Key", mine.ToString(CultureInfo.InvariantCulture));
                    using var answer = await client.SendAsync(request);
                    if ((int)answer.StatusCode == 429)
                        await Task.Delay(50);
                    else if ((int)answer.StatusCode != 202)
                        throw new InvalidOperationException($"{answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
                    else if (count)
                        Interlocked.Add(ref events, EventsInBatch);
                }
            })));
        }

        await Send(3, count: false);
        var started = Stopwatch.GetTimestamp();
        await Send(seconds, count: true);
        return events / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task<double> Upsert(int seconds)
    {
        await using var server = await BenchServer.Start(postgres: true);
        await using var connection = new NpgsqlConnection(server.Postgres);
        await connection.OpenAsync();
        await using (var create = new NpgsqlCommand("create table seen (module int, customer int, day int, usr int, calls bigint, primary key (module, customer, day, usr))", connection))
            await create.ExecuteNonQueryAsync();
        var chance = new Random(1);
        var started = Stopwatch.GetTimestamp();
        long events = 0;
        while (Stopwatch.GetElapsedTime(started).TotalSeconds < seconds)
        {
            await using var command = new NpgsqlCommand("""
                insert into seen select m, c, d, u, count(*) from unnest($1, $2, $3, $4) as e (m, c, d, u) group by 1, 2, 3, 4
                on conflict (module, customer, day, usr) do update set calls = seen.calls + excluded.calls
                """, connection);
            foreach (var most in new[] { Modules, Customers, 2, UsersOfCustomer })
                command.Parameters.Add(new NpgsqlParameter { Value = Enumerable.Range(0, 1_000).Select(_ => chance.Next(most)).ToArray() });
            await command.ExecuteNonQueryAsync();
            events += 1_000;
        }
        return events / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
