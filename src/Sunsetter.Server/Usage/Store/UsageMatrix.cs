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
            await using var db = await databases.CreateDbContextAsync(cancel);
            await db.Database.OpenConnectionAsync(cancel);
            var connection = db.Database.GetDbConnection();
            var revisions = await UsageWindows.Revisions(connection, cancel);
            if (kept is { } before && before.From == from && before.Until == until && Same(before.Revisions, revisions))
                return before.Cells;

            var rows = new List<MatrixRow>();
            await new RowsStatement(connection, null, """
                with wanted (start, stop) as (values {rows})
                select stored.module_id, stored.customer_id, stored.day, stored.people, stored.calls
                from wanted join usage_day stored on stored.day between wanted.start and wanted.stop where stored.module_id > 0
                """).Read([[from, until]], reader => rows.Add(new(reader.GetInt32(0), reader.GetInt32(1), reader.GetInt32(2), reader.GetInt32(3), reader.GetInt64(4))), cancel);
            var modules = await keys.Modules(cancel);
            var customers = await keys.Customers(revisions.Keys, cancel);
            var cells = rows.ConvertAll(row => new MatrixCell(modules[row.Module], customers[row.Customer], DateOnly.FromDayNumber(row.Day), row.Users, row.Calls));
            kept = (from, until, revisions, cells);
            return cells;
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();

    private readonly record struct MatrixRow(int Module, int Customer, int Day, int Users, long Calls);

    private static bool Same(Dictionary<int, long> before, Dictionary<int, long> now) =>
        before.Count == now.Count && now.All(customer => before.GetValueOrDefault(customer.Key) == customer.Value);
}

/// <summary>One module, customer and day.</summary>
internal readonly record struct MatrixCell(ModuleKey Module, CustomerKey Customer, DateOnly Day, int Users, long Calls);
