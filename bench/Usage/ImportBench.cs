using System.Diagnostics;
using System.Globalization;
using DuckDB.NET.Data;

namespace Sunsetter.Bench.Usage;

/// <summary>Imports a generated file and asks the questions of it in a process of its own (<see cref="ImportOurs"/>), beside DuckDB on the same file in this one. Every answer is compared with DuckDB's.</summary>
internal static class ImportBench
{
    public static async Task<int> Run(string[] options)
    {
        var customers = options.Length > 0 ? int.Parse(options[0], CultureInfo.InvariantCulture) : 500;
        var most = options.Length > 1 ? long.Parse(options[1], CultureInfo.InvariantCulture) : 10_000_000;
        var file = Path.Combine(Path.GetTempPath(), $"sunsetter-bench-{Environment.ProcessId}.csv");
        try
        {
            var lines = ImportFile.Write(file, customers, most);
            Console.WriteLine(FormattableString.Invariant($"{lines:N0} lines, {new FileInfo(file).Length / 1e6:0} MB, {customers} customers, {ImportFile.Modules} modules, {ImportFile.Days} days"));
            using var duck = new DuckDBConnection("DataSource=:memory:");
            duck.Open();
            Execute(duck, FormattableString.Invariant($"set threads = {Environment.ProcessorCount}"));
            // Both sides once before and once after the other: the file is in the page cache for both, and a slow minute of the machine meets both.
            var (countBefore, distinct) = Distinct(duck, file);
            var ours = await Ours(file, lines);
            var (countAfter, _) = Distinct(duck, file);
            var again = await Ours(file, lines);
            Execute(duck, $"create table use as select module, customer, time::date as day, \"user\" as usr, count(*) as calls from read_csv('{file}') group by all");
            Compare(duck, ours, lines);
            Show(duck, ours, again, lines, distinct, countBefore, countAfter);
            return 0;
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<Dictionary<string, double>> Ours(string file, long lines)
    {
        using var process = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [.. Own(), "usage-import-ours", file, lines.ToString(CultureInfo.InvariantCulture)]) { RedirectStandardOutput = true })!;
        var said = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException(said);
        return said.Split('\n').Select(line => line.Split(' ')).Where(line => line.Length == 2 && double.TryParse(line[1], CultureInfo.InvariantCulture, out _))
            .ToDictionary(line => line[0], line => double.Parse(line[1], CultureInfo.InvariantCulture));
    }

    // Started as "dotnet Sunsetter.Bench.dll" the program's own file is the first argument.
    private static string[] Own() => Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet" ? [typeof(ImportBench).Assembly.Location] : [];

    private static (double Seconds, long Distinct) Distinct(DuckDBConnection duck, string file)
    {
        var milliseconds = Time(() => Number(duck, $"select count(*) from (select distinct module, customer, time::date, \"user\" from read_csv('{file}'))"), 1, out var distinct);
        return (milliseconds / 1_000, distinct);
    }

    private static void Compare(DuckDBConnection duck, Dictionary<string, double> ours, long lines)
    {
        Equal("old but not new, all", ours["answer-all"], Number(duck, OldOnly("")));
        Equal("old but not new, one", ours["answer-one"], Number(duck, OldOnly("where customer = 'customer-007'")));
        Equal("matrix", ours["answer-matrix"], Number(duck, "select count(*) from use"));
        Equal("calls", ours["answer-calls"], lines);
    }

    private static void Show(DuckDBConnection duck, Dictionary<string, double> ours, Dictionary<string, double> again, long lines, long distinct, double countBefore, double countAfter)
    {
        var all = Best(duck, OldOnly(""));
        var one = Best(duck, OldOnly("where customer = 'customer-007'"));
        var whole = Best(duck, "select count(*) from (select module, customer, day, count(*) from use group by all)");
        Console.WriteLine(FormattableString.Invariant($$"""
            | file import | ours | DuckDB |
            |---|---:|---:|
            | lines/s, first round (ours stores durably; DuckDB counts distinct on {{Environment.ProcessorCount}} threads) | {{lines / ours["import"]:N0}} | {{lines / countBefore:N0}} |
            | lines/s, second round | {{lines / again["import"]:N0}} | {{lines / countAfter:N0}} |
            | ratio of the sums | {{(countBefore + countAfter) / (ours["import"] + again["import"]):0.00}} | |
            | most memory of our process ever, MB (before the import) | {{ours["memory-peak"] / 1e6:0}} and {{again["memory-peak"] / 1e6:0}} ({{ours["memory-before"] / 1e6:0}}) | |
            | bytes per distinct (module, customer, day, user) of {{distinct:N0}}, dictionaries and indexes included: as imported (after VACUUM) | {{ours["bytes"] / distinct:0.00}} ({{ours["bytes-tidy"] / distinct:0.00}}) | |

            | question, ms | ours | ours the first time | DuckDB |
            |---|---:|---:|---:|
            | old but not new, 30 days, all customers | {{ours["all"]:0.0}} | {{ours["all-first"]:0}} | {{all:0.0}} |
            | the same with names, one customer | {{ours["one"]:0.00}} | | {{one:0.0}} |
            | one module destroyed at {{ours["delete-customers"]:N0}} customers, {{ours["delete-rows"]:N0}} days | {{1_000 * ours["delete"]:N0}} | | |
            | whole matrix, {{ours["cells"]:N0}} cells: kept, from storage (medians) | {{ours["matrix"]:0.0}} | {{ours["matrix-storage"]:0}} and {{again["matrix-storage"]:0}} | {{whole:0.0}} |
            """));
    }

    private static string OldOnly(string where) => $"""
        select count(*) from (select distinct customer, usr from use where module = '{ImportOurs.Old.Value}' and day > date '2026-11-20' - 30
        except select distinct customer, usr from use where module = '{ImportOurs.Replacement.Value}' and day > date '2026-11-20' - 30) {where}
        """;

    private static double Best(DuckDBConnection duck, string sql) => Enumerable.Range(0, 5).Min(round => Time(() => Number(duck, sql), 1, out _));

    private static double Time(Func<long> work, int times, out long result)
    {
        var started = Stopwatch.GetTimestamp();
        result = 0;
        for (var n = 0; n < times; n++)
            result = work();
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds / times;
    }

    private static void Equal(string what, double ours, double theirs)
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
