using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Sunsetter.Harness;
using Sunsetter.Server.Announce;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Tests.Gates;

namespace Sunsetter.Server.Tests.Platform;

/// <summary>The commands of docs/deploy.md, taken while the server runs, and a server on what was restored in another place.</summary>
public sealed class BackupTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task What_was_backed_up_while_the_server_ran_starts_in_another_place_with_every_fact_and_every_link(Database database)
    {
        Assert.SkipWhen(database == Database.Sqlite && !File.Exists("/usr/bin/sqlite3"), "sqlite3 is not installed (apt-get install sqlite3); this test was not run.");
        await using var scene = await GateScene.On(database);
        var pass = new PortalPass(scene.Id, GateScene.Huaxin, "anna@huaxin.test", ServerUnderTest.Start.AddDays(30));
        var link = scene.Server.Get<PortalLinks>().TokenFor(pass);
        var before = await scene.Log.History(scene.Id, null, Cancel);

        var directory = Directory.CreateTempSubdirectory("sunsetter-restored-").FullName;
        var restored = database == Database.Sqlite ? await RestoreSqlite(scene.Server, directory) : await RestorePostgres(scene.Server, directory);
        await using (var app = SunsetterServer.Build(new StartOptions(directory, "http://127.0.0.1:0", Demo: false, ["--Logging:LogLevel:Default=Warning"]) { PostgresConnection = restored, RunDueWork = false }))
        {
            await SunsetterServer.Prepare(app, Cancel);
            await app.StartAsync(Cancel);
            var log = app.Services.GetRequiredService<FactLog>();
            Assert.Equal(before.Select(one => (one.Customer, one.Version, one.At, one.Fact.GetType())), (await log.History(scene.Id, null, Cancel)).Select(one => (one.Customer, one.Version, one.At, one.Fact.GetType())));
            Assert.Null((await app.Services.GetRequiredService<StoredChain>().Check(scene.Id, Cancel)).FirstFault);
            Assert.Equal(pass, app.Services.GetRequiredService<PortalLinks>().Read(link)?.Pass);
            await app.StopAsync(Cancel);
        }
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(directory, recursive: true);
    }

    private static async Task<string?> RestoreSqlite(ServerUnderTest server, string directory)
    {
        await ChildProcess.RunAsync(Cancel, "sqlite3", server.Get<StorageOptions>().SqliteFile, $".backup {directory}/backup.db");
        File.Move($"{directory}/backup.db", $"{directory}/sunsetter.db");
        return null;
    }

    private static async Task<string?> RestorePostgres(ServerUnderTest server, string directory)
    {
        var from = new Npgsql.NpgsqlConnectionStringBuilder(server.Get<StorageOptions>().PostgresConnection);
        var to = await (await PostgresCluster.SharedAsync()).CreateDatabaseAsync(Cancel);
        string[] place = ["--host", from.Host!, "--username", from.Username!];
        await ChildProcess.RunAsync(Cancel, ["pg_dump", .. place, "--format=custom", $"--file={directory}/sunsetter.dump", from.Database!]);
        await ChildProcess.RunAsync(Cancel, ["pg_restore", .. place, "--exit-on-error", "--dbname", new Npgsql.NpgsqlConnectionStringBuilder(to).Database!, $"{directory}/sunsetter.dump"]);
        return to;
    }
}
