using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Sunsetter.Gates;
using Sunsetter.Harness;
using Sunsetter.Server.Gates;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Tests.Gates;

/// <summary>
/// Two nodes on one PostgreSQL; one of them, a process of its own, is killed with SIGKILL while it commits a close. SUNSETTER_KILLS makes it many
/// times; see test/crash/gates.sh.
/// </summary>
public sealed class KilledNodeTests
{
    private const string Token = "kill-token", Module = "rooms-legacy";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task When_a_node_is_killed_while_it_commits_a_close_no_client_stays_open()
    {
        // SQLite refuses a second node, by decision.
        Assert.SkipWhen(PostgresCluster.Missing is not null, PostgresCluster.Missing ?? "");
        var kills = int.Parse(Environment.GetEnvironmentVariable("SUNSETTER_KILLS") ?? "1", CultureInfo.InvariantCulture);
        var postgres = await (await PostgresCluster.SharedAsync()).CreateDatabaseAsync(Cancel);
        var directory = Directory.CreateTempSubdirectory("sunsetter-survivor-").FullName;
        await using var survivor = SunsetterServer.Build(new StartOptions(directory, "http://127.0.0.1:0", Demo: false, ["--Logging:LogLevel:Default=Warning"]) { PostgresConnection = postgres, RunDueWork = false });
        await SunsetterServer.Prepare(survivor, Cancel);
        await survivor.StartAsync(Cancel);
        var log = survivor.Services.GetRequiredService<FactLog>();
        var id = await Closed(log);
        var key = await survivor.Services.GetRequiredService<EdgeKeys>().Make(EdgeKeyKind.Server, "test", EdgeScopes.All, "lin@vendor.test", Cancel);
        using var toSurvivor = new HttpClient { BaseAddress = new Uri(survivor.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()) };

        var committed = 0;
        for (var round = 0; round < kills; round++)
        {
            await log.Change(id, "lin@vendor.test", _ => new ModuleRestored("open again", null), Cancel);
            committed += await Round(round, postgres, survivor.Services.GetRequiredService<GatePublisher>(), log, id, key.Key, toSurvivor) ? 1 : 0;
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{kills} kills; {committed} closes were committed before the kill, {kills - committed} were not and were done again on the other node.");
        await survivor.StopAsync(Cancel);
    }

    /// <returns>Whether the close was committed before the kill.</returns>
    private static async Task<bool> Round(int round, string postgres, GatePublisher survivor, FactLog log, RetirementId id, string key, HttpClient toSurvivor)
    {
        var port = Loopback.FreePort();
        var victim = Start(postgres, port);
        using var toVictim = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        toVictim.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        await Loopback.UntilAsync("the second node", async cancel => await Loopback.ListensAsync(port, cancel) && (await toVictim.GetAsync("/health/ready", cancel)).IsSuccessStatusCode, Cancel, 60);

        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var clients = Enumerable.Range(0, 8).Select(i => new Follower(i % 2 == 0 ? [toVictim, toSurvivor] : [toSurvivor], key)).ToList();
        var following = Task.WhenAll(clients.Select(client => client.Follow(stop.Token)));
        await Loopback.UntilAsync("every client to be open", _ => Task.FromResult(clients.TrueForAll(client => client.IsOpen == true)), Cancel);

        // Once without a kill, so that the press costs what it costs in a node that runs.
        await Press(toVictim, id);
        await log.Change(id, "lin@vendor.test", _ => new ModuleRestored("open again", null), Cancel);
        await survivor.Look(Cancel);
        var open = survivor.Current!.Version;
        await Loopback.UntilAsync("every client to be open again", _ => Task.FromResult(clients.TrueForAll(client => client.Version >= open && client.IsOpen == true)), Cancel);

        // A different moment each time: before the request is read, while it is decided, in the transaction, after it.
        var closing = Press(toVictim, id);
        await Task.WhenAny(closing, Task.Delay(round * 7 % 50, Cancel));
        await victim.DisposeAsync();
        await closing;

        var committed = (await log.Find(id, Cancel))!.Restore is null;
        if (!committed)
            await log.Change(id, "lin@vendor.test", _ => new ModuleRestoreEnded("again"), Cancel);
        await Loopback.UntilAsync("every client to be closed", _ => Task.FromResult(clients.TrueForAll(client => client.IsOpen == false)), Cancel, 20);
        await stop.CancelAsync();
        await following;
        return committed;
    }

    private static ChildProcess Start(string postgres, int port)
    {
        var directory = Directory.CreateTempSubdirectory("sunsetter-victim-").FullName;
        return ChildProcess.Start(directory, "KILL", "env", $"SUNSETTER_DATABASE={postgres}", $"SUNSETTER_ADMIN_TOKEN={Token}", "dotnet",
            Path.Combine(Repository.Root, "src", "Sunsetter.Server", "bin", "Debug", "net10.0", "Sunsetter.Server.dll"), "--port", port.ToString(CultureInfo.InvariantCulture), "--data", directory);
    }

    private static async Task Press(HttpClient client, RetirementId id)
    {
        try
        {
            await client.PostAsJsonAsync($"/api/v1/retirements/{id}/restore/end", new { reason = "close again" }, Cancel);
        }
        catch (HttpRequestException)
        {
            // The node died meanwhile: what it had committed is asked of the store.
        }
    }

    /// <summary>A retirement that closed long ago.</summary>
    private static async Task<RetirementId> Closed(FactLog log)
    {
        var id = RetirementId.New();
        await log.Begin(id, "lin@vendor.test", _ => Decision.Of(
            new RetirementProposed(new(Module), null, Text.Same("Rooms"), "lin@vendor.test", [new Reason(ReasonKind.TechnicalRenewal, Text.Same("Old."))]), new RetirementApproved(),
            new RetirementScheduled(new Schedule(new DateOnly(2020, 1, 1), new TimeOnly(2, 0), "Asia/Shanghai", new DateOnly(2019, 11, 1), 7), null), new MigrationStarted(), new ClosingConfirmed("go")), Cancel);
        return id;
    }

    /// <summary>A client as small as one can be: it obeys the wire format and goes to the next node when one is gone.</summary>
    private sealed class Follower(IReadOnlyList<HttpClient> nodes, string key)
    {
        private GateSnapshot held = GateSnapshot.None;

        public long Version => held.Version;

        /// <summary>Null: it has heard nothing yet.</summary>
        public bool? IsOpen => held.Version < 0 ? null : held.Decide(Module, "huaxin", "u-1", DateTimeOffset.MaxValue).IsOpen;

        public async Task Follow(CancellationToken stop)
        {
            for (var node = 0; !stop.IsCancellationRequested; node = Math.Min(node + 1, nodes.Count - 1))
            {
                try
                {
                    using var stream = await EventStream.Open(nodes[node], key, held.Version < 0 ? null : held.Version);
                    while (await stream.Next(stop, "snapshot", "delta") is { } one && Obey(one))
                    {
                    }
                }
                catch (Exception gone) when (gone is HttpRequestException or IOException or OperationCanceledException)
                {
                    // To the next node.
                }
            }
        }

        /// <returns>False: something was lost, begin anew.</returns>
        private bool Obey(StreamEvent one)
        {
            if (one.Name == "snapshot")
            {
                held = one.Snapshot();
                return true;
            }
            var applied = held.Apply(one.Delta());
            held = applied.Outcome == DeltaOutcome.Applied || applied.Outcome == DeltaOutcome.AlreadyKnown ? applied.Snapshot : GateSnapshot.None;
            return held.Version >= 0;
        }
    }
}
