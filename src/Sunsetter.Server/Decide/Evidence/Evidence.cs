using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Usage;

namespace Sunsetter.Server.Decide;

/// <summary>Gathers what the rules of this stage are asked with: catalogue, other retirements, use, dependents, dates.</summary>
internal sealed class Evidence(
    IDbContextFactory<SunsetterDb> databases, FactLog log, Settings settings, Policies policies, Calendars calendars,
    UsageQuestions usage, AffectedCustomers affected, FlaggedDependents dependents, NoticeQuestions questions, TimeProvider clock)
{
    public async Task<DecisionGround> Ground(Retirement retirement, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        return new DecisionGround(
            await policies.Read(cancel), await Modules(cancel), [.. (await log.All(cancel)).Where(other => other.Id != retirement.Id)],
            await dependents.Of(retirement.Module, now, cancel), await affected.Of(retirement, now, cancel));
    }

    public async Task<SchedulingGround> Scheduling(Retirement retirement, IReadOnlyList<LedgerEntry> entries, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        return new SchedulingGround(
            await policies.Read(cancel), await calendars.ClosingDays(cancel), (await settings.Get<Workspace>(cancel)).Zone,
            await questions.Of(retirement, [.. entries.Select(entry => entry.Customer)], now, cancel), now)
        {
            ShareNoticeDays = (await settings.Get<ClosingRules>(cancel)).BrownoutNoticeDays,
        };
    }

    /// <summary>The dates that a policy would give, were notices to go out on <paramref name="tellingOn"/>.</summary>
    /// <param name="policy">The policy to try; null for the one in force.</param>
    public async Task<Outlook> Outlook(Retirement retirement, IReadOnlyList<AffectedCustomer> customers, DateOnly tellingOn, NoticePolicy? policy, CancellationToken cancel)
    {
        var asked = await questions.Of(retirement, [.. customers.Select(customer => customer.Key)], clock.GetUtcNow(), cancel);
        return Decide.Outlook.Of(customers.Select(customer => (customer.Key, customer.Opening)), asked, policy ?? await policies.Read(cancel),
            await calendars.ClosingDays(cancel), (await settings.Get<Workspace>(cancel)).Zone, tellingOn);
    }

    /// <summary>The evidence as it is now, to be kept with a submission.</summary>
    public async Task<DecisionEvidence> Now(Retirement retirement, DecisionGround ground, CancellationToken cancel)
    {
        // The day that runs is not over: its figures would look like a fall.
        var yesterday = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime).AddDays(-1);
        var activity = await usage.Activity(retirement.Module, yesterday, 2 * UsageQuestions.Month, cancel);
        var reported = activity.Coverage.Sources.Count > 0;
        var outlook = await Outlook(retirement, ground.Affected, Today(await settings.Get<Workspace>(cancel)), null, cancel);
        return new DecisionEvidence(
            yesterday, reported ? activity.Day : null, reported ? activity.Week : null, reported ? activity.Month : null, activity.Trend, activity.Coverage.Sentence,
            ground.Affected.Count,
            ground.Affected.Where(customer => customer.Value > 0).GroupBy(customer => customer.Currency).ToImmutableSortedDictionary(same => same.Key, same => same.Sum(customer => customer.Value)),
            outlook.Possible,
            outlook.BoundBy is { } bound ? new Text($"{bound.Name.En}: {bound.Earliest.Rule.En}", $"{bound.Name.Zh}：{bound.Earliest.Rule.Zh}") : null)
        {
            Flagged = [.. ground.Flagged],
        };
    }

    public async Task<IReadOnlyList<Module>> Modules(CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Set<Module>().AsNoTracking().OrderBy(module => module.Key).ToListAsync(cancel);
    }

    public async Task<IReadOnlySet<CustomerKey>> Customers(CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Set<Customer>().AsNoTracking().Select(customer => customer.Key).ToHashSetAsync(cancel);
    }

    public DateOnly Today(Workspace workspace) => Days.DayOf(clock.GetUtcNow(), Days.Zone(workspace.Zone));

    public async Task<DateOnly> Today(CancellationToken cancel) => Today(await settings.Get<Workspace>(cancel));
}
