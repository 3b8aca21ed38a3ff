using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Usage;

/// <summary>
/// Users and calls of every module, customer and day of a stretch, without the sets: what overviews and heat maps need. Kept in memory while no
/// customer's revision has changed.
/// </summary>
internal sealed class UsageMatrix(IDbContextFactory<SunsetterDb> databases, UsageKeys keys, UsageRevisions known) : IDisposable
{
    private readonly SemaphoreSlim turn = new(1);
    private (int From, int Until, IReadOnlyDictionary<int, long> Revisions, IReadOnlyList<MatrixCell> Cells)? kept;

    public async Task<IReadOnlyList<MatrixCell>> Of(int from, int until, CancellationToken cancel)
    {
        await turn.WaitAsync(cancel);
        try
        {
            var revisions = await Revisions(cancel);
            if (kept is { } before && before.From == from && before.Until == until && Same(before.Revisions, revisions))
                return before.Cells;

            var names = new Names(await keys.Modules(cancel), await keys.Customers(revisions.Keys, cancel));
            // Two halves at once: a question that nobody has asked before should not take twice as long as two processors need.
            var middle = from + (until - from) / 2;
            var second = Task.Run(() => Read(middle + 1, until, names, cancel), cancel);
            var first = await Read(from, middle, names, cancel);
            var rest = await second;
            var found = new MatrixCell[first.Cells + rest.Cells];
            Parallel.Invoke(() => first.WriteTo(found.AsSpan(0, first.Cells), names), () => rest.WriteTo(found.AsSpan(first.Cells), names));
            // Only customers of more than 65,536 users have more than one block.
            IReadOnlyList<MatrixCell> cells = first.Several || rest.Several ? Whole(found) : found;
            kept = (from, until, revisions, cells);
            return cells;
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();

    private async Task<IReadOnlyDictionary<int, long>> Revisions(CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.Database.OpenConnectionAsync(cancel);
        return await known.Of(db.Database.GetDbConnection(), cancel);
    }

    private async Task<Half> Read(int from, int until, Names names, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.Database.OpenConnectionAsync(cancel);
        var half = new Half();
        await new RowsStatement(db.Database.GetDbConnection(), null, """
            with wanted (start, stop) as (values {rows})
            select stored.day, stored.customer_id, stored.block, stored.figures from wanted join usage_day stored on stored.day between wanted.start and wanted.stop
            """).Read([[from, until]], reader =>
        {
            // Who came in since the revisions were read is told the next time.
            if (names.Customer(reader.GetInt32(1)) is not null)
                half.Add(reader.GetInt32(0), reader.GetInt32(1), reader.GetInt32(2), reader.GetFieldValue<byte[]>(3), names);
        }, cancel);
        return half;
    }

    /// <summary>Adds up the blocks of a customer's day.</summary>
    private static List<MatrixCell> Whole(MatrixCell[] blocks) =>
        [.. blocks.GroupBy(cell => (cell.Module, cell.Customer, cell.Day)).Select(cell => cell.First() with { Users = cell.Sum(block => block.Users), Calls = cell.Sum(block => block.Calls) })];

    private static bool Same(IReadOnlyDictionary<int, long> before, IReadOnlyDictionary<int, long> now) => ReferenceEquals(before, now) ||
        before.Count == now.Count && now.All(customer => before.GetValueOrDefault(customer.Key) == customer.Value);

    /// <summary>The rows of some days as they are stored, and how many cells they hold: the cells are written once, to where they stay.</summary>
    private sealed class Half
    {
        private readonly List<(int Day, int Customer, byte[] Figures)> rows = [];

        public int Cells { get; private set; }

        public bool Several { get; private set; }

        public void Add(int day, int customer, int block, byte[] figures, Names names)
        {
            rows.Add((day, customer, figures));
            Several |= block > 0;
            for (var reader = new DayFigures.Reader(figures); reader.Next(out var figure);)
                if (names.Module(figure.Module) is not null)
                    Cells++;
        }

        public void WriteTo(Span<MatrixCell> cells, Names names)
        {
            var at = 0;
            foreach (var (day, customer, figures) in rows)
                for (var reader = new DayFigures.Reader(figures); reader.Next(out var figure);)
                    if (names.Module(figure.Module) is { } module)
                        cells[at++] = new MatrixCell(module, names.Customer(customer)!.Value, DateOnly.FromDayNumber(day), figure.People, figure.Calls);
        }
    }

    /// <summary>The keys by their numbers, which are small.</summary>
    private sealed class Names(IReadOnlyDictionary<int, ModuleKey> modules, IReadOnlyDictionary<int, CustomerKey> customers)
    {
        private readonly ModuleKey?[] modules = Table(modules);
        private readonly CustomerKey?[] customers = Table(customers);

        public ModuleKey? Module(int number) => number < modules.Length ? modules[number] : null;

        public CustomerKey? Customer(int number) => number < customers.Length ? customers[number] : null;

        private static T?[] Table<T>(IReadOnlyDictionary<int, T> keys) where T : struct
        {
            var table = new T?[keys.Keys.DefaultIfEmpty(0).Max() + 1];
            foreach (var (number, key) in keys)
                table[number] = key;
            return table;
        }
    }
}

/// <summary>One module, customer and day.</summary>
internal readonly record struct MatrixCell(ModuleKey Module, CustomerKey Customer, DateOnly Day, int Users, long Calls);
