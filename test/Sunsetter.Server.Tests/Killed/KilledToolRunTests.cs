using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Sunsetter.Harness;
using Sunsetter.Server.Migrate;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Tests.Retirements;

namespace Sunsetter.Server.Tests.Killed;

/// <summary>The server, a process of its own, dies by SIGKILL while it runs a migration tool.</summary>
public sealed class KilledToolRunTests
{
    private static readonly CustomerKey Huaxin = new("huaxin");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task A_run_whose_server_was_killed_is_not_shown_as_ended_and_is_called_again_with_the_same_key(Database database)
    {
        var postgres = database == Database.Postgres ? await (await PostgresCluster.SharedAsync()).CreateDatabaseAsync(Cancel) : null;
        var directory = Directory.CreateTempSubdirectory("sunsetter-killed-tool-");
        var mover = await Script(directory.FullName);
        var id = await Prepare(directory.FullName, postgres, mover);

        await using (Start(directory.FullName, postgres, mover))
            await Loopback.UntilAsync("the tool to begin", _ => Task.FromResult(File.Exists($"{directory}/begun")), Cancel, 120);

        await using var reader = Build(directory.FullName, postgres, mover);
        var log = reader.Services.GetRequiredService<FactLog>();
        var left = Assert.Single((await log.FindEntry(id, Huaxin, Cancel))!.Move.Runs);
        var row = (await reader.Services.GetRequiredService<ToolRuns>().Find(left.Id, Cancel))!;
        Assert.Equal((null, ToolRunState.Waiting, 1), (left.FinishedAt, row.State, row.Attempts));
        // The dead server's claim ends within a minute; that minute is over.
        await using (var db = await reader.Services.GetRequiredService<IDbContextFactory<SunsetterDb>>().CreateDbContextAsync(Cancel))
            await db.Set<ToolRunRow>().ExecuteUpdateAsync(set => set.SetProperty(run => run.LeaseUntil, DateTimeOffset.UnixEpoch), Cancel);

        await using (Start(directory.FullName, postgres, mover))
            await Loopback.UntilAsync("the run to end", async token => (await log.FindEntry(id, Huaxin, token))!.Move.Runs[0].FinishedAt is not null, Cancel, 120);

        var keys = await File.ReadAllLinesAsync($"{directory}/keys", Cancel);
        Assert.Equal((2, left.IdempotencyKey), (keys.Length, Assert.Single(keys.Distinct())));
        Assert.Single(await log.History(id, Huaxin, Cancel), recorded => recorded.Fact is MigrationRunFinished { Succeeded: true });
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
    }

    /// <summary>The first call lasts until its server is dead, and ends then by itself; the second ends well.</summary>
    private static async Task<string> Script(string directory)
    {
        var path = Path.Combine(directory, "mover");
        await File.WriteAllTextAsync(path, $"""
            #!/bin/sh
            echo $SUNSETTER_IDEMPOTENCY_KEY >> {directory}/keys
            [ -e {directory}/begun ] && exit 0
            touch {directory}/begun
            while kill -0 $PPID 2>/dev/null && [ "$(ps -o ppid= -p $$ | tr -d ' ')" != 1 ]; do sleep 0.1; done

            """, Cancel);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }

    private static async Task<RetirementId> Prepare(string directory, string? postgres, string mover)
    {
        await using var app = Build(directory, postgres, mover);
        await SunsetterServer.Prepare(app, Cancel);
        var (log, id) = (app.Services.GetRequiredService<FactLog>(), RetirementId.New());
        await log.Begin(id, "lin@vendor.test", _ => Decision.Of(Told.Proposal, new RetirementApproved(), new RetirementScheduled(Told.Plan, null), new ReplacementSignedOff("Load test", null), new MigrationStarted())
            .And(Decision.Of(Huaxin, new EntryOpened(Text.Same("Huaxin Bank"), "standard", CustomerClass.Standard, null, "Asia/Shanghai", "en"))), Cancel);
        var desk = app.Services.GetRequiredService<ToolDesk>();
        Assert.Null((await desk.Attach(id, new ToolGiven(null, "Room mover", MigrationToolKind.Command, "mover", [], 600, null, null), "dev@vendor.test", Cancel)).Refusal);
        Assert.Equal(1, (await desk.Run(id, new RunTool(Guid.CreateVersion7(), DryRun: true, new RunScope(Huaxin, null)), "yue@vendor.test", Cancel)).Value);
        return id;
    }

    private static WebApplication Build(string directory, string? postgres, string mover) => SunsetterServer.Build(
        new StartOptions(directory, "http://127.0.0.1:0", Demo: false, ["--Logging:LogLevel:Default=Warning", $"--Migration:Commands:mover={mover}"]) { PostgresConnection = postgres, RunDueWork = false });

    private static ChildProcess Start(string directory, string? postgres, string mover) => ChildProcess.Start(
        Directory.CreateTempSubdirectory("sunsetter-mortal-").FullName, "KILL", "env", $"SUNSETTER_DATABASE={postgres}", "dotnet",
        Path.Combine(Repository.Root, "src", "Sunsetter.Server", "bin", "Debug", "net10.0", "Sunsetter.Server.dll"),
        "--port", Loopback.FreePort().ToString(CultureInfo.InvariantCulture), "--data", directory, "--Logging:LogLevel:Default=Warning", $"--Migration:Commands:mover={mover}");
}
