using System.Data.Common;
using Sunsetter.Server.Usage.Sets;

namespace Sunsetter.Server.Usage;

/// <summary>A stored row of a customer's day: all modules.</summary>
internal sealed record StoredDay(int Day, int Block, int Width, byte[] Figures, byte[] Users)
{
    /// <summary>Who used the module, or null where nobody did.</summary>
    public UserSet? Set(int module) => DayUsers.Find(Users, Width, module) is { } container ? new UserSet([(ushort)Block], [container]) : null;

    /// <summary>Everybody who used anything.</summary>
    public UserSet Anybody() => new([(ushort)Block], [DayUsers.Any(UserSetReader.Read(Users), Width)]);

    /// <summary>The rows of some customers by day, customer by customer: who asks about all modules reads each row once.</summary>
    public static async Task<IReadOnlyDictionary<int, List<StoredDay>>> Read(DbConnection connection, IReadOnlyCollection<int> customers, DateOnly from, DateOnly until, CancellationToken cancel)
    {
        var days = customers.ToDictionary(id => id, _ => new List<StoredDay>());
        await new RowsStatement(connection, null, """
            with wanted (customer_id, start, stop) as (values {rows})
            select stored.customer_id, stored.day, stored.block, stored.width, stored.figures, stored.users from wanted
            join usage_day stored on stored.customer_id = wanted.customer_id and stored.day between wanted.start and wanted.stop order by stored.customer_id, stored.day, stored.block
            """).Read([.. customers.Select(id => (object[])[id, from.DayNumber, until.DayNumber])], reader =>
            days[reader.GetInt32(0)].Add(new(reader.GetInt32(1), reader.GetInt32(2), reader.GetInt32(3), reader.GetFieldValue<byte[]>(4), reader.GetFieldValue<byte[]>(5))), cancel);
        return days;
    }

    /// <summary>Every row of a stretch of days.</summary>
    public static Task ReadAll(DbConnection connection, int from, int until, Action<StoredDay> take, CancellationToken cancel) =>
        new RowsStatement(connection, null, """
            with wanted (start, stop) as (values {rows})
            select stored.day, stored.block, stored.width, stored.figures, stored.users from wanted join usage_day stored on stored.day between wanted.start and wanted.stop
            """).Read([[from, until]], reader => take(new(reader.GetInt32(0), reader.GetInt32(1), reader.GetInt32(2), reader.GetFieldValue<byte[]>(3), reader.GetFieldValue<byte[]>(4))), cancel);
}
