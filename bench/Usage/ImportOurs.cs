using System.Diagnostics;
using System.Globalization;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Usage;

namespace Sunsetter.Bench.Usage;

/// <summary>Our half of the import bench, in a process of its own: DuckDB is not in its memory. Prints a line "name figure" for each figure.</summary>
internal static class ImportOurs
{
    public static readonly ModuleKey Old = new("module-03"), Replacement = new("module-05");

    /// <param name="options">The file and how many lines it has.</param>
    public static async Task<int> Run(string[] options)
    {
        await using var server = await BenchServer.Start(postgres: false);
        var empty = Bytes(server, tidy: false);
        Print("memory-before", Peak());
        await Import(server, options[0], long.Parse(options[1], CultureInfo.InvariantCulture));
        Print("memory-peak", Peak());
        Print("bytes", Bytes(server, tidy: false) - empty);
        await Questions(server);
        Print("bytes-tidy", Bytes(server, tidy: true) - empty);
        await Delete(server);
        return 0;
    }

    private static async Task Import(BenchServer server, string file, long lines)
    {
        var started = Stopwatch.GetTimestamp();
        await using var stream = File.OpenRead(file);
        var result = (await server.Get<UsageImport>().Run(stream, new UsageMapping(), null, null, CancellationToken.None)).Value;
        if (result.Accepted != lines)
            throw new InvalidOperationException($"{result.Accepted} of {lines} lines were counted.");
        Print("import", Stopwatch.GetElapsedTime(started).TotalSeconds);
        using var process = Process.GetCurrentProcess();
        Print("processor", process.TotalProcessorTime.TotalSeconds);
    }

    private static async Task Questions(BenchServer server)
    {
        var (usage, until, one) = (server.Get<UsageQuestions>(), ImportFile.Last, new CustomerKey("customer-007"));
        var cold = Stopwatch.GetTimestamp();
        var overlaps = await usage.Overlaps(Old, Replacement, until, 30, CancellationToken.None);
        Print("all-first", Stopwatch.GetElapsedTime(cold).TotalMilliseconds);
        Print("answer-all", overlaps.Sum(overlap => overlap.OnlyOld));
        Print("answer-one", overlaps.Single(overlap => overlap.Customer == one).OnlyOld);
        var matrix = await usage.Matrix(until, ImportFile.Days, CancellationToken.None);
        Print("answer-matrix", matrix.Sum(cell => cell.Users));
        Print("answer-calls", matrix.Sum(cell => cell.Calls));
        Print("cells", matrix.Count);
        Print("all", await Median(() => usage.Overlaps(Old, Replacement, until, 30, CancellationToken.None)));
        Print("one", await Median(() => usage.UsersNotMoved(Old, Replacement, one, until, 30, 10_000, CancellationToken.None)));
        Print("matrix", await Median(() => usage.Matrix(until, ImportFile.Days, CancellationToken.None)));
        Print("matrix-storage", await Median(async () =>
        {
            using var fresh = ActivatorUtilities.CreateInstance<UsageMatrix>(server.Get<IServiceProvider>());
            return await fresh.Of(until.DayNumber - ImportFile.Days + 1, until.DayNumber, CancellationToken.None);
        }));
    }

    /// <summary>One module taken out of every customer's days, as when its retention ends.</summary>
    private static async Task Delete(BenchServer server)
    {
        var customers = (await server.Get<UsageQuestions>().Customers(Old, ImportFile.Last, ImportFile.Days, CancellationToken.None)).Select(customer => customer.Customer).ToList();
        await using var db = await server.Get<IDbContextFactory<SunsetterDb>>().CreateDbContextAsync();
        await using var transaction = await db.Database.BeginTransactionAsync();
        var started = Stopwatch.GetTimestamp();
        var destroyed = await server.Get<IEnumerable<IKeptData>>().OfType<UsageData>().Single()
            .Destroy(db, new Retirement(RetirementId.New()) { Module = Old }, customers, CancellationToken.None);
        await transaction.CommitAsync();
        Print("delete", Stopwatch.GetElapsedTime(started).TotalSeconds);
        Print("delete-customers", customers.Count);
        Print("delete-rows", destroyed.Count);
    }

    private static void Print(string name, double figure) => Console.WriteLine(FormattableString.Invariant($"{name} {figure}"));

    /// <summary>The most memory this process ever held, in bytes.</summary>
    private static double Peak() =>
        1_024 * double.Parse(File.ReadLines("/proc/self/status").Single(line => line.StartsWith("VmHWM", StringComparison.Ordinal))[6..^2], CultureInfo.InvariantCulture);

    private static long Bytes(BenchServer server, bool tidy)
    {
        using var connection = new SqliteConnection($"Data Source={server.SqliteFile}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = tidy ? "vacuum; pragma wal_checkpoint(truncate)" : "pragma wal_checkpoint(truncate)";
        command.ExecuteNonQuery();
        command.CommandText = "select page_count * page_size from pragma_page_count(), pragma_page_size()";
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private static async Task<double> Median<T>(Func<Task<T>> work)
    {
        // As in a server that has run for a while: its code is compiled for good.
        for (var started = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(0.5);)
            await work();
        var times = new List<double>();
        for (var n = 0; n < 15; n++)
        {
            var started = Stopwatch.GetTimestamp();
            await work();
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
        times.Sort();
        return times[times.Count / 2];
    }
}
