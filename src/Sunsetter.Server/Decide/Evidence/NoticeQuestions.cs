using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Usage;

namespace Sunsetter.Server.Decide;

/// <summary>Gathers what the notice policy is asked about each affected customer: catalogue, contract, use of the last 90 days, quality of the alternative.</summary>
internal sealed class NoticeQuestions(IDbContextFactory<SunsetterDb> databases, UsageQuestions usage, Policies policies)
{
    private const int Days = 90;

    public async Task<IReadOnlyDictionary<CustomerKey, NoticeQuestion>> Of(Retirement retirement, IReadOnlyCollection<CustomerKey> customers, DateTimeOffset now, CancellationToken cancel)
    {
        var policy = await policies.Read(cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var known = await db.Set<Customer>().AsNoTracking().ToDictionaryAsync(customer => customer.Key, cancel);
        var module = await db.Set<Module>().AsNoTracking().FirstOrDefaultAsync(module => module.Key == retirement.Module, cancel);
        var until = DateOnly.FromDateTime(now.UtcDateTime);
        var sufficient = (await usage.Coverage(retirement.Module, until.AddDays(1 - Days), until, cancel)).Sufficient;
        var users = sufficient ? (await usage.Overlaps(retirement.Module, retirement.Module, until, Days, cancel)).ToDictionary(one => one.Customer, one => one.Old) : [];
        var active = sufficient ? await usage.ActiveUsers(until, Days, cancel) : new Dictionary<CustomerKey, long>();
        return Of(retirement, customers, known, module, policy,
            key => !sufficient ? UseLevel.Unknown : policy.Little.LevelOf(users.GetValueOrDefault(key), active.TryGetValue(key, out var all) ? all : null));
    }

    /// <summary>The same by what a page sees, for the policy in force or one that is tried.</summary>
    public static IReadOnlyDictionary<CustomerKey, NoticeQuestion> Of(Retirement retirement, IReadOnlyCollection<CustomerKey> customers, Seen seen, NoticePolicy policy)
    {
        var sufficient = seen.Use.Reports.Coverage(retirement.Module, seen.Use.Today.AddDays(1 - Days), seen.Use.Today).Sufficient;
        var figures = seen.Use.Of(retirement.Module);
        return Of(retirement, customers, seen.Customers, seen.Modules.FirstOrDefault(module => module.Key == retirement.Module), policy,
            key => !sufficient ? UseLevel.Unknown : policy.Little.LevelOf(figures.Of(key)?.UsersOf90 ?? 0, seen.Use.Of(key)?.ActiveOf90));
    }

    private static Dictionary<CustomerKey, NoticeQuestion> Of(
        Retirement retirement, IReadOnlyCollection<CustomerKey> customers, IReadOnlyDictionary<CustomerKey, Customer> known, Module? module, NoticePolicy policy, Func<CustomerKey, UseLevel> levels)
    {
        var moduleClass = module?.Class ?? ModuleClass.EnterpriseCritical;
        var proven = retirement.Deciding.Proven(retirement.Replacement);
        var major = retirement.Deciding.DeclaredMajor is not null || policy.Major.Holds(moduleClass, customers.Count, known.Count);
        var vital = retirement.Deciding.Dependents.Where(one => one.Value.Confirmed).Select(one => new CustomerKey(one.Key)).ToHashSet();
        // Thousands of customers ask few different questions: those who ask the same share it.
        var asked = new Dictionary<(CustomerClass, string, int?, UseLevel), NoticeQuestion>();
        return customers.ToDictionary(key => key, key =>
        {
            var customer = known.GetValueOrDefault(key);
            var about = (Class: customer?.Class ?? CustomerClass.Standard, Tier: customer?.Tier ?? UsageQuestions.UnknownTier, Days: customer?.ContractNoticeDays, Use: vital.Contains(key) ? UseLevel.Vital : levels(key));
            return asked.TryGetValue(about, out var question) ? question : asked[about] = new NoticeQuestion(moduleClass, about.Class, about.Tier, about.Days, about.Use, proven, major);
        });
    }
}
