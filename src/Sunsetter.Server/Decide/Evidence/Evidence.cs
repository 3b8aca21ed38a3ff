using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Usage;

namespace Sunsetter.Server.Decide;

/// <summary>Gathers what the rules of this stage are asked with: catalogue, other retirements, use, dependents, dates. Pages ask with what is <see cref="Seen"/>.</summary>
internal sealed class Evidence(
    IDbContextFactory<SunsetterDb> databases, FactLog log, Settings settings, Policies policies, Calendars calendars,
    UsageQuestions usage, KeptFigures figures, KeptCatalogue catalogue, AffectedCustomers affected, FlaggedDependents dependents, NoticeQuestions questions, TimeProvider clock)
{
    public async Task<DecisionGround> Ground(Retirement retirement, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        return new DecisionGround(
            await policies.Read(cancel), await Modules(cancel), await log.Others(retirement.Id, cancel),
            await dependents.Of(retirement.Module, now, cancel), await affected.Of(retirement, now, cancel),
            await Foreseen(retirement.Module, DateOnly.FromDateTime(now.UtcDateTime), cancel));
    }

    /// <summary>What pages look at.</summary>
    public async Task<Seen> See(CancellationToken cancel) => await See(await figures.Read(cancel), cancel);

    /// <summary>The same with all that has been written; for work behind the pages.</summary>
    public async Task<Seen> SeeAll(CancellationToken cancel) => await See(await figures.ReadAll(cancel), cancel);

    private async Task<Seen> See(UseFigures use, CancellationToken cancel) => new(use, await catalogue.Customers(cancel), await catalogue.Modules(cancel));

    public async Task<DecisionGround> Ground(Retirement retirement, Seen seen, CancellationToken cancel) => new(
        await policies.Read(cancel), seen.Modules, await log.Others(retirement.Id, cancel),
        await dependents.Of(retirement.Module, seen, cancel), AffectedCustomers.Of(retirement, seen),
        seen.Use.Reports.Coverage(retirement.Module, seen.Use.Today.AddDays(1 - UsageQuestions.Foresight), seen.Use.Today));

    private Task<Coverage> Foreseen(ModuleKey module, DateOnly today, CancellationToken cancel) => usage.Coverage(module, today.AddDays(1 - UsageQuestions.Foresight), today, cancel);

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

    /// <summary>The same by what is seen.</summary>
    public async Task<SchedulingGround> Scheduling(Retirement retirement, IReadOnlyList<LedgerEntry> entries, Seen seen, CancellationToken cancel)
    {
        var policy = await policies.Read(cancel);
        return new SchedulingGround(policy, await calendars.ClosingDays(cancel), (await settings.Get<Workspace>(cancel)).Zone,
            NoticeQuestions.Of(retirement, [.. entries.Select(entry => entry.Customer)], seen, policy), clock.GetUtcNow());
    }

    /// <summary>The dates that the policy would give, were notices to go out on <paramref name="tellingOn"/>.</summary>
    public async Task<Outlook> Outlook(Retirement retirement, IReadOnlyList<AffectedCustomer> customers, DateOnly tellingOn, Seen seen, CancellationToken cancel)
    {
        var policy = await policies.Read(cancel);
        return await Outlook(customers, NoticeQuestions.Of(retirement, [.. customers.Select(customer => customer.Key)], seen, policy), tellingOn, policy, cancel);
    }

    private async Task<Outlook> Outlook(IReadOnlyList<AffectedCustomer> customers, IReadOnlyDictionary<CustomerKey, NoticeQuestion> asked, DateOnly tellingOn, NoticePolicy policy, CancellationToken cancel) =>
        Decide.Outlook.Of(customers.Select(customer => (customer.Key, customer.Opening)), asked, policy, await calendars.ClosingDays(cancel), (await settings.Get<Workspace>(cancel)).Zone, tellingOn);

    /// <summary>The evidence as it is now, to be kept with a submission.</summary>
    public async Task<DecisionEvidence> Now(Retirement retirement, DecisionGround ground, CancellationToken cancel)
    {
        // The day that runs is not over: its figures would look like a fall.
        var yesterday = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime).AddDays(-1);
        var activity = await usage.Activity(retirement.Module, yesterday, 2 * UsageQuestions.Month, cancel);
        var reported = activity.Coverage.Sources.Count > 0;
        var asked = await questions.Of(retirement, [.. ground.Affected.Select(customer => customer.Key)], clock.GetUtcNow(), cancel);
        var outlook = await Outlook(ground.Affected, asked, await Today(cancel), await policies.Read(cancel), cancel);
        return new DecisionEvidence(
            yesterday, reported ? activity.Day : null, reported ? activity.Week : null, reported ? activity.Month : null, activity.Trend, activity.Coverage.Sentence,
            ground.Affected.Count,
            ground.Affected.Where(customer => customer.Value > 0).GroupBy(customer => customer.Currency).ToImmutableSortedDictionary(same => same.Key, same => same.Sum(customer => customer.Value)),
            outlook.Possible,
            outlook.BoundBy is { } bound ? new Text($"{bound.Name.En} ({bound.Earliest.Rule.En})", $"{bound.Name.Zh}（{bound.Earliest.Rule.Zh}）") : null)
        {
            Flagged = [.. ground.Flagged],
        };
    }

    public Task Say(ModuleKey module, SettleDependent word, string by, CancellationToken cancel) => dependents.Say(module, word, clock.GetUtcNow(), by, cancel);

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

    public Task<ClosingDays> ClosingDays(CancellationToken cancel) => calendars.ClosingDays(cancel);

    public DateOnly Today(Workspace workspace) => Days.DayOf(clock.GetUtcNow(), Days.Zone(workspace.Zone));

    public async Task<DateOnly> Today(CancellationToken cancel) => Today(await settings.Get<Workspace>(cancel));
}
