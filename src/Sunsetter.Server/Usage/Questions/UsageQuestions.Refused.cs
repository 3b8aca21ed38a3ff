using System.Text;
using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Usage;

internal sealed partial class UsageQuestions
{
    /// <summary>Calls that closed gates refused since an instant: by the hour, and by customer and user, the most first.</summary>
    public async Task<RefusedCalls> Refused(ModuleKey module, DateTimeOffset since, CancellationToken cancel)
    {
        if (await keys.Find(module, cancel) is not { } id)
            return new RefusedCalls(0, [], []);
        var first = (int)Math.Floor(since.ToUnixTimeMilliseconds() / 3_600_000.0);
        List<RefusedRow> rows;
        await using (var db = await databases.CreateDbContextAsync(cancel))
            rows = await db.Database.SqlQuery<RefusedRow>($"select hour, customer_id as customer, ordinal, calls from usage_refused where module_id = {id} and hour >= {first}").ToListAsync(cancel);

        var customers = await keys.Customers(rows.Select(row => row.Customer), cancel);
        var users = await Names([.. rows.Select(row => (row.Customer, (uint)row.Ordinal)).Distinct()], cancel);
        return new RefusedCalls(
            rows.Sum(row => row.Calls),
            [.. rows.GroupBy(row => row.Hour).OrderBy(hour => hour.Key).Select(hour => new RefusedHour(Hour(hour.Key), hour.Sum(row => row.Calls), hour.Count()))],
            [.. rows.GroupBy(row => row.Customer).Select(customer => new RefusedCustomer(
                customers[customer.Key], customer.Sum(row => row.Calls), Hour(customer.Min(row => row.Hour)), Hour(customer.Max(row => row.Hour)),
                [.. customer.GroupBy(row => row.Ordinal).Select(user => new RefusedUser(
                    users[(customer.Key, (uint)user.Key)], user.Sum(row => row.Calls), Hour(user.Min(row => row.Hour)), Hour(user.Max(row => row.Hour))))
                    .OrderByDescending(user => user.Calls)]))
                .OrderByDescending(customer => customer.Calls)]);
    }

    private static DateTimeOffset Hour(int hour) => DateTimeOffset.FromUnixTimeSeconds(3_600L * hour);

    /// <summary>The names of users; null for those kept as hashes.</summary>
    private async Task<Dictionary<(int Customer, uint User), string?>> Names(IReadOnlyList<(int Customer, uint User)> users, CancellationToken cancel)
    {
        var names = new Dictionary<(int, uint), string?>();
        var wanted = users.ToHashSet();
        // A block that began up to its whole length before the first may hold it.
        var spans = users.GroupBy(user => user.Customer).Select(customer =>
            (object[])[customer.Key, (int)customer.Min(user => user.User) - NameBlock.Most + 1, (int)customer.Max(user => user.User)]).ToList();
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.Database.OpenConnectionAsync(cancel);
        await new RowsStatement(db.Database.GetDbConnection(), null, """
            with wanted (customer_id, start, stop) as (values {rows})
            select stored.customer_id, stored.start, stored.names from wanted
            join usage_user stored on stored.customer_id = wanted.customer_id and stored.start between wanted.start and wanted.stop
            """).Read(spans, reader =>
        {
            var block = reader.GetFieldValue<byte[]>(2);
            var user = (Customer: reader.GetInt32(0), User: (uint)reader.GetInt32(1));
            for (var at = 0; at < block.Length; user.User++)
            {
                var name = NameBlock.Next(block, ref at);
                if (wanted.Contains(user))
                    names[user] = name.StartsWith(UserNaming.HashedBytes) ? null : Encoding.UTF8.GetString(name);
            }
        }, cancel);
        return names;
    }

    private sealed record RefusedRow(int Hour, int Customer, int Ordinal, long Calls);
}
