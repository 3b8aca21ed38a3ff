using System.Globalization;
using Sunsetter.Harness;

namespace Sunsetter.Server.Tests.Killed;

/// <summary>
/// The whole server, a process of its own, dies by SIGKILL at random moments while files are imported, mails leave through a Postfix and closing instants
/// pass. SUNSETTER_KILLS and SUNSETTER_KILL_MAILS make it long; see test/crash/whole.sh.
/// </summary>
public sealed class KilledServerTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task However_often_the_server_is_killed_every_line_counts_once_every_mail_arrives_and_every_gate_closes_at_its_instant(Database database)
    {
        Assert.SkipWhen(PostfixServer.Missing is not null, PostfixServer.Missing ?? "");
        var plan = new KillPlan(Number("SUNSETTER_KILLS", 2), Number("SUNSETTER_KILL_MAILS", 60), Number("SUNSETTER_KILL_SEED", 7));
        await using var postfix = await PostfixServer.StartAsync(Cancel);
        await using var cluster = database == Database.Postgres ? await PostgresCluster.StartAsync(durable: true, Cancel) : null;
        await using var scene = await KilledScene.Begin(plan, cluster is null ? null : await cluster.CreateDatabaseAsync(Cancel), Cancel);

        await using var server = new MortalServer(scene, postfix.Port);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var batches = new BatchSender(server, scene.Counted, plan.Seed);
        var files = new FileSender(server, scene.Counted, plan);
        var gates = new GateAsker(server, scene);
        Task[] working = [batches.Run(stop.Token), gates.Run(stop.Token)];
        var importing = files.Run(Cancel);

        await KillAgainAndAgain(plan, server);
        await server.Start(Cancel);
        await importing;
        await gates.PastTheInstants(Cancel);
        await stop.CancelAsync();
        await Task.WhenAll(working);
        await scene.Settled(Cancel);
        await Loopback.UntilAsync("Postfix to deliver what it has accepted", _ => Task.FromResult(postfix.QueueIsEmpty), Cancel, 60);

        var mails = MailsThatCame.Read(await postfix.DeliveredAsync(Cancel));
        var (lines, calls) = await scene.CheckCounts(Cancel);
        var closed = await scene.CheckLedger(mails, Cancel);
        TestContext.Current.TestOutputHelper?.WriteLine($"""
            {database}: {plan.Kills} kills, {server.DiedWhileStarting} of them while the server was starting
            usage: {lines} lines and events accepted ({files.Files} files, broken off and sent again {files.BrokenOff} times; {batches.Acknowledged} batches, {batches.Repeated} of them stored before a death that swallowed the answer); {calls} calls stored, each once
            mails: {mails.Recipients} of {plan.Mails} recipients, {mails.Total} mails, {mails.Duplicates} of them duplicates, all with the Message-ID of the first
            gates: {gates.Answers} answers around {scene.Closings.Count} closing instants, none early, none late (the first after its instant came {gates.FirstAfter} ms after it); {gates.Snapshots} snapshots held, each closes at its instant; {closed} closings in the ledger, each once
            """);
        Assert.Empty(gates.Wrong);
        Assert.Equal((plan.Mails, 0), (mails.Recipients, mails.WithAnotherMessageId));
    }

    private static async Task KillAgainAndAgain(KillPlan plan, MortalServer server)
    {
        var chance = new Random(plan.Seed);
        for (var kill = 0; kill < plan.Kills; kill++)
        {
            // One in five dies before it listens.
            var early = chance.Next(5) == 0;
            await server.Start(Cancel, untilReady: !early);
            await Task.Delay(TimeSpan.FromSeconds(early ? 0.3 + chance.NextDouble() : 0.2 + plan.LongestLife * chance.NextDouble()), Cancel);
            await server.Kill();
        }
    }

    private static int Number(string name, int otherwise) => int.Parse(Environment.GetEnvironmentVariable(name) ?? $"{otherwise}", CultureInfo.InvariantCulture);
}

/// <summary>How much is done to the server.</summary>
internal sealed record KillPlan(int Kills, int Mails, int Seed)
{
    public bool Long => Kills >= 10;

    /// <summary>Seconds; a short run is over before a long life has begun.</summary>
    public double LongestLife => Long ? 9 : 1.2;

    /// <summary>Lines of each file; a file of more than half a million is stored in several transactions.</summary>
    public IReadOnlyList<int> Files => Long ? [60_000, 60_000, 700_000, 60_000, 60_000, 60_000, 60_000, 60_000, 60_000, 60_000] : [6_000, 6_000, 6_000];

    /// <summary>From now to each closing instant.</summary>
    public IReadOnlyList<TimeSpan> Closings => [.. (Long ? (int[])[40, 110, 180] : [6]).Select(seconds => TimeSpan.FromSeconds(seconds))];
}
