using System.Data.Common;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Usage;

/// <summary>
/// Stores groups of deliveries, each group in one transaction. The row of each customer in <c>usage_customer</c> is locked in the order of the
/// keys before anything of theirs is read, so several nodes may write for the same customer and none loses what another wrote.
/// One group at a time on each node.
/// </summary>
internal sealed class UsageWriter(IDbContextFactory<SunsetterDb> databases, Settings settings) : IDisposable
{
    private const int MostCustomersKept = 100_000;

    private readonly SemaphoreSlim turn = new(1);
    private readonly ModuleNumbers modules = new();
    private readonly Dictionary<string, int> customers = [];
    private readonly UserDirectory directory = new();
    private readonly WrittenRows written = new();

    /// <summary>Stores the group; when this returns it is durable.</summary>
    /// <returns>For each delivery what became of it; one that is not new changes nothing.</returns>
    public async Task<BatchFate[]> Write(IReadOnlyList<UsageDelivery> group, CancellationToken cancel)
    {
        await turn.WaitAsync(cancel);
        var done = false;
        try
        {
            await using var db = await databases.CreateDbContextAsync(cancel);
            await db.Database.OpenConnectionAsync(cancel);
            var connection = db.Database.GetDbConnection();
            await using var transaction = await connection.BeginTransactionAsync(cancel);
            var fates = await ClaimBatches.Of(group, connection, transaction, cancel);
            var rows = new GroupRows(written);
            foreach (var (delivery, fate) in group.Zip(fates))
                if (fate == BatchFate.New)
                    rows.Add(delivery);

            await NumberModules(rows, connection, transaction, cancel);
            await NumberCustomersAndUsers(rows, connection, transaction, cancel);
            rows.Gather();
            await DayRows.Merge(rows.Days, connection, transaction, cancel);
            await StoreRefused(rows, connection, transaction, cancel);
            await StoreReports(rows, connection, transaction, cancel);
            await transaction.CommitAsync(cancel);
            done = true;
            directory.KeepSmall();
            written.KeepSmall();
            if (customers.Count > MostCustomersKept)
                customers.Clear();
            return fates;
        }
        finally
        {
            // What was numbered in a transaction that did not come through must not be remembered.
            if (!done)
            {
                modules.Clear();
                customers.Clear();
                directory.Clear();
                written.Clear();
            }
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();

    private async Task NumberModules(GroupRows rows, DbConnection connection, DbTransaction transaction, CancellationToken cancel)
    {
        var now = rows.Deliveries.Select(delivery => delivery.ReceivedAt.ToUnixTimeMilliseconds()).DefaultIfEmpty().Max();
        await modules.Find(rows.Deliveries.SelectMany(delivery => Names(delivery.Tally.Modules)), now, connection, transaction, cancel);
        // While a part of a file is written the next is read, and may name more: -1, for this tally does not use them.
        foreach (var delivery in rows.Deliveries)
            rows.Modules.Add([.. Names(delivery.Tally.Modules).Select(key => modules[key])]);
    }

    private async Task NumberCustomersAndUsers(GroupRows rows, DbConnection connection, DbTransaction transaction, CancellationToken cancel)
    {
        var keys = rows.Deliveries.SelectMany(delivery => UsedCustomers(delivery.Tally)).Distinct().Order(StringComparer.Ordinal).ToList();
        var (stored, plain) = await LockCustomers(keys, connection, transaction, cancel);
        // Read under the locks: where a customer's names were hashed, that was kept before.
        var naming = UserNaming.By(await settings.Get<UsageSettings>(cancel));
        foreach (var (customer, key) in naming.Hashes ? plain : [])
        {
            await HashNames.Of(customer, key, naming, connection, transaction, cancel);
            stored[customer] = stored[customer] with { Revision = stored[customer].Revision + 1 };
        }
        var names = await directory.Of(stored, connection, transaction, cancel);
        foreach (var tally in rows.Deliveries.Select(delivery => delivery.Tally))
        {
            var numbers = Names(tally.Customers).Select(key => customers.GetValueOrDefault(key, -1)).ToArray();
            var ordinals = tally.Names.Ordinals(tally.Users.Count, directory.Generation);
            void Number(int user)
            {
                if (ordinals[user] >= 0)
                    return;
                var customer = tally.Users.CustomerOf(user);
                ordinals[user] = names[numbers[customer]].Add(naming.Stored(tally.Customers[customer], tally.Users[user]));
            }
            foreach (var use in tally.Uses)
                Number(use.User);
            foreach (var call in tally.Refused.Keys)
                Number(call.User);
            rows.Customers.Add(numbers);
            rows.Users.Add(ordinals);
        }
        await StoreUsers(stored, names, connection, transaction, cancel);
    }

    /// <summary>Locks the customers, in the order of their keys, and tells those who keep their days in memory.</summary>
    /// <returns>For each customer's number, which names are stored; and those whose names are no hashes.</returns>
    private async Task<(Dictionary<int, StoredNames> Stored, List<(int Customer, string Key)> Plain)> LockCustomers(List<string> keys, DbConnection connection, DbTransaction transaction, CancellationToken cancel)
    {
        await FindCustomers([.. keys.Where(key => !customers.ContainsKey(key))], connection, transaction, cancel);
        // Only those that are not there: on PostgreSQL even an insertion that does nothing uses up a number.
        await new RowsStatement(connection, transaction, "insert into usage_customer (key, next_ordinal, revision) values {rows} on conflict (key) do nothing")
            .Run([.. keys.Where(key => !customers.ContainsKey(key)).Select(key => (object[])[key, 0, 0L])], cancel);
        await FindCustomers([.. keys.Where(key => !customers.ContainsKey(key))], connection, transaction, cancel);
        var (stored, revisions, plain) = (new Dictionary<int, StoredNames>(), new List<(int, long)>(), new List<(int, string)>());
        await new RowsStatement(connection, transaction, """
            insert into usage_customer (id, key, next_ordinal, revision) values {rows}
            on conflict (id) do update set revision = usage_customer.revision + 1
            returning id, next_ordinal, names_revision, revision, hashed, key
            """).Read([.. keys.Select(key => (object[])[customers[key], key, 0, 1L])], reader =>
        {
            stored[reader.GetInt32(0)] = new(reader.GetInt32(1), reader.GetInt64(2));
            revisions.Add((reader.GetInt32(0), reader.GetInt64(3)));
            if (reader.GetInt32(4) == 0)
                plain.Add((reader.GetInt32(0), reader.GetString(5)));
        }, cancel);
        written.Check(revisions);
        return (stored, plain);
    }

    private Task FindCustomers(List<string> keys, DbConnection connection, DbTransaction transaction, CancellationToken cancel) =>
        new RowsStatement(connection, transaction, """
            with wanted (key) as (values {rows}) select usage_customer.id, usage_customer.key from wanted join usage_customer on usage_customer.key = wanted.key
            """).Read([.. keys.Select(key => (object[])[key])], reader => customers[reader.GetString(1)] = reader.GetInt32(0), cancel);

    // A tally may share its names with others: only whom it counted is touched.
    private static IEnumerable<string> UsedCustomers(UsageTally tally)
    {
        var used = new bool[tally.Customers.Count];
        foreach (ref readonly var cell in tally.Cells)
            used[cell.Customer] = true;
        foreach (var call in tally.Refused.Keys)
            used[call.Customer] = true;
        return Names(tally.Customers).Take(used.Length).Where((_, number) => used[number]);
    }

    private static async Task StoreUsers(
        Dictionary<int, StoredNames> stored, IReadOnlyDictionary<int, Utf8Names> names, DbConnection connection, DbTransaction transaction, CancellationToken cancel)
    {
        var blocks = new List<object[]>();
        var grown = new List<object[]>();
        foreach (var (customer, (count, _)) in stored)
        {
            var known = names[customer];
            for (var start = count; start < known.Count; start += NameBlock.Most)
                blocks.Add([customer, start, NameBlock.Write(known, start, Math.Min(known.Count, start + NameBlock.Most))]);
            if (known.Count > count)
                grown.Add([customer, known.Count]);
        }
        await new RowsStatement(connection, transaction, "insert into usage_user (customer_id, start, names) values {rows}").Run(blocks, cancel);
        await new RowsStatement(connection, transaction, """
            with grown (id, users) as (values {rows})
            update usage_customer set next_ordinal = grown.users from grown where usage_customer.id = grown.id
            """).Run(grown, cancel);
    }

    private static Task StoreRefused(GroupRows rows, DbConnection connection, DbTransaction transaction, CancellationToken cancel) =>
        new RowsStatement(connection, transaction, """
            insert into usage_refused (module_id, hour, customer_id, ordinal, calls) values {rows}
            on conflict (module_id, hour, customer_id, ordinal) do update set calls = usage_refused.calls + excluded.calls
            """).Run([.. rows.Refused.OrderBy(call => call.Key).Select(call => (object[])[call.Key.Module, (int)call.Key.Hour, call.Key.Customer, call.Key.User, call.Value])], cancel);

    private static Task StoreReports(GroupRows rows, DbConnection connection, DbTransaction transaction, CancellationToken cancel) =>
        new RowsStatement(connection, transaction, """
            insert into usage_report (source, module_id, day, events, last_at) values {rows}
            on conflict (module_id, source, day) do update set events = usage_report.events + excluded.events,
                last_at = case when excluded.last_at > usage_report.last_at then excluded.last_at else usage_report.last_at end
            """).Run([.. rows.Reports.OrderBy(report => report.Key.Source, StringComparer.Ordinal).ThenBy(report => report.Key.Module).ThenBy(report => report.Key.Day).Select(report =>
                (object[])[report.Key.Source, report.Key.Module, report.Key.Day, report.Value.Events, report.Value.LastAt])], cancel);

    private static IEnumerable<string> Names(Utf8Names names)
    {
        for (var number = 0; number < names.Count; number++)
            yield return Encoding.UTF8.GetString(names[number]);
    }
}
