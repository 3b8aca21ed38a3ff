using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Sunsetter.Harness;
using Sunsetter.Server;

namespace Sunsetter.Bench.Usage;

/// <summary>The whole server in this process, on a database that keeps its promises (fsync on).</summary>
internal sealed class BenchServer(WebApplication app, StartOptions options, PostgresCluster? cluster) : IAsyncDisposable
{
    public const string Token = "bench-token";

    public Uri Address { get; } = new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public string SqliteFile => Path.Combine(options.DataDirectory, "sunsetter.db");

    public string? Postgres => options.PostgresConnection;

    public StartOptions Options => options;

    /// <param name="more">Configuration, such as <c>--Mail:Host=127.0.0.1</c>.</param>
    public static async Task<BenchServer> Start(bool postgres, params string[] more)
    {
        var directory = Directory.CreateTempSubdirectory("sunsetter-bench-").FullName;
        var cluster = postgres ? await PostgresCluster.StartAsync(durable: true, CancellationToken.None) : null;
        var connection = cluster is null ? null : await cluster.CreateDatabaseAsync(CancellationToken.None);
        var options = new StartOptions(directory, "http://127.0.0.1:0", Demo: false, ["--Logging:LogLevel:Default=Warning", $"--SUNSETTER_ADMIN_TOKEN={Token}", .. more]) { PostgresConnection = connection, RunDueWork = false };
        var app = SunsetterServer.Build(options);
        await SunsetterServer.Prepare(app, CancellationToken.None);
        await app.StartAsync();
        return new BenchServer(app, options, cluster);
    }

    /// <summary>The same data behind a server that was stopped and started.</summary>
    public async Task<BenchServer> Again()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        var next = SunsetterServer.Build(options);
        await SunsetterServer.Prepare(next, CancellationToken.None);
        await next.StartAsync();
        return new BenchServer(next, options, cluster);
    }

    public T Get<T>() where T : notnull => app.Services.GetRequiredService<T>();

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
        SqliteConnection.ClearAllPools();
        if (cluster is not null)
            await cluster.DisposeAsync();
        Directory.Delete(options.DataDirectory, recursive: true);
    }
}
