using System.Collections.Immutable;
using Sunsetter.Server.Decide;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Demo;

/// <summary>Tells the decide stage of a story with the commands people use: evidence, voices, approvals, dates.</summary>
internal sealed class DemoDecisions(DemoPast past, DemoWorld world)
{
    private const string Proposer = DemoPeople.Lin;

    private static readonly (Role Role, string Email, string Note)[] Approvers =
    [
        (Role.Engineering, DemoPeople.WangJun, "The replacement carries the load. / 替代模块能够承载负荷。"),
        (Role.Support, DemoPeople.Support, "Talk tracks are in work. / 客服口径正在编写。"),
        (Role.Compliance, DemoPeople.Compliance, "Export before deletion, 180 days. / 删除前先导出，保留 180 天。"),
        (Role.Product, DemoPeople.SecondProduct, "Agreed. / 同意。"),
    ];

    private readonly Decisions decisions = past.Get<Decisions>();

    /// <summary>Proposes and gathers; the retirement stands before its approvers where there is nothing left to answer.</summary>
    public async Task<Outcome<Retirement>> Propose(DemoStory story, CancellationToken cancel)
    {
        past.At(world.Today.AddDays(-story.Proposed), 9);
        var replacement = story.Replacement is { } key ? new ModuleKey(key) : (ModuleKey?)null;
        var proposed = await decisions.Propose(new ProposeRetirement(new ModuleKey(story.Module), replacement, default, DemoPeople.WangJun, [.. story.Reasons]), past.As(Proposer), cancel);
        if (proposed.Refusal is not null)
            return proposed;
        var id = proposed.Value.Id;
        foreach (var rule in Evidence(story, proposed.Value))
            if ((await decisions.Change(id, past.As(Proposer), rule, cancel)).Refused(out var refusal))
                return refusal;

        past.At(world.Today.AddDays(-story.Proposed + 2), 14);
        await Speak(id, Role.Operations, DemoPeople.Operations, story.Operations, cancel);
        await Speak(id, Role.Support, DemoPeople.Support, story.Support, cancel);
        var talk = new RecordResearch(new CustomerKey(story.Research.Customer), DateOnly.FromDateTime(past.Now.UtcDateTime), story.Research.With, story.Research.Finding);
        return await decisions.RecordResearch(id, talk, past.As(DemoPeople.Yue), cancel) is var researched && researched.Refusal is not null ? researched : await Settle(id, cancel);
    }

    /// <summary>Submits, and approves for so many of the four roles.</summary>
    public async Task<Outcome<Retirement>> Approve(RetirementId id, DemoStory story, int roles, CancellationToken cancel)
    {
        past.At(world.Today.AddDays(-story.Approved - 2), 11);
        // Use may have named somebody else since.
        var outcome = await Settle(id, cancel);
        if (outcome.Refusal is null)
            outcome = await decisions.Submit(id, past.As(Proposer), cancel);
        for (var at = 0; at < roles && outcome.Refusal is null; at++)
        {
            past.At(world.Today.AddDays(-story.Approved), 10 + at);
            outcome = await decisions.Approve(id, new ApproveDecision(Approvers[at].Role, Approvers[at].Note, outcome.Value.Deciding.Submission!.At), past.As(Approvers[at].Email), cancel);
        }
        return outcome;
    }

    /// <summary>Sets the first lawful closing day from the wished one on; notices go out two days later.</summary>
    public async Task<Outcome<Retirement>> Schedule(RetirementId id, DemoStory story, CancellationToken cancel)
    {
        past.At(world.Today.AddDays(-story.Approved + 1), 15);
        var telling = DemoHolidays.WorkingFrom(world.Today.AddDays(-story.Approved + 3));
        // A year that nobody has published yet has holidays too.
        var wished = DemoHolidays.WorkingFrom(world.Today.AddDays(story.Closes));
        for (var tries = 0; ; tries++)
        {
            var command = new ScheduleRetirement(wished, new TimeOnly(10, 0), wished.AddDays(-30) > telling ? wished.AddDays(-30) : telling, telling, 14) { UnknownYearReason = "A working day by every draft of the calendar that is known. / 按目前已知的各版日历草案均为工作日。" };
            var outcome = await decisions.Schedule(id, command, past.As(DemoPeople.WangJun), cancel);
            if (outcome.Refusal is not { } refusal || tries == 60)
                return outcome;
            wished = DemoHolidays.WorkingFrom(wished.AddDays(refusal.Code == "notice.too-short" ? 4 : 1));
        }
    }

