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
        var module = (await db.Set<Module>().AsNoTracking().FirstOrDefaultAsync(module => module.Key == retirement.Module, cancel))?.Class ?? ModuleClass.EnterpriseCritical;
        var levels = await Levels(retirement, policy, now, cancel);
        var proven = retirement.Deciding.Proven(retirement.Replacement);
        var major = retirement.Deciding.DeclaredMajor is not null || policy.Major.Holds(module, customers.Count, known.Count);
        return customers.ToDictionary(key => key, key => new NoticeQuestion(
            module, known.GetValueOrDefault(key)?.Class ?? CustomerClass.Standard, known.GetValueOrDefault(key)?.Tier ?? UsageQuestions.UnknownTier,
            known.GetValueOrDefault(key)?.ContractNoticeDays, levels(key), proven, major));
    }

    private async Task<Func<CustomerKey, UseLevel>> Levels(Retirement retirement, NoticePolicy policy, DateTimeOffset now, CancellationToken cancel)
    {
        var until = DateOnly.FromDateTime(now.UtcDateTime);
        var sufficient = (await usage.Coverage(retirement.Module, until.AddDays(1 - Days), until, cancel)).Sufficient;
        var users = sufficient ? (await usage.Overlaps(retirement.Module, retirement.Module, until, Days, cancel)).ToDictionary(one => one.Customer, one => one.Old) : [];
        var active = sufficient ? await usage.ActiveUsers(until, Days, cancel) : new Dictionary<CustomerKey, long>();
        return key => retirement.Deciding.Dependents.TryGetValue(key.Value, out var settled) && settled.Confirmed ? UseLevel.Vital
            : !sufficient ? UseLevel.Unknown
            : policy.Little.LevelOf(users.GetValueOrDefault(key), active.TryGetValue(key, out var all) ? all : null);
    }
}
