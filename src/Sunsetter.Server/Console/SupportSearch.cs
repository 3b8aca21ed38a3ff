using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Console;

/// <summary>Finds the customer on the telephone by whatever they say first: a name, a key, an e-mail address, a telephone number.</summary>
internal sealed class SupportSearch(IDbContextFactory<SunsetterDb> databases)
{
    public const int Most = 20;

    public async Task<IReadOnlyList<Customer>> Find(string words, CancellationToken cancel)
    {
        words = words.Trim();
        if (words.Length is 0 or > 200)
            return [];
        var like = $"%{Escape(words.ToLowerInvariant())}%";
        await using var db = await databases.CreateDbContextAsync(cancel);
        var people = db.Set<Contact>().Where(contact =>
            EF.Functions.Like(contact.Email, like, "\\") || EF.Functions.Like(contact.Name.ToLower(), like, "\\") || contact.Phone != null && EF.Functions.Like(contact.Phone, like, "\\")).Select(contact => contact.Customer);
        return await db.Set<Customer>().AsNoTracking()
            .Where(customer => EF.Functions.Like(customer.NameEn.ToLower(), like, "\\") || EF.Functions.Like(customer.NameZh.ToLower(), like, "\\")
                || EF.Functions.Like(((string)(object)customer.Key).ToLower(), like, "\\") || people.Contains(customer.Key))
            .OrderBy(customer => customer.NameEn).Take(Most).ToListAsync(cancel);
    }

    // What a person types is text, not a pattern.
    private static string Escape(string words) => words.Replace("\\", "\\\\").Replace("%", "\\%").Replace("_", "\\_");
}
