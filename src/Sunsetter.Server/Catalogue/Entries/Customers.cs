using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Catalogue;

/// <summary>Saves what is said about customers, one at a time.</summary>
internal sealed class Customers(IDbContextFactory<SunsetterDb> databases)
{
    public async Task<Outcome<(Customer Customer, bool IsNew)>> Save(CustomerDraft draft, bool mustBeNew, CancellationToken cancel)
    {
        if (draft.Check() is { } refusal)
            return refusal;
        var key = new CustomerKey(draft.Key!);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var customer = await db.Set<Customer>().FirstOrDefaultAsync(row => row.Key == key, cancel);
        if (customer is not null && mustBeNew)
            return new Refusal("customer.known", $"The customer “{key}” is in the catalogue already. Change it with PUT.", $"客户“{key}”已在目录中。请用 PUT 修改。", StatusCodes.Status409Conflict);
        var isNew = customer is null;
        customer ??= db.Add(new Customer { Key = key }).Entity;
        draft.WriteTo(customer, isNew);
        await db.SaveChangesAsync(cancel);
        return (customer, isNew);
    }
}
