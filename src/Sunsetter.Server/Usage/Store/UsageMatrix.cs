using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Usage;

/// <summary>
/// Users and calls of every module, customer and day of a stretch, without the sets: what overviews and heat maps need. Kept in memory while no
/// customer's revision has changed.
/// </summary>
internal sealed class UsageMatrix(IDbContextFactory<SunsetterDb> databases, UsageKeys keys) : IDisposable
{
    private readonly SemaphoreSlim turn = new(1);
    private (int From, int Until, Dictionary<int, long> Revisions, IReadOnlyList<MatrixCell> Cells)? kept;

    public async Task<IReadOnlyList<MatrixCell>> Of(int from, int until, CancellationToken cancel)
    {
        await turn.WaitAsync(cancel);
        try
        {
            var revisions = await Revisions(cancel);
            if (kept is { } before && before.From == from && before.Until == until && Same(before.Revisions, revisions))
                return before.Cells;

            var modules = await keys.Modules(cancel);
            var customers = await keys.Customers(revisions.Keys, cancel);
            // Two halves at once: a question that nobody has asked before should not take twice as long as two processors need.
            var middle = from + (until - from) / 2;
            var second = Task.Run(() => Read(middle + 1, until, modules, customers, cancel), cancel);
            var (cells, several) = await Read(from, middle, modules, customers, cancel);
            var (rest, severalToo) = await second;
            cells.AddRange(rest);
            // Only customers of more than 65,536 users have more than one block.
            if (several || severalToo)
                cells = Whole(cells);
            kept = (from, until, revisions, cells);
            return cells;
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();

    private async Task<Dictionary<int, long>> Revisions(CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.Database.OpenConnectionAsync(cancel);
        return await UsageWindows.Revisions(db.Database.GetDbConnection(), cancel);
    }

    private async Task<(List<MatrixCell> Cells, bool Several)> Read(
        int from, int until, IReadOnlyDictionary<int, ModuleKey> modules, IReadOnlyDictionary<int, CustomerKey> customers, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.Database.OpenConnectionAsync(cancel);
        var (cells, several) = (new List<MatrixCell>(), false);
        await new RowsStatement(db.Database.GetDbConnection(), null, """
            with wanted (start, stop) as (values {rows})
            select stored.day, stored.customer_id, stored.block, stored.figures from wanted join usage_day stored on stored.day between wanted.start and wanted.stop
            """).Read([[from, until]], reader =>
        {
            several |= reader.GetInt32(2) > 0;
            Take(reader, modules, customers, cells);
        }, cancel);
        return (cells, several);
    }

    private static void Take(DbDataReader reader, IReadOnlyDictionary<int, ModuleKey> modules, IReadOnlyDictionary<int, CustomerKey> customers, List<MatrixCell> cells)
    {
        // Who came in since the revisions were read is told the next time.
        if (!customers.TryGetValue(reader.GetInt32(1), out var customer))
            return;
        var day = DateOnly.FromDayNumber(reader.GetInt32(0));
        for (var figures = new DayFigures.Reader(reader.GetFieldValue<byte[]>(3)); figures.Next(out var figure);)
            if (modules.TryGetValue(figure.Module, out var module))
                cells.Add(new MatrixCell(module, customer, day, figure.People, figure.Calls));
    }

    /// <summary>Adds up the blocks of a customer's day.</summary>
    private static List<MatrixCell> Whole(List<MatrixCell> blocks) =>
        [.. blocks.GroupBy(cell => (cell.Module, cell.Customer, cell.Day)).Select(cell => cell.First() with { Users = cell.Sum(block => block.Users), Calls = cell.Sum(block => block.Calls) })];

    private static bool Same(Dictionary<int, long> before, Dictionary<int, long> now) =>
        before.Count == now.Count && now.All(customer => before.GetValueOrDefault(customer.Key) == customer.Value);
}

/// <summary>One module, customer and day.</summary>
internal readonly record struct MatrixCell(ModuleKey Module, CustomerKey Customer, DateOnly Day, int Users, long Calls);
