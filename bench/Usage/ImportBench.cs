using System.Diagnostics;
using System.Globalization;
using DuckDB.NET.Data;
using Microsoft.Data.Sqlite;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Usage;

namespace Sunsetter.Bench.Usage;

/// <summary>
/// Imports a generated file and asks the questions of it, beside DuckDB on the same file. Every answer is compared with DuckDB's before anything is timed.
/// Recipe: seed 20261122; customers of 20 to 780 users; on a weekday each user is active with the probability that gives the number of lines asked for, in one module and
/// each time with probability 0.4 in one more, low module numbers more often; every use is one to three lines; lines in the order of days, mixed within the day.
/// </summary>
internal static class ImportBench
{
    private const int Modules = 20, Days = 90;
    private static readonly DateOnly Last = new(2026, 11, 20);

    public static async Task<int> Run(string[] options)
    {
        var customers = options.Length > 0 ? int.Parse(options[0], CultureInfo.InvariantCulture) : 500;
        var most = options.Length > 1 ? long.Parse(options[1], CultureInfo.InvariantCulture) : 10_000_000;
        var file = Path.Combine(Path.GetTempPath(), $"sunsetter-bench-{Environment.ProcessId}.csv");
        try
        {
            var lines = Generate(file, customers, most);
            Console.WriteLine(FormattableString.Invariant($"{lines:N0} lines, {new FileInfo(file).Length / 1e6:0} MB, {customers} customers, {Modules} modules, {Days} days"));
            await using var server = await BenchServer.Start(postgres: false);
            var empty = Bytes(server);
            using var duck = new DuckDBConnection("DataSource=:memory:");
            duck.Open();
            await Import(server, duck, file, lines, empty);
            await Questions(server, duck);
            return 0;
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static long Generate(string file, int customers, long most)
    {
        var chance = new Random(20261122);
        var sizes = Enumerable.Range(0, customers).Select(_ => chance.Next(20, 781)).ToArray();
        // 1.67 modules of an active user, two lines of each.
        var weekdays = Enumerable.Range(0, Days).Count(day => Last.AddDays(-day).DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday));
        var active = most / (sizes.Sum() * weekdays / 0.6 * 2);
        long lines = 0;
        using var writer = new StreamWriter(file);
        writer.Write("time,module,customer,user\n");
        for (var day = Days - 1; day >= 0; day--)
        {
            var date = Last.AddDays(-day);
            if (date.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday)
                continue;
            var today = new List<(int Customer, int User, int Module)>();
            for (var customer = 0; customer < customers; customer++)
                for (var user = 0; user < sizes[customer]; user++)
                    if (chance.NextDouble() < active)
                        for (var more = true; more; more = chance.NextDouble() < 0.4)
                            for (int module = Math.Min(chance.Next(Modules), chance.Next(Modules)), n = chance.Next(1, 4); n > 0; n--)
                                today.Add((customer, user, module));
            chance.Shuffle(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(today));
            foreach (var (customer, user, module) in today)
            {
                writer.Write(FormattableString.Invariant($"{date:yyyy-MM-dd}T{8 + lines % 10:00}:{lines % 60:00}:00Z,module-{module:00},customer-{customer:000},u{customer:000}{user:000}\n"));
                lines++;
            }
        }
        return lines;
    }

    private static async Task Import(BenchServer server, DuckDBConnection duck, string file, long lines, long empty)
    {
        GC.Collect();
        var before = Environment.WorkingSet;
        var peak = 0L;
        using var stop = new CancellationTokenSource();
        var watch = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                using var process = Process.GetCurrentProcess();
                peak = Math.Max(peak, process.WorkingSet64);
                await Task.Delay(50);
            }
        });
        var started = Stopwatch.GetTimestamp();
        await using (var stream = File.OpenRead(file))
        {
            var result = (await server.Get<UsageImport>().Run(stream, new UsageMapping(), null, null, CancellationToken.None)).Value;
            if (result.Accepted != lines)
                throw new InvalidOperationException($"{result.Accepted} of {lines} lines were counted.");
        }
        var ours = Stopwatch.GetElapsedTime(started).TotalSeconds;
        await stop.CancelAsync();
        await watch;

        var count = Time(() => Number(duck, $"select count(*) from (select distinct module, customer, time::date, \"user\" from read_csv('{file}'))"), 1, out var distinct);
        Execute(duck, $"create table use as select module, customer, time::date as day, \"user\" as usr, count(*) as calls from read_csv('{file}') group by all");
        var bytes = Bytes(server) - empty;
        Console.WriteLine("| file import | ours | DuckDB |");
        Console.WriteLine("|---|---:|---:|");
        Console.WriteLine(FormattableString.Invariant($"| lines/s (ours stores durably; DuckDB counts distinct) | {lines / ours:N0} | {lines / (count / 1000):N0} |"));
        Console.WriteLine(FormattableString.Invariant($"| working set of the process, MB: at the peak (before the import) | {peak / 1e6:0} ({before / 1e6:0}) | |"));
        Console.WriteLine(FormattableString.Invariant($"| bytes per distinct (module, customer, day, user) of {distinct:N0}, dictionaries and indexes included | {bytes / (double)distinct:0.00} | |"));
    }

    private static async Task Questions(BenchServer server, DuckDBConnection duck)
    {
        var usage = server.Get<UsageQuestions>();
        var (old, replacement) = (new ModuleKey("module-03"), new ModuleKey("module-05"));
        const string oldOnly = """
            select count(*) from (select distinct customer, usr from use where module = 'module-03' and day > date '2026-11-20' - 30
            except select distinct customer, usr from use where module = 'module-05' and day > date '2026-11-20' - 30) {0}
            """;
        var cold = Stopwatch.GetTimestamp();
        var overlaps = await usage.Overlaps(old, replacement, Last, 30, CancellationToken.None);
        var first = Stopwatch.GetElapsedTime(cold).TotalMilliseconds;
        Equal("old but not new, all", overlaps.Sum(overlap => overlap.OnlyOld), Number(duck, string.Format(CultureInfo.InvariantCulture, oldOnly, "")));
        Equal("old but not new, one", overlaps.Single(overlap => overlap.Customer.Value == "customer-007").OnlyOld, Number(duck, string.Format(CultureInfo.InvariantCulture, oldOnly, "where customer = 'customer-007'")));
        var matrix = await usage.Matrix(Last, Days, CancellationToken.None);
        Equal("matrix", matrix.Sum(cell => cell.Users), Number(duck, "select count(*) from use"));

        Console.WriteLine("| question | ours, ms | ours the first time, ms | DuckDB, ms |");
        Console.WriteLine("|---|---:|---:|---:|");
        var all = await Median(() => usage.Overlaps(old, replacement, Last, 30, CancellationToken.None));
        var one = await Median(() => usage.UsersNotMoved(old, replacement, new CustomerKey("customer-007"), Last, 30, 10_000, CancellationToken.None));
        var whole = await Median(() => usage.Matrix(Last, Days, CancellationToken.None));
        var duckAll = Enumerable.Range(0, 5).Min(round => Time(() => Number(duck, string.Format(CultureInfo.InvariantCulture, oldOnly, "")), 1, out _));
        var duckOne = Enumerable.Range(0, 5).Min(round => Time(() => Number(duck, string.Format(CultureInfo.InvariantCulture, oldOnly, "where customer = 'customer-007'")), 1, out _));
        var duckWhole = Enumerable.Range(0, 5).Min(round => Time(() => Number(duck, "select count(*) from (select module, customer, day, count(*) from use group by all)"), 1, out _));
        using var fresh = Microsoft.Extensions.DependencyInjection.ActivatorUtilities.CreateInstance<UsageMatrix>(server.Get<IServiceProvider>());
        var started = Stopwatch.GetTimestamp();
        await fresh.Of(Last.DayNumber - Days + 1, Last.DayNumber, CancellationToken.None);
        var wholeCold = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        Console.WriteLine(FormattableString.Invariant($"| old but not new, 30 days, all customers | {all:0.0} | {first:0} | {duckAll:0.0} |"));
        Console.WriteLine(FormattableString.Invariant($"| the same with names, one customer | {one:0.0} | | {duckOne:0.0} |"));
        Console.WriteLine(FormattableString.Invariant($"| whole matrix, {matrix.Count:N0} cells | {whole:0.0} | {wholeCold:0} | {duckWhole:0.0} |"));
    }

    private static long Bytes(BenchServer server)
    {
        using var connection = new SqliteConnection($"Data Source={server.SqliteFile}");
        connection.Open();
        using var command = connection.CreateCommand();
        foreach (var tidy in new[] { "vacuum", "pragma wal_checkpoint(truncate)" })
        {
            command.CommandText = tidy;
            command.ExecuteNonQuery();
        }
        command.CommandText = "select page_count * page_size from pragma_page_count(), pragma_page_size()";
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private static async Task<double> Median<T>(Func<Task<T>> work)
    {
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

    private static double Time(Func<long> work, int times, out long result)
    {
        var started = Stopwatch.GetTimestamp();
        result = 0;
        for (var n = 0; n < times; n++)
            result = work();
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds / times;
    }

    private static void Equal(string what, long ours, long theirs)
    {
        if (ours != theirs)
            throw new InvalidOperationException($"{what}: {ours} and {theirs} are not equal.");
    }

    private static long Number(DuckDBConnection duck, string sql)
    {
        using var command = duck.CreateCommand();
        command.CommandText = sql;
        return Convert.ToInt64(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private static void Execute(DuckDBConnection duck, string sql)
    {
        using var command = duck.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
