using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Usage;

/// <summary>
/// Once users are to be kept as hashes, hashes the names that are stored, a customer in a transaction: what a stop interrupts goes on at the next turn. Customers with
/// new use are hashed by whoever writes it, before anything of it is numbered.
/// </summary>
internal sealed class HashStoredUsers(IDbContextFactory<SunsetterDb> databases, Settings settings) : IDueStep
{
    public string Name => "usage/hash-users";

    public TimeSpan Every => TimeSpan.FromSeconds(10);

    public async Task Run(DateTimeOffset now, CancellationToken cancel)
    {
        var naming = UserNaming.By(await settings.Get<UsageSettings>(cancel));
        if (!naming.Hashes)
            return;
        await using var db = await databases.CreateDbContextAsync(cancel);
        foreach (var customer in await db.Database.SqlQuery<PlainCustomer>($"select id, key from usage_customer where hashed = 0").ToListAsync(cancel))
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancel);
            // The lock of all who write for this customer; somebody may have hashed it meanwhile.
            if (await db.Database.ExecuteSqlAsync($"update usage_customer set revision = revision + 1 where id = {customer.Id} and hashed = 0", cancel) == 0)
                continue;
            await HashNames.Of(customer.Id, customer.Key, naming, db.Database.GetDbConnection(), transaction.GetDbTransaction(), cancel);
            await transaction.CommitAsync(cancel);
        }
    }

    private sealed record PlainCustomer(int Id, string Key);
}
