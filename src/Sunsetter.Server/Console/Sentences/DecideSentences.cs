using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using static Sunsetter.Server.Console.FactSentence;

namespace Sunsetter.Server.Console;

/// <summary>The facts of the decide stage, in sentences.</summary>
internal static class DecideSentences
{
    public static Text? Of(Fact fact, Naming naming) => fact switch
    {
        ReasonsRestated it => new($"The reasons were put into new words: {it.Reasons.Length}.", $"退役原因已重新表述：{it.Reasons.Length} 项。"),
        CostStated it => new($"Cost and revenue were stated for {Text.Many(it.Months.Length, "month")} in {it.Currency}.", $"填报了 {it.Months.Length} 个月的成本与收入（{it.Currency}）。"),
        CapabilitiesListed it => new($"What the module can do: {string.Join(", ", it.Capabilities)}.", $"模块能力：{string.Join("、", it.Capabilities)}。"),
        AlternativeAdded it => new($"{naming.Module(it.Replacement).En} is compared as an alternative.", $"将{naming.Module(it.Replacement).Zh}列为备选替代。"),
        ReplacementChosen it => it.Replacement is { } chosen
            ? new($"{naming.Module(chosen).En} is to take its place: {it.Reason}", $"改由{naming.Module(chosen).Zh}接替：{it.Reason}")
            : new($"Nothing is to take its place: {it.Reason}", $"改为没有替代模块：{it.Reason}"),
        AlternativeDropped it => new($"{naming.Module(it.Replacement).En} is no longer an alternative: {it.Reason}", $"{naming.Module(it.Replacement).Zh}不再作为替代：{it.Reason}"),
        CapabilityCompared it => new(
            $"“{it.Capability}” in {naming.Module(it.Replacement).En}: {Coverage(it.Coverage).En}{(it.NoticeablyWorse ? ", noticeably worse" : "")}. {it.Note}".TrimEnd(),
            $"{naming.Module(it.Replacement).Zh}的“{it.Capability}”：{Coverage(it.Coverage).Zh}{(it.NoticeablyWorse ? "，体验明显变差" : "")}。{it.Note}"),
        InsteadExplained it => new($"Nothing takes its place. Instead: {it.Instead.En}", $"没有替代模块。建议做法：{it.Instead.Zh}"),
        VoiceHeard it => new($"A voice from the front line, {Leaning(it.Leaning).En}: {it.Words}", $"一线意见（{Leaning(it.Leaning).Zh}）：{it.Words}"),
        ResearchHeld it => new($"Talked with {it.With} of {naming.Customer(it.Customer).En} on {Day(it.On).En}: {it.Finding}", $"{Day(it.On).Zh}与{naming.Customer(it.Customer).Zh}的 {it.With} 沟通：{it.Finding}"),
        DependentSettled it => it.Confirmed
            ? new($"{naming.Customer(it.Customer).En} does depend on it: {it.Reason}", $"确认{naming.Customer(it.Customer).Zh}依赖此模块：{it.Reason}")
            : new($"{naming.Customer(it.Customer).En} does not depend on it after all: {it.Reason}", $"经核实{naming.Customer(it.Customer).Zh}并不依赖此模块：{it.Reason}"),
        DependentModuleSettled it => new($"{naming.Module(it.Module).En} depends on it and is taken care of: {it.How}", $"{naming.Module(it.Module).Zh}依赖此模块，已有安排：{it.How}"),
        TiersEntitled it => it.Tiers.Length == 0
            ? new("Only customers with use of the module count as affected.", "仅将使用过该模块的客户视为受影响。")
            : new($"Customers of these plans count as affected even without use: {string.Join(", ", it.Tiers)}.", $"下列套餐的客户即使未使用也视为受影响：{string.Join("、", it.Tiers.Select(tier => Words.TierOf(tier).Zh))}。"),
        UnknownUseAccepted it => new($"Too little is known of its use; it may be decided all the same: {it.Reason}", $"使用情况掌握不足，仍可决策：{it.Reason}"),
        MajorDeclared it => new($"It counts as a major retirement: {it.Reason}", $"列为重大退役：{it.Reason}"),
        DecisionSubmitted it => new($"The decision lies before the approvers: {Text.Many(it.Evidence.Affected, "customer")} affected.", $"决策已提交审批：影响 {it.Evidence.Affected:N0} 个客户。"),
        DecisionWithdrawn it => new($"The decision was taken back to be worked on: {it.Reason}", $"决策已撤回修改：{it.Reason}"),
        RoleApproved it => new($"Approved for {Words.TextOf(it.Role).En}. {it.Note}".TrimEnd(), $"以{Words.TextOf(it.Role).Zh}角色批准。{it.Note}"),
        TellingPlanned it => new($"Notices go out on {Day(it.Day).En}.", $"通知将于 {Day(it.Day).Zh}发出。"),
        UnknownYearAccepted it => new($"A closing day in {it.Year} was accepted though the holidays in {it.Country} are not published: {it.Reason}", $"{it.Country} {it.Year} 年节假日尚未公布，仍接受该下线日：{it.Reason}"),
        OverrideRequested it => new($"Asked to close earlier than the policy allows, on {Day(it.Day).En}: {it.Reason}", $"申请早于政策允许的日期（{Day(it.Day).Zh}）下线：{it.Reason}"),
        OverrideDeclined it => new($"The earlier day was declined: {it.Reason}", $"提前下线的申请被拒绝：{it.Reason}"),
        DateMoved it => it.Reason.Length > 0
            ? new($"The day they had been told moved from {Day(it.From).En} to {Day(it.To).En}; they must be told again: {it.Reason}", $"已告知的日期由 {Day(it.From).Zh}改为 {Day(it.To).Zh}，须重新通知：{it.Reason}")
            : new($"By the change of wave, the day they had been told moved from {Day(it.From).En} to {Day(it.To).En}; they must be told again.", $"因批次变更，已告知的日期由 {Day(it.From).Zh}改为 {Day(it.To).Zh}，须重新通知。"),
        _ => null,
    };

    private static Text Coverage(CapabilityCoverage coverage) => coverage switch
    {
        CapabilityCoverage.Covered => new("covered", "已覆盖"),
        CapabilityCoverage.Partly => new("partly covered", "部分覆盖"),
        _ => new("not covered", "未覆盖"),
    };

    private static Text Leaning(Leaning leaning) => leaning switch
    {
        Retirements.Leaning.For => new("in favour", "支持"),
        Retirements.Leaning.Concerned => new("with concerns", "有顾虑"),
        _ => new("against", "反对"),
    };
}
