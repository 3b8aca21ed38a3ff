using Microsoft.EntityFrameworkCore;

namespace Sunsetter.Server.Platform;

/// <summary>Takes and renews leases: rows, so that nodes need no leader.</summary>
internal sealed class Leases(IDbContextFactory<SunsetterDb> databases, StorageOptions storage, TimeProvider clock)
{
    private static readonly TimeSpan MostSkew = TimeSpan.FromMinutes(1);

    // On SQLite there is one node only: what it held before it died it need not wait for.
    private readonly string node = storage.PostgresConnection is null ? "only" : Guid.CreateVersion7().ToString("N");

    /// <summary>True while this node holds the lease; it is held for <paramref name="duration"/> from now.</summary>
    public async Task<bool> Take(string name, TimeSpan duration, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var until = now + (long)duration.TotalMilliseconds;
        // Nobody holds for longer than this: the clock was set back, and the work would lie idle for as long as it was wrong.
        var impossible = until + (long)MostSkew.TotalMilliseconds;
        return await db.Database.ExecuteSqlAsync($"""
            insert into lease (name, holder, until, fence) values ({name}, {node}, {until}, 1)
            on conflict (name) do update set
                fence = lease.fence + case when lease.holder = excluded.holder then 0 else 1 end, holder = excluded.holder, until = excluded.until
            where lease.holder = excluded.holder or lease.until <= {now} or lease.until > {impossible}
            """, cancel) > 0;
    }

    /// <summary>Gives back everything this node holds, so that another need not wait.</summary>
    public async Task GiveBack(CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.Leases.Where(lease => lease.Holder == node).ExecuteDeleteAsync(cancel);
    }
}
