using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Catalogue;

/// <summary>What modules and customers are called; the key itself where the catalogue does not know it.</summary>
internal sealed class CatalogueNames(IDbContextFactory<SunsetterDb> databases)
{
    public async Task<Text> Of(ModuleKey key, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return (await db.Set<Module>().AsNoTracking().FirstOrDefaultAsync(module => module.Key == key, cancel))?.Name ?? Text.Same(key.Value);
    }

    public async Task<Text> Of(CustomerKey key, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return (await db.Set<Customer>().AsNoTracking().FirstOrDefaultAsync(customer => customer.Key == key, cancel))?.Name ?? Text.Same(key.Value);
    }
}
