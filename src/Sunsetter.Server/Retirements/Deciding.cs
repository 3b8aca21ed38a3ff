using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Retirements;

/// <summary>What a retirement knows of its decide stage.</summary>
internal sealed record Deciding
{
    public string Currency { get; init; } = "CNY";

    /// <summary>Oldest first.</summary>
    public ImmutableArray<CostMonth> Cost { get; init; } = [];

    public ImmutableArray<string> Capabilities { get; init; } = [];

    /// <summary>Every module compared, the chosen replacement first.</summary>
    public ImmutableArray<ModuleKey> Alternatives { get; init; } = [];
    public ImmutableArray<Comparison> Comparisons { get; init; } = [];

    /// <summary>What customers can do where nothing takes its place.</summary>
    public Text? Instead { get; init; }

    public ImmutableArray<Voice> Voices { get; init; } = [];
    public ImmutableArray<Research> Research { get; init; } = [];
    public ImmutableSortedDictionary<string, Settled> Dependents { get; init; } = ImmutableSortedDictionary<string, Settled>.Empty;
    public ImmutableSortedDictionary<string, Settled> DependentModules { get; init; } = ImmutableSortedDictionary<string, Settled>.Empty;
    public ImmutableArray<string> EntitledTiers { get; init; } = [];
    public string? DeclaredMajor { get; init; }

    /// <summary>Who accepted, and why, that too little is known of who uses the module; null where nobody did.</summary>
    public Settled? UnknownUse { get; init; }

    /// <summary>Null while the evidence is being gathered.</summary>
    public Submission? Submission { get; init; }

    public DateOnly? TellingOn { get; init; }
    public DateOnly? DeferredUntil { get; init; }

    /// <summary>What was said on closing days in years whose holidays are not published.</summary>
    public ImmutableArray<AcceptedYear> AcceptedYears { get; init; } = [];

    /// <summary>Lines of the comparison that nobody has answered (A3).</summary>
    [JsonIgnore]
    public IEnumerable<(ModuleKey Replacement, string Capability)> Unanswered =>
        Alternatives.SelectMany(replacement => Capabilities.Select(capability => (replacement, capability))).Where(line => Answer(line.replacement, line.capability) is null);

    public Comparison? Answer(ModuleKey replacement, string capability) =>
        Comparisons.FirstOrDefault(one => one.Replacement == replacement && one.Capability == capability);

    /// <summary>Every capability is covered by it and none is noticeably worse: only such a replacement shortens a notice.</summary>
    public bool Proven(ModuleKey? replacement) =>
        replacement is { } key && Capabilities.Length > 0 && Capabilities.All(capability => Answer(key, capability) is { Coverage: CapabilityCoverage.Covered, NoticeablyWorse: false });

    public Deciding Apply(Recorded happened) => happened.Fact switch
    {
        RetirementProposed fact => fact.Replacement is { } replacement ? this with { Alternatives = [replacement, .. Alternatives.Where(key => key != replacement)] } : this,
        ReplacementChosen fact => fact.Replacement is { } chosen ? this with { Alternatives = [chosen, .. Alternatives.Where(key => key != chosen)] } : this,
        CostStated fact => this with { Currency = fact.Currency, Cost = fact.Months },
        CapabilitiesListed fact => this with { Capabilities = fact.Capabilities, Comparisons = [.. Comparisons.Where(one => fact.Capabilities.Contains(one.Capability))] },
        AlternativeAdded fact => this with { Alternatives = Alternatives.Add(fact.Replacement) },
        AlternativeDropped fact => this with { Alternatives = Alternatives.Remove(fact.Replacement), Comparisons = [.. Comparisons.Where(one => one.Replacement != fact.Replacement)] },
        CapabilityCompared fact => this with
        {
            Comparisons = [.. Comparisons.Where(one => one.Replacement != fact.Replacement || one.Capability != fact.Capability),
                new Comparison(fact.Replacement, fact.Capability, fact.Coverage, fact.NoticeablyWorse, fact.Note, happened.By)],
        },
        InsteadExplained fact => this with { Instead = fact.Instead },
        VoiceHeard fact => this with { Voices = Voices.Add(new Voice(fact.From, fact.Leaning, fact.Words, happened.By, happened.At)) },
        ResearchHeld fact => this with { Research = Research.Add(new Research(fact.Customer, fact.On, fact.With, fact.Finding, happened.By, happened.At)) },
        DependentSettled fact => this with { Dependents = Dependents.SetItem(fact.Customer.Value, new Settled(fact.Confirmed, fact.Reason, happened.By, happened.At)) },
        DependentModuleSettled fact => this with { DependentModules = DependentModules.SetItem(fact.Module.Value, new Settled(true, fact.How, happened.By, happened.At)) },
        TiersEntitled fact => this with { EntitledTiers = fact.Tiers },
        UnknownUseAccepted fact => this with { UnknownUse = new Settled(true, fact.Reason, happened.By, happened.At) },
        MajorDeclared fact => this with { DeclaredMajor = fact.Reason },
        DecisionSubmitted fact => this with { Submission = new Submission(fact.Evidence, fact.Approvals, happened.By, happened.At) },
        DecisionWithdrawn or RetirementDeferred or RetirementResumed => this with { Submission = null, DeferredUntil = (happened.Fact as RetirementDeferred)?.Until },
        RoleApproved fact when Submission is { } submission => this with { Submission = submission with { Votes = submission.Votes.Add(new Vote(fact.Role, happened.By, happened.At, fact.Note)) } },
        TellingPlanned fact => this with { TellingOn = fact.Day },
        UnknownYearAccepted fact => this with { AcceptedYears = AcceptedYears.Add(new AcceptedYear(fact.Country, fact.Year, fact.Reason, happened.By)) },
        _ => this,
    };
}

/// <summary>The decision as it lies before the approvers.</summary>
/// <param name="Required">Roles whose approval it takes.</param>
internal sealed record Submission(DecisionEvidence Evidence, ImmutableArray<Role> Required, string By, DateTimeOffset At)
{
    public ImmutableArray<Vote> Votes { get; init; } = [];

    [JsonIgnore]
    public IEnumerable<Role> Waiting => Required.Where(role => Votes.All(vote => vote.Role != role));
}

internal sealed record Vote(Role Role, string By, DateTimeOffset At, string Note);

internal sealed record AcceptedYear(string Country, int Year, string Reason, string By);

/// <summary>What became of something that had to be looked at.</summary>
internal sealed record Settled(bool Confirmed, string Reason, string By, DateTimeOffset At);
