using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Usage;

/// <summary>The numbers under which modules and customers are stored. A number never changes; new ones are read when they are met.</summary>
internal sealed class UsageKeys(IDbContextFactory<SunsetterDb> databases)
{
    private readonly ConcurrentDictionary<ModuleKey, int> modules = [];
    private readonly ConcurrentDictionary<int, ModuleKey> moduleKeys = [];
    private readonly ConcurrentDictionary<CustomerKey, int> customers = [];
    private readonly ConcurrentDictionary<int, CustomerKey> customerKeys = [];

    /// <summary>Every module that was ever reported.</summary>
    public async Task<IReadOnlyDictionary<int, ModuleKey>> Modules(CancellationToken cancel)
    {
        await RefreshModules(cancel);
        return moduleKeys.ToDictionary();
    }

    public async Task<IReadOnlyDictionary<int, ModuleKey>> Modules(IEnumerable<int> ids, CancellationToken cancel)
    {
        var wanted = ids.Distinct().ToList();
        if (wanted.Exists(id => !moduleKeys.ContainsKey(id)))
            await RefreshModules(cancel);
        return wanted.ToDictionary(id => id, id => moduleKeys[id]);
    }

    /// <returns>The module's number, or null where nobody ever reported it.</returns>
    public async Task<int?> Find(ModuleKey key, CancellationToken cancel)
    {
        if (!modules.ContainsKey(key))
            await RefreshModules(cancel);
        return modules.TryGetValue(key, out var id) ? id : null;
    }

    /// <returns>The customer's number, or null where nobody ever reported them.</returns>
    public async Task<int?> Find(CustomerKey key, CancellationToken cancel)
    {
        if (!customers.ContainsKey(key))
            await RefreshCustomers(cancel);
        return customers.TryGetValue(key, out var id) ? id : null;
    }

    public async Task<IReadOnlyDictionary<int, CustomerKey>> Customers(IEnumerable<int> ids, CancellationToken cancel)
    {
        var wanted = ids.Distinct().ToList();
        if (wanted.Exists(id => !customerKeys.ContainsKey(id)))
            await RefreshCustomers(cancel);
        return wanted.ToDictionary(id => id, id => customerKeys[id]);
    }

    private async Task RefreshModules(CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        foreach (var row in await db.Database.SqlQuery<NumberedKey>($"select id as number, key from usage_module").ToListAsync(cancel))
        {
            modules[new ModuleKey(row.Key)] = row.Number;
            moduleKeys[row.Number] = new ModuleKey(row.Key);
        }
    }

    private async Task RefreshCustomers(CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        foreach (var row in await db.Database.SqlQuery<NumberedKey>($"select id as number, key from usage_customer").ToListAsync(cancel))
        {
            customers[new CustomerKey(row.Key)] = row.Number;
            customerKeys[row.Number] = new CustomerKey(row.Key);
        }
    }

    private sealed record NumberedKey(int Number, string Key);
}
