using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Observe;

/// <summary>Ends the observation, and with it the retirement (O2).</summary>
internal sealed record FinishRetirement(string Learnt, string Thanks)
{
    public Decision Decide(Retirement retirement, IReadOnlyList<ExitRule.Line> exit)
    {
        if (retirement.Stage != Stage.Observe)
            return new Refusal("observe.not-observing", "Only a retirement under observation can be finished.", "只有处于观察期的退役才能结束。");
        if (exit.FirstOrDefault(line => !line.Holds) is { } missing)
            return new Refusal($"observe.{missing.Code}", $"The window cannot end yet. {missing.Sentence.En}", $"观察期尚不能结束。{missing.Sentence.Zh}");
        if (string.IsNullOrWhiteSpace(Learnt) || string.IsNullOrWhiteSpace(Thanks))
            return new Refusal("observe.no-words", "Say what was learnt, and thank the people who built the module.", "请写下经验教训，并感谢打造此模块的同事。");
        if (Learnt.Length > 10_000 || Thanks.Length > 10_000)
            return new Refusal("observe.too-long", "Keep each text under 10,000 characters.", "每段文字请控制在 10,000 字符以内。");
        return new RetirementFinished(Learnt.Trim(), Thanks.Trim());
    }
}

/// <summary>Carries it out, for the API and the page alike: looks at the sources first, then asks the rule, for what usage says is not part of the log.</summary>
internal sealed class Finishing(FactLog log, Watch watch, TimeProvider clock)
{
    public async Task<Outcome<Retirement>> Finish(RetirementId id, FinishRetirement command, string by, CancellationToken cancel)
    {
        if (await log.Find(id, cancel) is not { } retirement)
            return Refusal.NotFound("retirement", "退役", id.ToString());
        var seen = await watch.Look(retirement, await log.Entries(id, cancel), clock.GetUtcNow(), cancel);
        return await log.Change(id, by, state => command.Decide(state, seen.Exit), cancel);
    }
}
