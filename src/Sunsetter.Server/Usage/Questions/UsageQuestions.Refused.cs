using System.Text;
using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Usage;

internal sealed partial class UsageQuestions
{
    /// <summary>Calls that closed gates refused since an instant: by the hour, and by customer, the most first. Looked up anew only where something was written.</summary>
    /// <param name="users">Of each customer so many at most are named, those with the most calls.</param>
    public async Task<RefusedCalls> Refused(ModuleKey module, DateTimeOffset since, int users, CancellationToken cancel)
    {
        if (await keys.Find(module, cancel) is not { } id)
            return new RefusedCalls(0, [], []);
        var first = (int)Math.Floor(since.ToUnixTimeMilliseconds() / 3_600_000.0);
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.Database.OpenConnectionAsync(cancel);
        return await kept.Of((nameof(Refused), id, first, users), await revisions.Stamp(db.Database.GetDbConnection(), cancel), mayBeLate: false, () => Refused(db, id, first, users, cancel), cancel);
    }

    private async Task<RefusedCalls> Refused(SunsetterDb db, int module, int first, int most, CancellationToken cancel)
    {
        var hours = await db.Database.SqlQuery<HourRow>($"""
            select hour as "Hour", cast(sum(calls) as bigint) as "Calls", count(*) as "Users" from usage_refused where module_id = {module} and hour >= {first} group by hour order by hour
            """).ToListAsync(cancel);
        var callers = await db.Database.SqlQuery<CustomerRow>($"""
            select customer_id as "Customer", cast(sum(calls) as bigint) as "Calls", min(hour) as "First", max(hour) as "Last", count(distinct ordinal) as "Users"
            from usage_refused where module_id = {module} and hour >= {first} group by customer_id
            """).ToListAsync(cancel);
        var named = most == 0 ? [] : await db.Database.SqlQuery<UserRow>($"""
            select customer as "Customer", ordinal as "Ordinal", calls as "Calls", first as "First", last as "Last" from (
                select customer_id as customer, ordinal, cast(sum(calls) as bigint) as calls, min(hour) as first, max(hour) as last,
                    row_number() over (partition by customer_id order by sum(calls) desc, ordinal) as place
                from usage_refused where module_id = {module} and hour >= {first} group by customer_id, ordinal) ranked
            where place <= {most} order by customer, place
            """).ToListAsync(cancel);
        var customers = await keys.Customers(callers.Select(row => row.Customer), cancel);
        var names = await Names([.. named.Select(row => (row.Customer, (uint)row.Ordinal))], cancel);
        var byCustomer = named.ToLookup(row => row.Customer);
        return new RefusedCalls(
            callers.Sum(row => row.Calls), [.. hours.Select(hour => new RefusedHour(Hour(hour.Hour), hour.Calls, hour.Users))],
            [.. callers.OrderByDescending(row => row.Calls).ThenBy(row => customers[row.Customer].Value, StringComparer.Ordinal).Select(row => new RefusedCustomer(
                customers[row.Customer], row.Calls, Hour(row.First), Hour(row.Last), row.Users,
                [.. byCustomer[row.Customer].Select(user => new RefusedUser(names[(row.Customer, (uint)user.Ordinal)], user.Calls, Hour(user.First), Hour(user.Last)))]))]);
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

    private sealed record HourRow(int Hour, long Calls, int Users);

    private sealed record CustomerRow(int Customer, long Calls, int First, int Last, int Users);

    private sealed record UserRow(int Customer, int Ordinal, long Calls, int First, int Last);
}
