using System.Data.Common;
using Sunsetter.Server.Usage.Sets;

namespace Sunsetter.Server.Usage;

/// <summary>Merges rows into <c>usage_day</c>. The caller holds the lock of each customer.</summary>
internal static class DayRows
{
    public static async Task Merge(IReadOnlyCollection<DayRow> rows, DbConnection connection, DbTransaction transaction, CancellationToken cancel)
    {
        var byKey = rows.ToDictionary(row => (row.Module, row.Day, row.Customer));
        var ordered = rows.OrderBy(row => row.Module).ThenBy(row => row.Day).ThenBy(row => row.Customer).ToList();
        await new RowsStatement(connection, transaction, """
            with wanted (module_id, day, customer_id) as (values {rows})
            select stored.module_id, stored.day, stored.customer_id, stored.calls, stored.minutes, stored.hours, stored.users
            from wanted join usage_day stored
                on stored.module_id = wanted.module_id and stored.day = wanted.day and stored.customer_id = wanted.customer_id
            """).Read([.. ordered.Select(row => (object[])[row.Module, row.Day, row.Customer])], reader =>
            byKey[(reader.GetInt32(0), reader.GetInt32(1), reader.GetInt32(2))]
                .Merge(reader.GetInt64(3), reader.GetInt64(4), reader.GetInt32(5), UserSetReader.Read(reader.GetFieldValue<byte[]>(6))), cancel);

        await new RowsStatement(connection, transaction, """
            insert into usage_day (module_id, day, customer_id, people, calls, minutes, hours, users) values {rows}
            on conflict (module_id, day, customer_id) do update set
                people = excluded.people, calls = excluded.calls, minutes = excluded.minutes, hours = excluded.hours, users = excluded.users
            """).Run([.. ordered.Select(row => row.ToStore())], cancel);
    }
}