    public async Task<Outcome<Retirement>> Reject(RetirementId id, DemoStory story, string reason, CancellationToken cancel)
    {
        past.At(world.Today.AddDays(-story.Approved), 16);
        return await decisions.Reject(id, new RejectRetirement(reason), past.As(DemoPeople.Support), cancel);
    }

    public async Task<Outcome<Retirement>> Defer(RetirementId id, DemoStory story, string reason, CancellationToken cancel)
    {
        past.At(world.Today.AddDays(-story.Approved), 16);
        return await decisions.Defer(id, new DeferRetirement(world.Today.AddDays(90), reason), past.As(Proposer), cancel);
    }

    private IEnumerable<Func<Retirement, Decision>> Evidence(DemoStory story, Retirement retirement)
    {
        var module = world.Modules.Single(one => one.Key == story.Module);
        var first = new DateOnly(past.Now.Year, past.Now.Month, 1).AddMonths(-6);
        ImmutableArray<CostMonth> months = [.. Enumerable.Range(0, 6).Select(month => new CostMonth(first.AddMonths(month), Math.Round(module.Cost * 0.35m), Math.Round(module.Cost * 0.5m), Math.Round(module.Cost * (0.15m + 0.02m * month)), Math.Round(module.Cost * (0.9m - 0.04m * month))))];
        yield return new StateCost("CNY", months).Decide;
        if (story.Instead is { } instead)
            yield return new ExplainInstead(instead).Decide;
        if (retirement.Replacement is not { } replacement)
            yield break;
        foreach (var capability in retirement.Deciding.Capabilities)
        {
            var (coverage, note) = story.Worse.TryGetValue(capability, out var worse) ? worse : (CapabilityCoverage.Covered, "");
            yield return new CompareCapability(replacement, capability, coverage, coverage == CapabilityCoverage.Missing, note).Decide;
        }
    }

    private Task<Outcome<Retirement>> Speak(RetirementId id, Role role, string email, (Leaning Leaning, string Words) voice, CancellationToken cancel) =>
        decisions.Change(id, past.As(email), retirement => new GiveVoice(role, voice.Leaning, voice.Words).Decide(retirement, past.As(email).Roles), cancel);

    // Every customer that the detector names is asked about, every module that needs this one is taken care of.
    private async Task<Outcome<Retirement>> Settle(RetirementId id, CancellationToken cancel)
    {
        var evidence = past.Get<Evidence>();
        var found = (await past.Get<FactLog>().Find(id, cancel))!;
        Outcome<Retirement> outcome = found;
        var ground = await evidence.Ground(found, cancel);
        foreach (var flagged in ground.Flagged.Where(flagged => !found.Deciding.Dependents.ContainsKey(flagged.Customer.Value)))
        {
            var planted = world.Customers.Any(customer => customer.Key == flagged.Customer.Value && customer.Story is not null);
            var command = new SettleDependent(flagged.Customer, planted, planted ? "Asked: they need it, and get a date of their own. / 已询问：他们需要它，将另定日期。" : "Asked their account manager: they can do without. / 已询问其客户经理：可以不用。");
            outcome = await decisions.SettleDependent(id, command, past.As(DemoPeople.Yue), cancel);
            if (outcome.Refusal is not null)
                return outcome;
        }
        if (!ground.Use.Sufficient && found.Deciding.UnknownUse is null)
            outcome = await decisions.Change(id, past.As(Proposer), new AcceptUnknownUse("Reports began less than 400 days ago. Who comes once a year was asked by their account manager. / 上报开始不足 400 天。每年只用一次的客户已由客户经理逐一询问。").Decide, cancel);
        foreach (var module in ground.DependentModules(found.Module).Where(module => !found.Deciding.DependentModules.ContainsKey(module.Key.Value)))
            outcome = await decisions.SettleDependentModule(id, new SettleDependentModule(module.Key, "It is changed to use the replacement two sprints before closing. / 下线前两个迭代改为使用替代模块。"), past.As(DemoPeople.WangJun), cancel);
        return outcome;
    }
}
