using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Usage;

/// <summary>
/// Adds days that are older than <see cref="UsageSettings.DaysKept"/> to their week and their month and removes them, a day in a transaction: whoever asks for weeks or
/// months sees each day once, before and after. Days that come in late are taken along the next time, and those of a customer under a legal hold once it is lifted.
/// </summary>
internal sealed class RollUp(IDbContextFactory<SunsetterDb> databases, Settings settings, FactLog log) : IDueStep
{
    // A year of arrears is worked off within a minute or so of turns, and nobody waits long for the rows in between.
    private const int MostDaysOfRun = 31;

    public string Name => "usage/roll-up";

    public TimeSpan Every => TimeSpan.FromSeconds(10);

    public async Task Run(DateTimeOffset now, CancellationToken cancel)
    {
        var rules = await settings.Get<UsageSettings>(cancel);
        if (rules.DaysKept == 0)
            return;
        var holds = (await log.All(cancel)).SelectMany(retirement => retirement.Closing.HoldsInForce).ToList();
        // A hold on everything of a module is one on everybody: the day of a customer is one row with all modules.
        if (holds.Exists(hold => hold.Customer is null))
            return;
        var today = DateOnly.FromDateTime(now.UtcDateTime).DayNumber;
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.Database.OpenConnectionAsync(cancel);
        var connection = db.Database.GetDbConnection();
        var held = new HashSet<int>();
        await new RowsStatement(connection, null, "with wanted (key) as (values {rows}) select customer.id from wanted join usage_customer customer on customer.key = wanted.key")
            .Read([.. holds.Select(hold => hold.Customer!.Value.Value).Distinct().Select(key => (object[])[key])], reader => held.Add(reader.GetInt32(0)), cancel);

        var last = today - rules.DaysKept;
        var days = await db.Database.SqlQuery<StoredDayOf>($"select day as \"Day\", customer_id as \"Customer\" from usage_day where day <= {last}")
            .Where(row => !held.Contains(row.Customer)).Select(row => row.Day).Distinct().Order().Take(MostDaysOfRun).ToListAsync(cancel);
        foreach (var day in days)
            await Add(connection, day, held, cancel);
        if (rules.WeeksKept > 0)
            await ForgetWeeks(db, UsagePeriod.Week.StartOf(today - 7 * rules.WeeksKept) - 1, held, cancel);
    }

    private static async Task Add(DbConnection connection, int day, HashSet<int> held, CancellationToken cancel)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var locked = await Lock(connection, transaction, day, held, cancel);
        var taken = new HashSet<(int Customer, int Block)>();
        foreach (var period in Enum.GetValues<UsagePeriod>())
        {
            var rows = new Dictionary<(int Customer, int Block), DayRow>();
            await new RowsStatement(connection, transaction, """
                with wanted (day) as (values {rows})
                select stored.customer_id, stored.block, stored.width, stored.figures, stored.users from wanted join usage_day stored on stored.day = wanted.day
                """).Read([[day]], reader =>
            {
                // Who came in just now is not locked, and is taken along the next time.
                if (!locked.Contains(reader.GetInt32(0)))
                    return;
                Row(rows, reader, day).Merge(reader.GetInt32(2), reader.GetFieldValue<byte[]>(3), reader.GetFieldValue<byte[]>(4));
                taken.Add((reader.GetInt32(0), reader.GetInt32(1)));
            }, cancel);
            var (kind, start) = (period.Stored(), period.StartOf(day));
            await new RowsStatement(connection, transaction, """
                with wanted (kind, start, customer_id, block) as (values {rows})
                select stored.customer_id, stored.block, stored.width, stored.figures, stored.users from wanted join usage_period stored
                    on stored.kind = wanted.kind and stored.start = wanted.start and stored.customer_id = wanted.customer_id and stored.block = wanted.block
                """).Read([.. rows.Keys.Select(row => (object[])[kind, start, row.Customer, row.Block])],
                reader => Row(rows, reader, day).Merge(reader.GetInt32(2), reader.GetFieldValue<byte[]>(3), reader.GetFieldValue<byte[]>(4)), cancel);
            await new RowsStatement(connection, transaction, """
                insert into usage_period (kind, start, customer_id, block, width, figures, users) values {rows}
                on conflict (kind, start, customer_id, block) do update set width = excluded.width, figures = excluded.figures, users = excluded.users
                """).Run([.. rows.Values.Select(row => row.ToStore(kind, start, row.Customer, row.Block))], cancel);
        }
        await new RowsStatement(connection, transaction, """
            with gone (day, customer_id, block) as (values {rows})
            delete from usage_day where (day, customer_id, block) in (select day, customer_id, block from gone)
            """).Run([.. taken.Select(row => (object[])[day, row.Customer, row.Block])], cancel);
        await Mark(connection, transaction, "day", day, cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>Locks the customers of the day in the order in which everybody locks them, and tells memories of their days to look again.</summary>
    private static async Task<HashSet<int>> Lock(DbConnection connection, DbTransaction transaction, int day, HashSet<int> held, CancellationToken cancel)
    {
        var (keys, locked) = (new List<string>(), new HashSet<int>());
        await new RowsStatement(connection, transaction, """
            with wanted (day) as (values {rows})
            select distinct customer.key, customer.id from wanted join usage_day stored on stored.day = wanted.day join usage_customer customer on customer.id = stored.customer_id
            """).Read([[day]], reader =>
        {
            if (!held.Contains(reader.GetInt32(1)))
                keys.Add(reader.GetString(0));
        }, cancel);
        await new RowsStatement(connection, transaction, """
            insert into usage_customer (key, next_ordinal, revision) values {rows} on conflict (key) do update set revision = usage_customer.revision + 1 returning id
            """).Read([.. keys.Order(StringComparer.Ordinal).Select(key => (object[])[key, 0, 1L])], reader => locked.Add(reader.GetInt32(0)), cancel);
        return locked;
    }

    private static async Task ForgetWeeks(SunsetterDb db, int last, HashSet<int> held, CancellationToken cancel)
    {
        var connection = db.Database.GetDbConnection();
        var customers = (await db.Database.SqlQuery<int>($"select distinct customer_id as value from usage_period where kind = 'week' and start <= {last}").ToListAsync(cancel)).Where(customer => !held.Contains(customer));
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        var forgotten = await new RowsStatement(connection, transaction, """
            with gone (kind, last, customer_id) as (values {rows})
            delete from usage_period where exists (select 1 from gone where gone.kind = usage_period.kind and usage_period.start <= gone.last and gone.customer_id = usage_period.customer_id)
            """).Run([.. customers.Select(customer => (object[])["week", last, customer])], cancel);
        if (forgotten > 0)
            await Mark(connection, transaction, "week", last, cancel);
        await transaction.CommitAsync(cancel);
    }

    private static Task Mark(DbConnection connection, DbTransaction transaction, string kind, int until, CancellationToken cancel) =>
        new RowsStatement(connection, transaction, """
            insert into usage_rolled_up (kind, until) values {rows}
            on conflict (kind) do update set until = case when excluded.until > usage_rolled_up.until then excluded.until else usage_rolled_up.until end
            """).Run([[kind, until]], cancel);

    private static DayRow Row(Dictionary<(int Customer, int Block), DayRow> rows, DbDataReader reader, int day)
    {
        var key = (reader.GetInt32(0), reader.GetInt32(1));
        if (!rows.TryGetValue(key, out var row))
            rows.Add(key, row = new DayRow(key.Item1, day, key.Item2));
        return row;
    }

    private sealed record StoredDayOf(int Day, int Customer);
}
