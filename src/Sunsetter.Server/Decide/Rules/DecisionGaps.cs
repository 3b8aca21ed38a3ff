using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Usage;

namespace Sunsetter.Server.Decide;

/// <summary>What still keeps a decision from being possible.</summary>
/// <param name="Part">The part of the Decide page where it is mended.</param>
internal sealed record DecisionGap(string Code, Text Sentence, string Part)
{
    public Refusal Refusal => new(Code, Sentence);
}

/// <summary>The questions that must be answered before anybody decides. All of them are asked each time.</summary>
internal static class DecisionGaps
{
    public static IReadOnlyList<DecisionGap> Of(Retirement retirement, DecisionGround ground) =>
        [.. Replacement(retirement, ground), .. Cost(retirement), .. Alternatives(retirement), .. Voices(retirement), .. Research(retirement, ground), .. Dependents(retirement, ground), .. Use(retirement, ground)];

    private static IEnumerable<DecisionGap> Replacement(Retirement retirement, DecisionGround ground)
    {
        if (retirement.Replacement is { } replacement && ProposeRetirement.Unfit(retirement.Module, replacement, ground.Modules, ground.Others) is { } unfit)
            yield return new(unfit.Code, unfit.Sentence, "alternatives");
    }

    private static IEnumerable<DecisionGap> Cost(Retirement retirement)
    {
        if (retirement.Deciding.Cost.Length == 0)
            yield return new("cost.missing", new("State what the module costs: servers, people and bug fixing, month by month.", "请填写模块成本：按月列出服务器、人力与缺陷修复。"), "cost");
    }

    private static IEnumerable<DecisionGap> Alternatives(Retirement retirement)
    {
        var deciding = retirement.Deciding;
        if (retirement.Replacement is null && deciding.Instead is null)
            yield return new("alternatives.none", new("Nothing takes its place: explain what customers do instead.", "没有替代模块：请说明客户可以怎么做。"), "alternatives");
        if (retirement.Replacement is not null && deciding.Capabilities.Length == 0)
            yield return new("capabilities.none", new("List what the module can do, so that each replacement can be compared.", "请列出模块能力，以便逐项比较替代模块。"), "alternatives");
        if (deciding.Unanswered.Count() is > 0 and var open)
        {
            var all = deciding.Alternatives.Length * deciding.Capabilities.Length;
            yield return new("alternatives.unanswered", new($"Of {all} lines of the comparison, {open} not answered. Nobody can decide before it is known what customers lose.", $"比较表 {all} 项中有 {open} 项未填写。在了解客户会失去什么之前无法决策。"), "alternatives");
        }
    }

    private static IEnumerable<DecisionGap> Voices(Retirement retirement)
    {
        foreach (var (role, en, zh) in new[] { (Role.Operations, "operations", "运维"), (Role.Support, "support", "客服支持") })
            if (retirement.Deciding.Voices.All(voice => voice.From != role))
                yield return new($"voice.{en}-missing", new($"Nobody from {en} has spoken yet.", $"{zh}尚未发表意见。"), "voices");
    }

    private static IEnumerable<DecisionGap> Research(Retirement retirement, DecisionGround ground)
    {
        if (ground.Affected.Count > 0 && retirement.Deciding.Research.Length == 0)
            yield return new("research.missing", new("No affected customer has been asked yet. Talk to one and record it.", "尚未征询任何受影响客户。请至少沟通一位并记录。"), "voices");
    }

    // "Nobody" and "nobody was flagged" are answers only where the days are known.
    private static IEnumerable<DecisionGap> Use(Retirement retirement, DecisionGround ground)
    {
        if (!ground.Use.Sufficient && retirement.Deciding.UnknownUse is null)
            yield return new("usage.unknown", new(
                $"Too little is known of the last {UsageQuestions.Foresight} days to say who depends on it. {ground.Use.Sentence.En} Have its use reported, or say why it may be decided all the same.",
                $"最近 {UsageQuestions.Foresight} 天的使用情况掌握不足，无法判断谁依赖它。{ground.Use.Sentence.Zh}请接入使用上报，或说明为何仍可决策。"), "dependents");
    }

    private static IEnumerable<DecisionGap> Dependents(Retirement retirement, DecisionGround ground)
    {
        var open = ground.Flagged.Where(flagged => flagged.Word is null && !retirement.Deciding.Dependents.ContainsKey(flagged.Customer.Value)).ToList();
        if (open.Count > 0)
            yield return new("dependents.unsettled", new(
                $"Flagged customers neither confirmed nor dismissed, {open.Count}: {string.Join(", ", open.Take(3).Select(one => one.Name.En))}{(open.Count > 3 ? " …" : "")}.",
                $"有 {open.Count} 个被标记的客户尚未确认或排除：{string.Join("、", open.Take(3).Select(one => one.Name.Zh))}{(open.Count > 3 ? "……" : "")}。"), "dependents");
        var modules = ground.DependentModules(retirement.Module).Where(module => !retirement.Deciding.DependentModules.ContainsKey(module.Key.Value)).ToList();
        if (modules.Count > 0)
            yield return new("dependents.modules", new(
                $"Modules that stay depend on it: {string.Join(", ", modules.Select(module => module.Name.En))}. Say how each is taken care of.",
                $"以下保留的模块依赖它：{string.Join("、", modules.Select(module => module.Name.Zh))}。请说明各自的安排。"), "dependents");
    }
}
