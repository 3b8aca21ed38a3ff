using System.Buffers.Binary;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Usage.Sets;

namespace Sunsetter.Server.Usage;

/// <summary>
/// Who of a customer used a module on which day, as data that can be destroyed: the module is taken out of the customer's days, refused calls are deleted,
/// and names of users that appear in no day any more are overwritten. Their ordinals stay, so that other modules' sets keep their meaning.
/// </summary>
internal sealed class UsageData : IKeptData
{
    public DataKind Kind => DataKind.Usage;

    public async Task<Destroyed> Destroy(SunsetterDb db, Retirement retirement, IReadOnlyCollection<CustomerKey> customers, CancellationToken cancel)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long count = 0;
        var module = (await db.Database.SqlQuery<int>($"select id as \"Value\" from usage_module where key = {retirement.Module.Value}").ToListAsync(cancel)).FirstOrDefault();
        if (module != GroupRows.AnyModule)
            // In the order of the keys, as those who write do.
            foreach (var customer in customers.Select(customer => customer.Value).Order(StringComparer.Ordinal))
                count += await Destroy(db, module, customer, hash, cancel);
        return new Destroyed(count, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    private static async Task<long> Destroy(SunsetterDb db, int module, string customer, IncrementalHash hash, CancellationToken cancel)
    {
        // Locks out those who write for this customer, and tells those who keep its days in memory.
        var numbers = await db.Database.SqlQuery<int>($"update usage_customer set revision = revision + 1 where key = {customer} returning id as \"Value\"").ToListAsync(cancel);
        if (numbers.Count == 0)
            return 0;
        var (connection, transaction, number) = (db.Database.GetDbConnection(), db.Database.CurrentTransaction!.GetDbTransaction(), numbers[0]);
        hash.AppendData(Encoding.UTF8.GetBytes(customer + "\n"));
        var remaining = new HashSet<int>();
        var count = await Days(connection, transaction, module, number, remaining, hash, cancel);
        count += await Periods(connection, transaction, module, number, remaining, hash, cancel);
        count += await Refused(connection, transaction, module, number, remaining, hash, cancel);
        await Names(connection, transaction, number, remaining, cancel);
        return count;
    }

    private static async Task<long> Days(DbConnection connection, DbTransaction transaction, int module, int customer, HashSet<int> remaining, IncrementalHash hash, CancellationToken cancel)
    {
        var (changed, emptied) = (new List<object[]>(), new List<object[]>());
        await new RowsStatement(connection, transaction, """
            with wanted (customer_id) as (values {rows})
            select stored.day, stored.block, stored.width, stored.figures, stored.users from wanted join usage_day stored on stored.customer_id = wanted.customer_id order by stored.day, stored.block
            """).Read([[customer]], reader =>
        {
            var row = new DayRow(customer, reader.GetInt32(0), reader.GetInt32(1));
            row.Merge(reader.GetInt32(2), reader.GetFieldValue<byte[]>(3), reader.GetFieldValue<byte[]>(4));
            if (row.Remove(module) is { } gone)
            {
                hash.AppendData(Line(row.Day, row.Block, (int)gone.Count));
                hash.AppendData(UserSetFormat.Write(gone));
                (row.IsEmpty ? emptied : changed).Add(row.IsEmpty ? [row.Day, customer, row.Block] : row.ToStore(row.Day, customer, row.Block));
            }
            row.AddUsersTo(remaining);
        }, cancel);
        await new RowsStatement(connection, transaction, """
            with gone (day, customer_id, block) as (values {rows})
            delete from usage_day where exists (select 1 from gone where gone.day = usage_day.day and gone.customer_id = usage_day.customer_id and gone.block = usage_day.block)
            """).Run(emptied, cancel);
        await new RowsStatement(connection, transaction, """
            insert into usage_day (day, customer_id, block, width, figures, users) values {rows}
            on conflict (day, customer_id, block) do update set width = excluded.width, figures = excluded.figures, users = excluded.users
            """).Run(changed, cancel);
        return changed.Count + emptied.Count;
    }

    /// <summary>The same in the weeks and months that older days were added up to.</summary>
    private static async Task<long> Periods(DbConnection connection, DbTransaction transaction, int module, int customer, HashSet<int> remaining, IncrementalHash hash, CancellationToken cancel)
    {
        var (changed, emptied) = (new List<object[]>(), new List<object[]>());
        await new RowsStatement(connection, transaction, """
            with wanted (customer_id) as (values {rows})
            select stored.kind, stored.start, stored.block, stored.width, stored.figures, stored.users from wanted join usage_period stored on stored.customer_id = wanted.customer_id
            order by stored.kind, stored.start, stored.block
            """).Read([[customer]], reader =>
        {
            var (kind, row) = (reader.GetString(0), new DayRow(customer, reader.GetInt32(1), reader.GetInt32(2)));
            row.Merge(reader.GetInt32(3), reader.GetFieldValue<byte[]>(4), reader.GetFieldValue<byte[]>(5));
            if (row.Remove(module) is { } gone)
            {
                hash.AppendData(Encoding.UTF8.GetBytes(kind + "\n"));
                hash.AppendData(Line(row.Day, row.Block, (int)gone.Count));
                hash.AppendData(UserSetFormat.Write(gone));
                (row.IsEmpty ? emptied : changed).Add(row.IsEmpty ? [kind, row.Day, customer, row.Block] : row.ToStore(kind, row.Day, customer, row.Block));
            }
            row.AddUsersTo(remaining);
        }, cancel);
        await new RowsStatement(connection, transaction, """
            with gone (kind, start, customer_id, block) as (values {rows})
            delete from usage_period where exists (
                select 1 from gone where gone.kind = usage_period.kind and gone.start = usage_period.start and gone.customer_id = usage_period.customer_id and gone.block = usage_period.block)
            """).Run(emptied, cancel);
        await new RowsStatement(connection, transaction, """
            insert into usage_period (kind, start, customer_id, block, width, figures, users) values {rows}
            on conflict (kind, start, customer_id, block) do update set width = excluded.width, figures = excluded.figures, users = excluded.users
            """).Run(changed, cancel);
        return changed.Count + emptied.Count;
    }

    private static async Task<long> Refused(DbConnection connection, DbTransaction transaction, int module, int customer, HashSet<int> remaining, IncrementalHash hash, CancellationToken cancel)
    {
        var count = 0;
        await new RowsStatement(connection, transaction, """
            with wanted (customer_id) as (values {rows})
            select stored.module_id, stored.hour, stored.ordinal, stored.calls from wanted join usage_refused stored on stored.customer_id = wanted.customer_id
            order by stored.module_id, stored.hour, stored.ordinal
            """).Read([[customer]], reader =>
        {
            if (reader.GetInt32(0) != module)
            {
                remaining.Add(reader.GetInt32(2));
                return;
            }
            hash.AppendData(Line(reader.GetInt32(1), reader.GetInt32(2), (int)Math.Min(int.MaxValue, reader.GetInt64(3))));
            count++;
        }, cancel);
        await new RowsStatement(connection, transaction, """
            with gone (module_id, customer_id) as (values {rows})
            delete from usage_refused where exists (select 1 from gone where gone.module_id = usage_refused.module_id and gone.customer_id = usage_refused.customer_id)
            """).Run([[module, customer]], cancel);
        return count;
    }

    private static async Task Names(DbConnection connection, DbTransaction transaction, int customer, HashSet<int> remaining, CancellationToken cancel)
    {
        var rewritten = new List<object[]>();
        await new RowsStatement(connection, transaction, """
            with wanted (customer_id) as (values {rows})
            select stored.start, stored.names from wanted join usage_user stored on stored.customer_id = wanted.customer_id order by stored.start
            """).Read([[customer]], reader =>
        {
            var (start, block) = (reader.GetInt32(0), reader.GetFieldValue<byte[]>(1));
            if (Overwritten(block, start, remaining) is { } names)
                rewritten.Add([customer, start, NameBlock.Write(names, 0, names.Count)]);
        }, cancel);
        await new RowsStatement(connection, transaction, """
            insert into usage_user (customer_id, start, names) values {rows} on conflict (customer_id, start) do update set names = excluded.names
            """).Run(rewritten, cancel);
        // Every node that has read them reads them anew: a user who comes back is somebody new.
        await new RowsStatement(connection, transaction, """
            with renamed (id) as (values {rows}) update usage_customer set names_revision = names_revision + 1 from renamed where usage_customer.id = renamed.id
            """).Run(rewritten.Count > 0 ? [[customer]] : [], cancel);
    }

    /// <summary>The names of a block, those of nobody overwritten; null where none was. A name stays unique, and looks like a hash: pages show it as hidden.</summary>
    private static Utf8Names? Overwritten(byte[] block, int start, HashSet<int> remaining)
    {
        var names = new Utf8Names();
        var any = false;
        for (var at = 0; at < block.Length;)
        {
            var ordinal = start + names.Count;
            var name = NameBlock.Next(block, ref at);
            var mark = Encoding.ASCII.GetBytes($"{UserNaming.HashedPrefix}deleted-{ordinal}");
            var gone = !remaining.Contains(ordinal) && !name.SequenceEqual(mark);
            any |= gone;
            names.Add(gone ? mark : name);
        }
        return any ? names : null;
    }

    private static byte[] Line(int first, int second, int third)
    {
        var bytes = new byte[12];
        BinaryPrimitives.WriteInt32BigEndian(bytes, first);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(4), second);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(8), third);
        return bytes;
    }
}
