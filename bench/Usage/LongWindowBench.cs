using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Usage;

namespace Sunsetter.Bench.Usage;

/// <summary>
/// The detector's question at full size: 5,000 customers, 500 modules, 800 days, asked the first time after the start and again. Recipe: seed 20261122; each customer has twelve modules of its own
/// and 80 users; on a weekday each of the modules sees up to eight of them.
/// </summary>
internal static class LongWindowBench
{
    private static readonly DateOnly Last = new(2026, 11, 20);

    public static async Task<int> Run(string[] options)
    {
        int Option(int at, int usual) => options.Length > at ? int.Parse(options[at], CultureInfo.InvariantCulture) : usual;
        var (customers, modules, days) = (Option(0, 5_000), Option(1, 500), Option(2, 800));
        await using var server = await BenchServer.Start(postgres: false);
        await using var db = await server.Get<IDbContextFactory<SunsetterDb>>().CreateDbContextAsync();
        await db.Database.OpenConnectionAsync();
        var started = Stopwatch.GetTimestamp();
        var rows = await Fill(db.Database.GetDbConnection(), customers, modules, days);
        Console.WriteLine(FormattableString.Invariant($"{rows:N0} days of {customers:N0} customers, {modules} modules, {days} days; filled in {Stopwatch.GetElapsedTime(started).TotalSeconds:0} s"));
        Console.WriteLine("| hidden dependents of one module | s |");
        Console.WriteLine("|---|---:|");
        var usage = server.Get<UsageQuestions>();
        foreach (var (what, module, until) in new[] { ("first time after the start", 3, Last), ("again", 3, Last), ("another module, the first time", 4, Last), ("the next day", 3, Last.AddDays(1)) })
        {
            started = Stopwatch.GetTimestamp();
            var found = await usage.HiddenDependents(new ModuleKey($"module-{module}"), until, CancellationToken.None);
            Console.WriteLine(FormattableString.Invariant($"| {what} ({found.Count} found) | {Stopwatch.GetElapsedTime(started).TotalSeconds:0.00} |"));
        }
        Console.WriteLine(FormattableString.Invariant($"{Environment.WorkingSet / 1e6:0} MB at the end"));
        return 0;
    }

    private static async Task<long> Fill(DbConnection connection, int customers, int modules, int days)
    {
        var chance = new Random(20261122);
        long written = 0;
        await using (var names = await connection.BeginTransactionAsync())
        {
            await new RowsStatement(connection, names, "insert into usage_module (id, key, first_seen) values {rows}")
                .Run([.. Enumerable.Range(1, modules).Select(number => (object[])[number, $"module-{number}", 0L])], default);
            await new RowsStatement(connection, names, "insert into usage_customer (id, key, next_ordinal, revision) values {rows}")
                .Run([.. Enumerable.Range(1, customers).Select(number => (object[])[number, $"customer-{number}", 80, 1L])], default);
            await names.CommitAsync();
        }
        var own = Enumerable.Range(0, customers).Select(_ => Enumerable.Range(0, 12).Select(_ => chance.Next(1, modules + 1)).Distinct().ToArray()).ToArray();
        for (var day = Last.DayNumber - days + 1; day <= Last.DayNumber; day++)
        {
            if (DateOnly.FromDayNumber(day).DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday)
                continue;
            var rows = new List<DayRow>(customers);
            for (var customer = 0; customer < customers; customer++)
            {
                var row = new DayRow(customer + 1, day, 0);
                foreach (var module in own[customer])
                {
                    row.Add(module, new UsageCell { Module = module, Customer = customer, Day = day, Calls = 9, Minutes = 0x3ff });
                    for (var user = chance.Next(1, 9); user > 0; user--)
                        row.Add((uint)module << 16 | (uint)chance.Next(80));
                }
                rows.Add(row);
            }
            await using var transaction = await connection.BeginTransactionAsync();
            await DayRows.Merge(rows, connection, transaction, default);
            await new RowsStatement(connection, transaction, "insert into usage_report (source, module_id, day, events, last_at) values {rows}")
                .Run([.. Enumerable.Range(0, modules + 1).Select(module => (object[])["gateway", module, day, 1L, 0L])], default);
            await transaction.CommitAsync();
            written += rows.Count;
        }
        return written;
    }
}
