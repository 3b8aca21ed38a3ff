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
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Bench.Gates;

/// <summary>A restore of one customer, from the press and from the commit until one client has it, on PostgreSQL; beside a bare commit with NOTIFY.</summary>
internal static class ChangeBench
{
    private const int Port = 5320;

    /// <summary>Changes before the first that counts: until then the young server is still compiling the way they go.</summary>
    private const int Warming = 300;

    public static async Task<int> Run(string[] options)
    {
        var changes = options.Length > 0 ? int.Parse(options[0], CultureInfo.InvariantCulture) : 200;
        if (PostgresCluster.Missing is { } missing) throw new InvalidOperationException(missing);
        var postgres = await (await PostgresCluster.SharedAsync()).CreateDatabaseAsync(default);
        var directory = Directory.CreateTempSubdirectory("sunsetter-bench-").FullName;
        var app = SunsetterServer.Build(new StartOptions(directory, $"http://127.0.0.1:{Port}", Demo: false, ["--Logging:LogLevel:Default=Warning"]) { PostgresConnection = postgres, RunDueWork = false });
        await SunsetterServer.Prepare(app, default);
        await app.StartAsync();
        var log = app.Services.GetRequiredService<FactLog>();
        var id = await Prepare(log);
        var key = await app.Services.GetRequiredService<EdgeKeys>().Make(EdgeKeyKind.Server, "bench", EdgeScopes.All, "bench", default);

        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, Port);
        await socket.SendAsync(Encoding.ASCII.GetBytes($"GET /edge/v1/gates/stream HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer {key.Key}\r\n\r\n"));
        var buffer = new byte[1 << 20];
        await Task.Delay(500);
        await socket.ReceiveAsync(buffer);

        List<double> fromPress = [], fromCommit = [], bare = [];
        for (var i = -Warming; i < changes; i++)
        {
            var arrived = Arrival(socket, buffer);
            var customer = new CustomerKey($"customer-{(i + Warming) % 1000:D4}");
            var pressed = Stopwatch.GetTimestamp();
            var outcome = await log.Change(id, customer, "bench", (_, _) => Decision.Of(customer, new CustomerRestored($"change {i}", null)), default);
            var committed = Stopwatch.GetTimestamp();
            if (outcome.Refused(out var refusal)) throw new InvalidOperationException(refusal.Code);
            var at = await arrived;
            if (i >= 0)
            {
                fromPress.Add((at - pressed) * 1000d / Stopwatch.Frequency);
                fromCommit.Add((at - committed) * 1000d / Stopwatch.Frequency);
                bare.Add(await BareNotify(postgres));
            }
            await Task.Delay(5);
        }

        Console.WriteLine($"{Environment.ProcessorCount} cores, PostgreSQL on the same machine, ledger of 1,000 customers, one client, {changes} changes after {Warming} that do not count; milliseconds");
        Print("press (before the rule is asked) → client", fromPress);
        Print("commit returned → client", fromCommit);
        Print("floor: bare insert + NOTIFY, begin → heard", bare);
        await app.StopAsync();
        Environment.Exit(0);
        return 0;
    }

    private static async Task<long> Arrival(Socket socket, byte[] buffer)
    {
        while (true)
        {
            var read = await socket.ReceiveAsync(buffer);
            var at = Stopwatch.GetTimestamp();
            if (read == 0) throw new InvalidOperationException("The stream ended.");
            if (buffer.AsSpan(0, read).IndexOf("event: delta"u8) >= 0) return at;
        }
    }

    private static async Task<RetirementId> Prepare(FactLog log)
    {
        var id = RetirementId.New();
        await log.Begin(id, "bench", _ => Decision.Of(
            new RetirementProposed(new("rooms"), null, Text.Same("Rooms"), "bench", [new Reason(ReasonKind.TechnicalRenewal, Text.Same("Old."))]), new RetirementApproved(),
            new RetirementScheduled(new Schedule(new DateOnly(2020, 1, 1), new TimeOnly(2, 0), "Asia/Shanghai", new DateOnly(2019, 11, 1), 7), null)), default);
        var opened = Decision.Nothing;
        for (var i = 0; i < 1000; i++)
            opened = opened.And(Decision.Of(new CustomerKey($"customer-{i:D4}"), new EntryOpened(Text.Same("X"), "standard", CustomerClass.Standard, null, "Asia/Shanghai", "en")));
        await log.Change(id, "bench", _ => opened.And(Decision.Of(new MigrationStarted(), new ClosingConfirmed("go"))), default);
        return id;
    }

    private static NpgsqlConnection? listener, writer;

    private static async Task<double> BareNotify(string postgres)
    {
        if (listener is null || writer is null)
        {
            listener = new NpgsqlConnection(postgres);
            writer = new NpgsqlConnection(postgres);
            await listener.OpenAsync();
            await writer.OpenAsync();
            await using var listen = new NpgsqlCommand("listen bench", listener);
            await listen.ExecuteNonQueryAsync();
            await using var create = new NpgsqlCommand("create table bench (id bigint generated by default as identity primary key, body text)", writer);
            await create.ExecuteNonQueryAsync();
        }

        var heard = listener.WaitAsync();
        var started = Stopwatch.GetTimestamp();
        await using (var transaction = await writer.BeginTransactionAsync())
        {
            await using var insert = new NpgsqlCommand("insert into bench (body) values ('x'); select pg_notify('bench', '')", writer, transaction);
            await insert.ExecuteNonQueryAsync();
            await transaction.CommitAsync();
        }
        await heard;
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    private static void Print(string what, List<double> times)
    {
        times.Sort();
        Console.WriteLine($"{what,-46} median {times[times.Count / 2],7:N2}   p99 {times[(int)(times.Count * 0.99)],7:N2}   max {times[^1],7:N2}");
    }
}
