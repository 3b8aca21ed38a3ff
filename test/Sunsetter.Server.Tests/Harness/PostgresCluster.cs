using Npgsql;

namespace Sunsetter.Harness;

/// <summary>
/// A PostgreSQL of our own, started once per test process in a temporary directory, reached through a Unix socket. It does not
/// sync to disk: what must survive a crash is proven by the crash test on a cluster that does.
/// </summary>
internal sealed class PostgresCluster
{
    private static readonly Lazy<Task<PostgresCluster>> Once = new(() => StartAsync(durable: false, CancellationToken.None));

    private readonly ChildProcess process;
    private readonly string directory;
    private Task<string>? prepared;
    private object? preparing;

    private PostgresCluster(ChildProcess process, string directory)
    {
        this.process = process;
        this.directory = directory;
    }

    /// <summary>Why there is no PostgreSQL here, or null where there is one.</summary>
    public static string? Missing { get; } = Binaries() is null
        ? "PostgreSQL is not installed (apt-get install postgresql); this half of the test was not run."
        : null;

    /// <summary>The one cluster of this test process.</summary>
    public static Task<PostgresCluster> SharedAsync() => Once.Value;

    /// <summary>A cluster that ends with its owner; <paramref name="durable"/> keeps PostgreSQL's own promise to survive a crash.</summary>
    public static async Task<PostgresCluster> StartAsync(bool durable, CancellationToken cancel)
    {
        var binaries = Binaries() ?? throw new InvalidOperationException(Missing);
        var directory = Directory.CreateTempSubdirectory("sunsetter-pg-").FullName;
        if (Environment.IsPrivilegedProcess)
            await ChildProcess.RunAsync(cancel, "chown", "postgres:", directory);

        await ChildProcess.RunAsync(cancel, [.. Unprivileged(), $"{binaries}/initdb", "-D", $"{directory}/data", "-U", "sunsetter",
            "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]);

        // Hundreds of small databases that live for a second: the vacuum would begin in another one ten times a second.
        string[] promises = durable ? [] : ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off", "-c", "autovacuum=off", "-c", "checkpoint_timeout=1h", "-c", "max_wal_size=2GB"];
        var process = ChildProcess.Start(directory, "QUIT", [.. Unprivileged(), $"{binaries}/postgres", "-D", $"{directory}/data",
            "-k", directory, "-c", "listen_addresses=", "-c", "max_connections=300", .. promises]);

        var cluster = new PostgresCluster(process, directory);
        await Loopback.UntilAsync("PostgreSQL to start", cluster.AnswersAsync, cancel);
        return cluster;
    }

    /// <summary>Creates an empty database and returns the connection string that reaches it.</summary>
    public Task<string> CreateDatabaseAsync(CancellationToken cancel) => CreateAsync("template1", cancel);

    /// <summary>Creates a database in which <paramref name="prepare"/> has been done, once for the cluster: making it anew takes longer than copying it.</summary>
    /// <param name="prepare">Leaves no connection open: nobody may be in what is copied.</param>
    public async Task<string> CreatePreparedAsync(Func<string, Task> prepare, CancellationToken cancel)
    {
        async Task<string> Prepare()
        {
            var address = await CreateAsync("template1", CancellationToken.None) + ";Pooling=false";
            await prepare(address);
            return new NpgsqlConnectionStringBuilder(address).Database!;
        }
        return await CreateAsync(await LazyInitializer.EnsureInitialized(ref prepared, ref preparing, () => Prepare()), cancel);
    }

    private async Task<string> CreateAsync(string template, CancellationToken cancel)
    {
        var name = $"test_{Guid.CreateVersion7():N}";
        await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
        await connection.OpenAsync(cancel);
        // Nothing here survives a crash, so the copy needs no journal: half the time.
        await using var create = new NpgsqlCommand($"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy", connection);
        await create.ExecuteNonQueryAsync(cancel);
        return ConnectionString(name);
    }

    public ValueTask DisposeAsync() => process.DisposeAsync();

    private async Task<bool> AnswersAsync(CancellationToken cancel)
    {
        try
        {
            await using var connection = new NpgsqlConnection(ConnectionString("postgres"));
            await connection.OpenAsync(cancel);
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    // Few connections per database: a test class has one of its own and the cluster serves them all.
    private string ConnectionString(string database) =>
        $"Host={directory};Database={database};Username=sunsetter;Maximum Pool Size=20;Connection Idle Lifetime=5;Connection Pruning Interval=2";

    // PostgreSQL refuses to run as root, which is who we are in a container.
    private static string[] Unprivileged() => Environment.IsPrivilegedProcess
        ? ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups"]
        : [];

    private static string? Binaries() => Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Order().Select(version => $"{version}/bin").LastOrDefault(bin => File.Exists($"{bin}/initdb"))
        : null;
}
