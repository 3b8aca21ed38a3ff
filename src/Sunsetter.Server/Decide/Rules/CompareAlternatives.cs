using System.Collections.Immutable;
using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Decide;

/// <summary>Names what the module can do: the lines to compare each alternative by (A3).</summary>
internal sealed record ListCapabilities(ImmutableArray<string> Capabilities)
{
    private const int Most = 60;
    private const int Longest = 120;

    public Decision Decide(Retirement retirement)
    {
        if (Gathering.NotNow(retirement) is { } refusal)
            return refusal;
        var names = Capabilities.IsDefault ? [] : Capabilities.Select(name => (name ?? "").Trim()).Where(name => name.Length > 0).Distinct().ToImmutableArray();
        if (names.Length is 0 or > Most || names.Any(name => name.Length > Longest))
            return new Refusal("capabilities.list", $"Name 1 to {Most} capabilities, each of at most {Longest} characters.", $"请列出 1 到 {Most} 项能力，每项不超过 {Longest} 个字符。") { Field = "capabilities" };
        return new CapabilitiesListed(names);
    }
}

/// <summary>Compares one more module that could take the place.</summary>
internal sealed record AddAlternative(ModuleKey Replacement)
{
    private const int Most = 5;

    public Decision Decide(Retirement retirement, IReadOnlyCollection<Module> modules, IReadOnlyCollection<Retirement> others) =>
        (Gathering.NotNow(retirement) ?? ProposeRetirement.Unfit(retirement.Module, Replacement, modules, others)) is { } refusal ? refusal
        : retirement.Deciding.Alternatives.Contains(Replacement) ? Decision.Nothing
        : retirement.Deciding.Alternatives.Length >= Most ? new Refusal("alternatives.too-many", $"At most {Most} alternatives are compared.", $"最多比较 {Most} 个替代模块。")
        : new AlternativeAdded(Replacement);
}

/// <summary>Another module, or nothing, is to take its place: the comparison has shown it, or the first choice is going itself. After the decision the sign-off begins anew with it.</summary>
internal sealed record ChooseReplacement(ModuleKey? Replacement, string Reason)
{
    /// <summary>What customers do where nothing takes the place; needed once they are being told, for they read it.</summary>
    public Text? Instead { get; init; }

    public Decision Decide(Retirement retirement, IReadOnlyCollection<Module> modules, IReadOnlyCollection<Retirement> others)
    {
        var decided = Gathering.MayStillChooseReplacement(retirement);
        if ((decided ? null : TooLate(retirement) ?? Gathering.NotNow(retirement)) is { } refusal)
            return refusal;
        if (Given.Missing(Reason, "reason") is { } missing)
            return missing;
        if (Replacement == retirement.Replacement)
            return Decision.Nothing;
        if (Replacement is { } chosen && ProposeRetirement.Unfit(retirement.Module, chosen, modules, others) is { } unfit)
            return unfit;
        return decided ? Anew(retirement) : new ReplacementChosen(Replacement, Reason.Trim());
    }

    // The gates close by themselves after the go; nobody looks at the sign-off again.
    private static Refusal? TooLate(Retirement retirement) => retirement.Stage is Stage.Close or Stage.Observe
        ? new Refusal("replacement.too-late", "The go for the closing is given: what takes its place cannot change any more. Cancel the retirement if customers would be left with nothing.", "下线已获批准执行，不能再更改替代模块。如客户将因此无可用功能，请取消退役。") : null;

    private Decision Anew(Retirement retirement)
    {
        if (retirement.Migrating.Tool is { } tool)
            return new Refusal("replacement.tool-attached", $"The migration tool “{tool.Name}” moves customers to the present replacement. Take it away on Migrate first.", $"迁移工具“{tool.Name}”会将客户迁往当前的替代模块。请先在“迁移支持”中移除该工具。");
        if (Replacement is null && Given.Missing(Instead ?? retirement.Deciding.Instead ?? default, "instead", ExplainInstead.Longest) is { } missing)
            return missing;
        var facts = new List<RetirementFact>();
        if (Replacement is null && Instead is { } instead)
            facts.Add(new InsteadExplained(instead.Trimmed()));
        facts.Add(new ReplacementChosen(Replacement, Reason.Trim()));
        if (retirement.Migrating.SignOff is not null)
            facts.Add(new ReplacementSignOffWithdrawn(Reason.Trim()));
        return Decision.Of([.. facts]);
    }
}

internal sealed record DropAlternative(ModuleKey Replacement, string Reason)
{
    public Decision Decide(Retirement retirement) =>
        (Gathering.NotNow(retirement) ?? Given.Missing(Reason, "reason")) is { } refusal ? refusal
        : Replacement == retirement.Replacement ? new Refusal("alternative.chosen", "This is the chosen replacement; it stays in the comparison.", "这是选定的替代模块，须保留在比较中。")
        : !retirement.Deciding.Alternatives.Contains(Replacement) ? Decision.Nothing
        : new AlternativeDropped(Replacement, Reason.Trim());
}

/// <summary>Answers one line of the comparison: does it cover the capability, and will people notice that it is worse?</summary>
/// <param name="Note">Needed where it is not fully covered or worse: what is missing, and what people do then.</param>
internal sealed record CompareCapability(ModuleKey Replacement, string Capability, CapabilityCoverage Coverage, bool NoticeablyWorse, string Note)
{
    public Decision Decide(Retirement retirement)
    {
        // What was decided on stays; of a replacement that was chosen later it must be said as well what customers lose.
        var chosenLater = Gathering.MayStillChooseReplacement(retirement) && retirement.ReplacementChangedAt is not null && Replacement == retirement.Replacement;
        if (!chosenLater && Gathering.NotNow(retirement) is { } refusal)
            return refusal;
        if (!retirement.Deciding.Alternatives.Contains(Replacement))
            return new Refusal("alternative.unknown", $"“{Replacement}” is not compared here. Add it as an alternative first.", $"此处未比较“{Replacement}”。请先添加为备选替代。") { Field = "replacement" };
        if (!retirement.Deciding.Capabilities.Contains(Capability))
            return new Refusal("capability.unknown", $"“{Capability}” is not a capability listed here.", $"“{Capability}”不在能力列表中。") { Field = "capability" };
        if (!Enum.IsDefined(Coverage))
            return new Refusal("capability.coverage", "Coverage is covered, partly or missing.", "覆盖程度为 covered、partly 或 missing。") { Field = "coverage" };
        if ((Coverage != CapabilityCoverage.Covered || NoticeablyWorse) && Given.Missing(Note, "note", 1000) is { } missing)
            return missing;
        var compared = new CapabilityCompared(Replacement, Capability, Coverage, NoticeablyWorse, (Note ?? "").Trim());
        return retirement.Deciding.Answer(Replacement, Capability) is { } known && new CapabilityCompared(known.Replacement, known.Capability, known.Coverage, known.NoticeablyWorse, known.Note) == compared ? Decision.Nothing : compared;
    }
}

/// <summary>Says what customers do where no module takes the place.</summary>
internal sealed record ExplainInstead(Text Instead)
{
    public const int Longest = 1500;

    public Decision Decide(Retirement retirement) =>
        ((Gathering.MayStillChooseReplacement(retirement) ? null : Gathering.NotNow(retirement)) ?? Given.Missing(Instead, "instead", Longest)) is { } refusal ? refusal
        : retirement.Replacement is not null ? new Refusal("replacement.exists", "This retirement has a replacement; compare it instead.", "该退役已有替代模块，请填写能力比较。")
        : new InsteadExplained(Instead.Trimmed());
}
