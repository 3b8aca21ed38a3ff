using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Catalogue;

/// <summary>One page of the customers that match a search, with what concerns them.</summary>
internal sealed class CustomerList(IDbContextFactory<SunsetterDb> databases)
{
    public const int PageSize = 50;

    /// <param name="Retirements">Retirements under way that affect them.</param>
    /// <param name="Contacts">People who can be written to; dead ones do not count.</param>
    internal sealed record Row(Customer Customer, int Retirements, int Contacts, int DeadContacts);

    internal sealed record Result(IReadOnlyList<Row> Rows, int Total, int Page)
    {
        public int Pages => Math.Max(1, (Total + PageSize - 1) / PageSize);
    }

    /// <param name="search">Part of a name, the key, the tier or the account manager's address.</param>
    /// <param name="sort"><c>name</c>, <c>value</c>, <c>tier</c> or <c>manager</c>.</param>
    public async Task<Result> Find(string? search, string? sort, int page, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var rows = db.Set<Customer>().AsNoTracking();
        if (search?.Trim().ToLowerInvariant() is { Length: > 0 and <= 120 } words)
        {
            var like = $"%{words.Replace("\\", "\\\\").Replace("%", "\\%").Replace("_", "\\_")}%";
            rows = rows.Where(customer => EF.Functions.Like(customer.NameEn.ToLower(), like, "\\") || EF.Functions.Like(customer.NameZh.ToLower(), like, "\\")
                || EF.Functions.Like(((string)(object)customer.Key).ToLower(), like, "\\") || customer.Tier == words || EF.Functions.Like(customer.AccountManager!.ToLower(), like, "\\"));
        }
        var total = await rows.CountAsync(cancel);
        page = Math.Clamp(page, 1, Math.Max(1, (total + PageSize - 1) / PageSize));
        var sorted = sort switch
        {
            "value" => rows.OrderByDescending(customer => customer.AnnualValue).ThenBy(customer => customer.Key),
            "tier" => rows.OrderBy(customer => customer.Tier).ThenBy(customer => customer.Key),
            "manager" => rows.OrderBy(customer => customer.AccountManager).ThenBy(customer => customer.Key),
            _ => rows.OrderBy(customer => customer.NameEn).ThenBy(customer => customer.Key),
        };
        var customers = await sorted.Skip((page - 1) * PageSize).Take(PageSize).ToListAsync(cancel);
        var keys = customers.Select(customer => customer.Key).ToList();

        var over = (Stage[])[Stage.Finished, Stage.Rejected, Stage.Cancelled, Stage.Deferred];
        var retirements = await db.Set<EntryRow>().Where(entry => keys.Contains(entry.Customer))
            .Join(db.Set<RetirementRow>().Where(row => !over.Contains(row.Stage)), entry => entry.Retirement, row => row.Id, (entry, row) => entry.Customer)
            .GroupBy(customer => customer).Select(group => new { group.Key, Count = group.Count() }).ToDictionaryAsync(row => row.Key, row => row.Count, cancel);
        var contacts = (await db.Set<Contact>().AsNoTracking().Where(contact => keys.Contains(contact.Customer)).Select(contact => new { contact.Customer, Dead = contact.DeadSince != null }).ToListAsync(cancel)).ToLookup(contact => contact.Customer);
        return new Result([.. customers.Select(customer => new Row(customer, retirements.GetValueOrDefault(customer.Key), contacts[customer.Key].Count(one => !one.Dead), contacts[customer.Key].Count(one => one.Dead)))], total, page);
    }
}
