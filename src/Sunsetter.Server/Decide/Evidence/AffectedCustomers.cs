using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Usage;

namespace Sunsetter.Server.Decide;

/// <summary>
/// Whom a retirement affects: customers who used the module in the last 400 days (a year and a month, so that yearly use is seen), and customers
/// whose plan the retirement names as entitled. A customer whom the catalogue does not know but who uses the module is affected all the same.
/// </summary>
internal sealed class AffectedCustomers(IDbContextFactory<SunsetterDb> databases, UsageQuestions usage)
{
    public const int LooksBack = 400;

    public async Task<IReadOnlyList<AffectedCustomer>> Of(Retirement retirement, DateTimeOffset now, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var known = await db.Set<Customer>().AsNoTracking().ToDictionaryAsync(customer => customer.Key, cancel);
        var users = await usage.LastUses(retirement.Module, DateOnly.FromDateTime(now.UtcDateTime), LooksBack, cancel);
        return Of(retirement, users.OrderBy(use => use.Key.Value, StringComparer.Ordinal), known);
    }

    /// <summary>The same by what pages see.</summary>
    public static IReadOnlyList<AffectedCustomer> Of(Retirement retirement, Seen seen) => Of(retirement, seen.Use.LastUses(retirement.Module, LooksBack), seen.Customers);

    private static IReadOnlyList<AffectedCustomer> Of(Retirement retirement, IEnumerable<KeyValuePair<CustomerKey, DateOnly>> users, IReadOnlyDictionary<CustomerKey, Customer> known)
    {
        var affected = users.Select(use => Of(use.Key, known.GetValueOrDefault(use.Key), use.Value)).ToList();
        var tiers = retirement.Deciding.EntitledTiers;
        if (tiers.IsEmpty)
            return affected;
        var already = affected.Select(customer => customer.Key).ToHashSet();
        affected.AddRange(known.Values.Where(customer => tiers.Contains(customer.Tier, StringComparer.OrdinalIgnoreCase) && !already.Contains(customer.Key)).Select(customer => Of(customer.Key, customer, null)));
        return [.. affected.OrderBy(customer => customer.Key.Value, StringComparer.Ordinal)];
    }

    private static AffectedCustomer Of(CustomerKey key, Customer? customer, DateOnly? lastUse) => customer is null
        ? new(key, new EntryOpened(Text.Same(key.Value), UsageQuestions.UnknownTier, CustomerClass.Standard, null, "UTC", "en"), lastUse, null, 0, "", null, "")
        : new(key, new EntryOpened(customer.Name, customer.Tier, customer.Class, customer.AccountManager, customer.TimeZone, customer.Locale) { Country = customer.Country },
            lastUse, lastUse is null ? customer.Tier : null, customer.AnnualValue, customer.Currency, customer.ContractNoticeDays, customer.Country);
}
