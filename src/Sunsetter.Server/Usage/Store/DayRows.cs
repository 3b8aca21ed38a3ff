using System.Data.Common;
using Sunsetter.Server.Usage.Sets;

namespace Sunsetter.Server.Usage;

/// <summary>Writes and reads <c>usage_day</c>.</summary>
internal static class DayRows
{
    /// <summary>Merges rows into those that are stored. The caller holds the lock of each customer.</summary>
    public static async Task Merge(IReadOnlyCollection<DayRow> rows, DbConnection connection, DbTransaction transaction, CancellationToken cancel)
    {
        var unread = rows.Where(row => !row.IsRead).ToDictionary(row => (row.Day, row.Customer, row.Block));
        var ordered = rows.OrderBy(row => row.Day).ThenBy(row => row.Customer).ThenBy(row => row.Block).ToList();
        await new RowsStatement(connection, transaction, """
            with wanted (day, customer_id, block) as (values {rows})
            select stored.day, stored.customer_id, stored.block, stored.width, stored.figures, stored.users
            from wanted join usage_day stored
                on stored.day = wanted.day and stored.customer_id = wanted.customer_id and stored.block = wanted.block
            """).Read([.. ordered.Where(row => !row.IsRead).Select(row => (object[])[row.Day, row.Customer, row.Block])], reader =>
            unread[(reader.GetInt32(0), reader.GetInt32(1), reader.GetInt32(2))].Merge(reader.GetInt32(3), reader.GetFieldValue<byte[]>(4), reader.GetFieldValue<byte[]>(5)), cancel);
        foreach (var row in unread.Values)
            row.IsRead = true;

        await new RowsStatement(connection, transaction, """
            insert into usage_day (day, customer_id, block, width, figures, users) values {rows}
            on conflict (day, customer_id, block) do update set width = excluded.width, figures = excluded.figures, users = excluded.users
            """).Run([.. ordered.Select(row => row.ToStore(row.Day, row.Customer, row.Block))], cancel);
    }

    /// <summary>Each block of each customer's day on which the module (0: any module) was used.</summary>
    /// <param name="take">Told the day, the customer and the use.</param>
    public static Task Read(DbConnection connection, int module, int from, int until, Action<int, int, StoredUse> take, CancellationToken cancel) =>
        Read(connection, [(module, take)], from, until, cancel);

    /// <summary>The same of several modules in one sweep, each told to its own.</summary>
    public static Task Read(DbConnection connection, IReadOnlyList<(int Module, Action<int, int, StoredUse> Take)> modules, int from, int until, CancellationToken cancel) =>
        new RowsStatement(connection, null, """
            with wanted (start, stop) as (values {rows})
            select stored.day, stored.customer_id, stored.block, stored.width, stored.figures, stored.users
            from wanted join usage_day stored on stored.day between wanted.start and wanted.stop
            """).Read([[from, until]], reader =>
        {
            foreach (var (module, take) in modules)
                Take(reader, module, take);
        }, cancel);

    /// <summary>The same, of some customers only.</summary>
    public static Task ReadOf(DbConnection connection, int module, IEnumerable<int> customers, int from, int until, Action<int, int, StoredUse> take, CancellationToken cancel) =>
        new RowsStatement(connection, null, """
            with wanted (day, customer_id) as (values {rows})
            select stored.day, stored.customer_id, stored.block, stored.width, stored.figures, stored.users
            from wanted join usage_day stored on stored.day = wanted.day and stored.customer_id = wanted.customer_id
            """).Read([.. customers.SelectMany(customer => Enumerable.Range(from, until - from + 1).Select(day => (object[])[day, customer]))],
            reader => Take(reader, module, take), cancel);

    /// <summary>The same, of weeks or months that were added up; told the first day instead of the day.</summary>
    public static Task ReadPeriods(DbConnection connection, int module, UsagePeriod period, int from, int until, Action<int, int, StoredUse> take, CancellationToken cancel) =>
        new RowsStatement(connection, null, """
            with wanted (kind, start, stop) as (values {rows})
            select stored.start, stored.customer_id, stored.block, stored.width, stored.figures, stored.users
            from wanted join usage_period stored on stored.kind = wanted.kind and stored.start between wanted.start and wanted.stop
            """).Read([[period.Stored(), from, until]], reader => Take(reader, module, take), cancel);

    /// <summary>Every module of each customer's days, in one sweep.</summary>
    /// <param name="take">Told the day, the customer, the module and the use.</param>
    public static Task ReadAll(DbConnection connection, int from, int until, Action<int, int, int, StoredUse> take, CancellationToken cancel) =>
        new RowsStatement(connection, null, """
            with wanted (start, stop) as (values {rows})
            select stored.day, stored.customer_id, stored.block, stored.width, stored.figures, stored.users
            from wanted join usage_day stored on stored.day between wanted.start and wanted.stop
            """).Read([[from, until]], reader => TakeAll(reader, take), cancel);

    private static void TakeAll(DbDataReader reader, Action<int, int, int, StoredUse> take)
    {
        var (day, customer, block, width, users) = (reader.GetInt32(0), reader.GetInt32(1), (ushort)reader.GetInt32(2), reader.GetInt32(3), reader.GetFieldValue<byte[]>(5));
        for (var figures = new DayFigures.Reader(reader.GetFieldValue<byte[]>(4)); figures.Next(out var figure);)
            if (figure.Module != GroupRows.AnyModule && DayUsers.Find(users, width, figure.Module) is { } container)
                take(day, customer, figure.Module, new(new UserSet([block], [container]), figure.Calls, figure.Minutes));
    }

    private static void Take(DbDataReader reader, int module, Action<int, int, StoredUse> take)
    {
        if (!DayFigures.Find(reader.GetFieldValue<byte[]>(4), module, out var figure))
            return;
        var (width, users) = (reader.GetInt32(3), reader.GetFieldValue<byte[]>(5));
        var container = module == GroupRows.AnyModule ? DayUsers.Any(UserSetReader.Read(users), width) : DayUsers.Find(users, width, module);
        if (container is not null)
            take(reader.GetInt32(0), reader.GetInt32(1), new(new UserSet([(ushort)reader.GetInt32(2)], [container]), figure.Calls, figure.Minutes));
    }
}

/// <summary>Use of one module in one block of a customer's day.</summary>
internal readonly record struct StoredUse(UserSet Users, long Calls, ulong Minutes);
