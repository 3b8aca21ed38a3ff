using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Portal;

/// <summary>Keeps the colleagues whom a customer names among their contacts.</summary>
internal sealed class NamedContacts(IDbContextFactory<SunsetterDb> databases)
{
    /// <summary>Adds the person unless they are known.</summary>
    public async Task Keep(CustomerKey customer, NameContact named, string locale, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (await db.Set<Contact>().AnyAsync(contact => contact.Customer == customer && contact.Email == named.Address, cancel))
            return;
        db.Add(new Contact { Id = Guid.CreateVersion7(), Customer = customer, Email = named.Address, Name = named.Name.Trim(), Locale = locale });
        await db.SaveChangesAsync(cancel);
    }
}
