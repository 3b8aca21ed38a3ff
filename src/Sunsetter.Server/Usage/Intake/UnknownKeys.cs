using System.Collections.Concurrent;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Usage;

/// <summary>
/// Modules and customers that usage names and the catalogue does not know are kept, for they are how a forgotten module is found; but only so
/// many of them, so that nobody can fill the database with invented names. The bound is kept per node, from what is stored.
/// </summary>
internal sealed class UnknownKeys(IDbContextFactory<SunsetterDb> databases, Settings settings, TimeProvider clock) : IDisposable
{
    /// <summary>Modules that storage can number, known or not.</summary>
    public const int MostModules = ushort.MaxValue;

    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim turn = new(1);
    private DateTimeOffset readAt = DateTimeOffset.MinValue;
    private KeySnapshot? snapshot;

    /// <summary>What is known and stored, at most five seconds old.</summary>
    public async Task<KeySnapshot> Snapshot(CancellationToken cancel)
    {
        if (snapshot is { } recent && clock.GetUtcNow() - readAt < Fresh)
            return recent;
        await turn.WaitAsync(cancel);
        try
        {
            if (snapshot is { } justRead && clock.GetUtcNow() - readAt < Fresh)
                return justRead;
            var limits = await settings.Get<UsageSettings>(cancel);
            await using var db = await databases.CreateDbContextAsync(cancel);
            var modules = await db.Set<Module>().AsNoTracking().Select(module => module.Key).ToListAsync(cancel);
            var customers = await db.Set<Customer>().AsNoTracking().Select(customer => customer.Key).ToListAsync(cancel);
            var met = await db.Database.SqlQuery<string>($"select key from usage_module").ToListAsync(cancel);
            var fresh = new KeySnapshot(
                new KeyLimit(modules.Select(key => key.Value), met, limits.MostUnknownModules) { Room = MostModules - met.Count },
                new KeyLimit(customers.Select(key => key.Value), await db.Database.SqlQuery<string>($"select key from usage_customer").ToListAsync(cancel), limits.MostUnknownCustomers));
            (snapshot, readAt) = (fresh, clock.GetUtcNow());
            return fresh;
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose() => turn.Dispose();
}

internal sealed record KeySnapshot(KeyLimit Modules, KeyLimit Customers);

/// <summary>One kind of key: those the catalogue holds, those met before, and how many more may come.</summary>
internal sealed class KeyLimit
{
    private readonly HashSet<string> known;
    private readonly HashSet<string> stored;
    private readonly ConcurrentDictionary<string, bool> unknown, fresh = [];
    private readonly int most;

    public KeyLimit(IEnumerable<string> known, IEnumerable<string> met, int most)
    {
        this.known = [.. known];
        this.most = most;
        stored = [.. met];
        unknown = new(stored.Where(key => !this.known.Contains(key)).Select(key => KeyValuePair.Create(key, true)));
    }

    /// <summary>How many more keys storage can number.</summary>
    public int Room { get; init; } = int.MaxValue;

    /// <summary>False where the key has no number yet and there are no more numbers.</summary>
    public bool CanNumber(ReadOnlySpan<byte> name)
    {
        var key = Encoding.UTF8.GetString(name);
        return stored.Contains(key) || fresh.ContainsKey(key) || (fresh.Count < Room && fresh.TryAdd(key, true)) || fresh.ContainsKey(key);
    }

    public bool Knows(string key) => known.Contains(key);

    /// <summary>In the catalogue, or met before.</summary>
    public bool Has(ReadOnlySpan<byte> name) => Encoding.UTF8.GetString(name) is var key && (known.Contains(key) || stored.Contains(key));

    /// <summary>False where the key is unknown and the room for unknown ones is used up.</summary>
    public bool Admits(ReadOnlySpan<byte> name)
    {
        var key = Encoding.UTF8.GetString(name);
        return known.Contains(key) || unknown.ContainsKey(key) || (unknown.Count < most && unknown.TryAdd(key, true)) || unknown.ContainsKey(key);
    }
}
