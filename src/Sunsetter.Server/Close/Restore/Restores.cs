using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Close;

/// <summary>Carries out an emergency restore, for the API and the page alike: gathers what the rule needs, and nothing else.</summary>
internal sealed class Restores(FactLog log, Settings settings, Calendars calendars, TimeProvider clock)
{
    /// <summary>The entries are read only where the plan alone does not show that somebody is shut.</summary>
    public async Task<Outcome<Retirement>> ForAll(RetirementId id, RestoreModule command, string by, CancellationToken cancel)
    {
        var (rules, rehearsals, now) = (await settings.Get<ClosingRules>(cancel), await calendars.Rehearsals(cancel), clock.GetUtcNow());
        var entries = await log.Find(id, cancel) is { } found && !RestoreModule.IsShutByPlan(found, now) ? await log.Entries(id, cancel) : [];
        return await log.Change(id, by, state => command.ForAll(state, entries, rules, rehearsals, now), cancel);
    }

    public async Task<Outcome<Retirement>> ForOne(RetirementId id, CustomerKey customer, RestoreModule command, string by, CancellationToken cancel)
    {
        var (rules, rehearsals, now) = (await settings.Get<ClosingRules>(cancel), await calendars.Rehearsals(cancel), clock.GetUtcNow());
        return await log.Change(id, customer, by, (state, entry) => command.ForOne(state, entry, rules, rehearsals, now), cancel);
    }
}
