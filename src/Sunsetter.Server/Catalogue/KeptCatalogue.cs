using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Catalogue;

/// <summary>All modules, customers and contacts as they are stored, each kind kept in memory while nobody has saved one (<see cref="IStamped"/>). What is handed out is shared: read it, never change it.</summary>
internal sealed class KeptCatalogue(IDbContextFactory<SunsetterDb> databases)
{
    private volatile Kept<IReadOnlyList<Module>>? modules;
    private volatile Kept<IReadOnlyDictionary<CustomerKey, Customer>>? customers;
    private volatile Kept<ILookup<CustomerKey, Contact>>? contacts;

    /// <summary>In the order of their keys.</summary>
    public async Task<IReadOnlyList<Module>> Modules(CancellationToken cancel) =>
        (modules = await Read<IReadOnlyList<Module>>(modules, nameof(Module), async db => await db.Set<Module>().AsNoTracking().OrderBy(module => module.Key).ToListAsync(cancel), cancel)).Rows;

    public async Task<IReadOnlyDictionary<CustomerKey, Customer>> Customers(CancellationToken cancel) =>
        (customers = await Read<IReadOnlyDictionary<CustomerKey, Customer>>(customers, nameof(Customer), async db => await db.Set<Customer>().AsNoTracking().ToDictionaryAsync(customer => customer.Key, cancel), cancel)).Rows;

    public async Task<ILookup<CustomerKey, Contact>> Contacts(CancellationToken cancel) =>
        (contacts = await Read<ILookup<CustomerKey, Contact>>(contacts, nameof(Contact), async db => (await db.Set<Contact>().AsNoTracking().OrderBy(contact => contact.Email).ToListAsync(cancel)).ToLookup(contact => contact.Customer), cancel)).Rows;

    private async Task<Kept<T>> Read<T>(Kept<T>? before, string kind, Func<SunsetterDb, Task<T>> read, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        // The stamp first: what is saved between the two reads is read again next time, never missed.
        var stamp = await db.Stamps.Where(stamp => stamp.Name == kind).Select(stamp => stamp.Value).SingleAsync(cancel);
        return before is not null && before.Stamp == stamp ? before : new Kept<T>(stamp, await read(db));
    }

    private sealed record Kept<T>(string Stamp, T Rows);
}
