using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Decide;

/// <summary>Carries out the commands of this stage, for the API and the pages alike: gathers what a rule needs and hands it to the log.</summary>
internal sealed class Decisions(FactLog log, Evidence evidence, People people, TimeProvider clock)
{
    public async Task<Outcome<Retirement>> Propose(ProposeRetirement command, Actor by, CancellationToken cancel)
    {
        var (modules, nobody) = (await evidence.Modules(cancel), await people.Nobody(command.Owner, "owner", cancel));
        return await log.BeginBeside(RetirementId.New(), by.By, others => command.Decide(modules, others, nobody), cancel);
    }

    /// <summary>A command that needs nothing but the retirement's own facts.</summary>
    public Task<Outcome<Retirement>> Change(RetirementId id, Actor by, Func<Retirement, Decision> rule, CancellationToken cancel) => log.Change(id, by.By, rule, cancel);

    public async Task<Outcome<Retirement>> AddAlternative(RetirementId id, AddAlternative command, Actor by, CancellationToken cancel)
    {
        var modules = await evidence.Modules(cancel);
        var others = await log.Others(id, cancel);
        return await log.Change(id, by.By, retirement => command.Decide(retirement, modules, others), cancel);
    }

    public async Task<Outcome<Retirement>> ChooseReplacement(RetirementId id, ChooseReplacement command, Actor by, CancellationToken cancel)
    {
        var modules = await evidence.Modules(cancel);
        var others = await log.Others(id, cancel);
        return await log.Change(id, by.By, retirement => command.Decide(retirement, modules, others), cancel);
    }

    public async Task<Outcome<Retirement>> RecordResearch(RetirementId id, RecordResearch command, Actor by, CancellationToken cancel)
    {
        var (customers, today) = (await evidence.Customers(cancel), await evidence.Today(cancel));
        return await log.Change(id, by.By, retirement => command.Decide(retirement, customers, today), cancel);
    }

    public async Task<Outcome<Retirement>> SettleDependent(RetirementId id, SettleDependent command, Actor by, CancellationToken cancel)
    {
        var outcome = await WithGround(id, by, (retirement, ground) => command.Decide(retirement, [.. ground.Affected.Select(customer => customer.Key), .. ground.Flagged.Select(one => one.Customer)]), cancel);
        if (outcome.Refusal is null)
            await evidence.Say(outcome.Value.Module, command, by.Id, cancel);
        return outcome;
    }

    public Task<Outcome<Retirement>> SettleDependentModule(RetirementId id, SettleDependentModule command, Actor by, CancellationToken cancel) =>
        WithGround(id, by, (retirement, ground) => command.Decide(retirement, [.. ground.DependentModules(retirement.Module).Select(module => module.Key)]), cancel);

    public async Task<Outcome<Retirement>> Submit(RetirementId id, Actor by, CancellationToken cancel)
    {
        if (await log.Find(id, cancel) is not { } found)
            return NotFound(id);
        var ground = await evidence.Ground(found, cancel);
        var now = await evidence.Now(found, ground, cancel);
        return await log.Change(id, by.By, retirement => new SubmitDecision().Decide(retirement, ground, now), cancel);
    }

    public Task<Outcome<Retirement>> Approve(RetirementId id, ApproveDecision command, Actor by, CancellationToken cancel) =>
        WithGround(id, by, (retirement, ground) => command.Decide(retirement, ground, by), cancel);

    public Task<Outcome<Retirement>> Reject(RetirementId id, RejectRetirement command, Actor by, CancellationToken cancel) =>
        WithGround(id, by, (retirement, ground) => command.Decide(retirement, ground.Policy, by), cancel);

    public async Task<Outcome<Retirement>> Defer(RetirementId id, DeferRetirement command, Actor by, CancellationToken cancel)
    {
        var today = await evidence.Today(cancel);
        return await log.Change(id, by.By, retirement => command.Decide(retirement, today), cancel);
    }

    public Task<Outcome<Retirement>> Cancel(RetirementId id, CancelRetirement command, Actor by, CancellationToken cancel) =>
        log.Change(id, by.By, (retirement, entries) => command.Decide(retirement, entries, clock.GetUtcNow()), cancel);

    public Task<Outcome<Retirement>> Schedule(RetirementId id, ScheduleRetirement command, Actor by, CancellationToken cancel) => WithDates(id, by, command.Decide, cancel);

    public async Task<Outcome<Retirement>> RequestOverride(RetirementId id, CustomerKey customer, RequestOverride command, Actor by, CancellationToken cancel)
    {
        var today = await evidence.Today(cancel);
        return await log.Change(id, customer, by.By, (retirement, entry) => command.Decide(retirement, entry, today), cancel);
    }

    public async Task<Outcome<Retirement>> ApproveOverride(RetirementId id, CustomerKey customer, ApproveOverride command, Actor by, CancellationToken cancel)
    {
        var today = await evidence.Today(cancel);
        return await log.Change(id, customer, by.By, (retirement, entry) => command.Decide(retirement, entry, by.Id, today), cancel);
    }

    public Task<Outcome<Retirement>> DeclineOverride(RetirementId id, CustomerKey customer, DeclineOverride command, Actor by, CancellationToken cancel) =>
        log.Change(id, customer, by.By, (_, entry) => command.Decide(entry), cancel);

    public Task<Outcome<Retirement>> SetWave(RetirementId id, CustomerKey customer, SetWave command, Actor by, CancellationToken cancel) =>
        MoveCustomers(id, new MoveCustomers(command.Wave, [customer]), by, cancel);

    public Task<Outcome<Retirement>> MoveCustomers(RetirementId id, MoveCustomers command, Actor by, CancellationToken cancel) => WithDates(id, by, command.Decide, cancel);

    public Task<Outcome<Retirement>> PlanWave(RetirementId id, PlanWave command, Actor by, CancellationToken cancel) => WithDates(id, by, command.Decide, cancel);

    public Task<Outcome<Retirement>> RemoveWave(RetirementId id, RemoveWave command, Actor by, CancellationToken cancel) => WithDates(id, by, command.Decide, cancel);

    private async Task<Outcome<Retirement>> WithDates(RetirementId id, Actor by, Func<Retirement, IReadOnlyList<LedgerEntry>, SchedulingGround, Decision> rule, CancellationToken cancel)
    {
        if (await log.Find(id, cancel) is not { } found)
            return NotFound(id);
        var ground = await evidence.Scheduling(found, await log.Entries(id, cancel), cancel);
        return await log.Change(id, by.By, (retirement, entries) => rule(retirement, entries, ground), cancel);
    }

    private async Task<Outcome<Retirement>> WithGround(RetirementId id, Actor by, Func<Retirement, DecisionGround, Decision> rule, CancellationToken cancel)
    {
        if (await log.Find(id, cancel) is not { } found)
            return NotFound(id);
        var ground = await evidence.Ground(found, cancel);
        return await log.Change(id, by.By, retirement => rule(retirement, ground), cancel);
    }

    private static Refusal NotFound(RetirementId id) => Refusal.NotFound("retirement", "退役", id.ToString());
}
