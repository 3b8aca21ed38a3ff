using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Sunsetter.Harness;
using Sunsetter.Server;

namespace Sunsetter.Bench.Usage;

/// <summary>The whole server in this process, on a database that keeps its promises (fsync on).</summary>
internal sealed class BenchServer(WebApplication app, string directory, PostgresCluster? cluster, string? connection) : IAsyncDisposable
{
    public const string Token = "bench-token";

    public Uri Address { get; } = new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public string SqliteFile => Path.Combine(directory, "sunsetter.db");

    public string? Postgres => connection;

    public static async Task<BenchServer> Start(bool postgres)
    {
        var directory = Directory.CreateTempSubdirectory("sunsetter-bench-").FullName;
        var cluster = postgres ? await PostgresCluster.StartAsync(durable: true, CancellationToken.None) : null;
        var connection = cluster is null ? null : await cluster.CreateDatabaseAsync(CancellationToken.None);
        var app = SunsetterServer.Build(new StartOptions(directory, "http://127.0.0.1:0", Demo: false, ["--Logging:LogLevel:Default=Warning", $"--SUNSETTER_ADMIN_TOKEN={Token}"]) { PostgresConnection = connection, RunDueWork = false });
        await SunsetterServer.Prepare(app, CancellationToken.None);
        await app.StartAsync();
        return new BenchServer(app, directory, cluster, connection);
    }

    public T Get<T>() where T : notnull => app.Services.GetRequiredService<T>();

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        SqliteConnection.ClearAllPools();
        if (cluster is not null)
            await cluster.DisposeAsync();
        Directory.Delete(directory, recursive: true);
    }
}
