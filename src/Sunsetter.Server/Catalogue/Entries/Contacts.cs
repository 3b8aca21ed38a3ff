using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Catalogue;

/// <summary>Saves what is said about contacts, one at a time.</summary>
internal sealed class Contacts(IDbContextFactory<SunsetterDb> databases)
{
    public static Refusal UnknownCustomer(CustomerKey customer) =>
        Checks.Bad("contact.unknown-customer", "customer", $"The customer “{Checks.Shown(customer.Value)}” is not in the catalogue. Import customers before their contacts.", $"客户“{Checks.Shown(customer.Value)}”不在目录中。请先导入客户，再导入联系人。");

    public async Task<Outcome<(Contact Contact, bool IsNew)>> Save(ContactDraft draft, bool mustBeNew, CancellationToken cancel)
    {
        draft = draft with { Email = draft.Email?.Trim().ToLowerInvariant() };
        if (draft.Check() is { } refusal)
            return refusal;
        var customer = new CustomerKey(draft.Customer!);
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (!await db.Set<Customer>().AnyAsync(row => row.Key == customer, cancel))
            return UnknownCustomer(customer);
        var contact = await db.Set<Contact>().FirstOrDefaultAsync(row => row.Customer == customer && row.Email == draft.Email, cancel);
        if (contact is not null && mustBeNew)
            return new Refusal("contact.known", $"“{draft.Email}” is a contact of “{customer}” already. Change it with PUT.", $"“{draft.Email}”已是“{customer}”的联系人。请用 PUT 修改。", StatusCodes.Status409Conflict);
        var isNew = contact is null;
        contact ??= db.Add(new Contact { Id = Guid.CreateVersion7(), Customer = customer, Email = draft.Email! }).Entity;
        draft.WriteTo(contact);
        await db.SaveChangesAsync(cancel);
        return (contact, isNew);
    }
}
