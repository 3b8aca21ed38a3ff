using System.Collections.Immutable;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Decide;

/// <summary>The reasons of a retirement (M1): at least one, each explained in both languages, for customers will read them.</summary>
internal static class WhyItGoes
{
    public const int Most = 8;
    private const int Longest = 1500;

    public static Refusal? Wrong(ImmutableArray<Reason> reasons)
    {
        if (reasons.IsDefaultOrEmpty)
            return new Refusal("reasons.none", "State at least one reason: it stands in every notice.", "请至少说明一项原因：每份通知都会写明。") { Field = "reasons" };
        if (reasons.Length > Most)
            return new Refusal("reasons.too-many", $"At most {Most} reasons: more than that convince nobody.", $"最多 {Most} 项原因。") { Field = "reasons" };
        if (reasons.Any(reason => reason is null || !Enum.IsDefined(reason.Kind)))
            return new Refusal("reasons.kind", "A reason is of one of four kinds: technical-renewal, shifted-demand, compliance-or-security, business-strategy.", "原因须属于四类之一：technical-renewal、shifted-demand、compliance-or-security、business-strategy。") { Field = "reasons" };
        return reasons.Select(reason => Given.Missing(reason.Explanation, "reasons.explanation", Longest)).FirstOrDefault(refusal => refusal is not null);
    }

    public static ImmutableArray<Reason> Trimmed(ImmutableArray<Reason> reasons) => [.. reasons.Select(reason => reason with { Explanation = reason.Explanation.Trimmed() })];
}

/// <summary>Puts the reasons into new words, before the decision is submitted.</summary>
internal sealed record RestateReasons(ImmutableArray<Reason> Reasons)
{
    public Decision Decide(Retirement retirement) =>
        (Gathering.NotNow(retirement) ?? WhyItGoes.Wrong(Reasons)) is { } refusal ? refusal : new ReasonsRestated(WhyItGoes.Trimmed(Reasons));
}
