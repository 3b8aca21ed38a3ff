using System.Collections.Immutable;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Retirements;

// What the decide stage records beside the common course.

/// <summary>The reasons in their newest wording, in place of those before (M1).</summary>
[StoredAs("decide.reasons-restated")]
internal sealed record ReasonsRestated(ImmutableArray<Reason> Reasons) : RetirementFact;

/// <summary>Cost and revenue month by month (A2), in place of what was stated before.</summary>
[StoredAs("decide.cost-stated")]
internal sealed record CostStated(string Currency, ImmutableArray<CostMonth> Months) : RetirementFact;

/// <summary>What the module can do, name by name: the lines of the comparison (A3).</summary>
[StoredAs("decide.capabilities-listed")]
internal sealed record CapabilitiesListed(ImmutableArray<string> Capabilities) : RetirementFact;

/// <summary>One more module that could take its place.</summary>
[StoredAs("decide.alternative-added")]
internal sealed record AlternativeAdded(ModuleKey Replacement) : RetirementFact;

/// <summary>Another module, or nothing, is to take its place; null: nothing.</summary>
[StoredAs("decide.replacement-chosen")]
internal sealed record ReplacementChosen(ModuleKey? Replacement, string Reason) : RetirementFact;

[StoredAs("decide.alternative-dropped")]
internal sealed record AlternativeDropped(ModuleKey Replacement, string Reason) : RetirementFact;

[StoredAs("decide.capability-compared")]
internal sealed record CapabilityCompared(ModuleKey Replacement, string Capability, CapabilityCoverage Coverage, bool NoticeablyWorse, string Note) : RetirementFact;

/// <summary>Nothing takes its place; what customers can do instead, as they will read it.</summary>
[StoredAs("decide.instead-explained")]
internal sealed record InsteadExplained(Text Instead) : RetirementFact;

/// <summary>A voice from the front line (A4), signed by the fact's own <c>By</c>.</summary>
[StoredAs("decide.voice-heard")]
internal sealed record VoiceHeard(Role From, Leaning Leaning, string Words) : RetirementFact;

/// <summary>A talk with a customer about the plan (A4), signed by the fact's own <c>By</c>.</summary>
/// <param name="With">The person at the customer.</param>
[StoredAs("decide.research-held")]
internal sealed record ResearchHeld(CustomerKey Customer, DateOnly On, string With, string Finding) : RetirementFact;

/// <summary>What became of a flagged dependent (A5): confirmed (they depend on it) or dismissed.</summary>
[StoredAs("decide.dependent-settled")]
internal sealed record DependentSettled(CustomerKey Customer, bool Confirmed, string Reason) : RetirementFact;

/// <summary>How a module that depends on this one is taken care of.</summary>
[StoredAs("decide.dependent-module-settled")]
internal sealed record DependentModuleSettled(ModuleKey Module, string How) : RetirementFact;

/// <summary>Why it may be decided although too little is known of who uses the module.</summary>
[StoredAs("decide.unknown-use-accepted")]
internal sealed record UnknownUseAccepted(string Reason) : RetirementFact;

/// <summary>Plans whose customers are affected even where they never used the module.</summary>
[StoredAs("decide.tiers-entitled")]
internal sealed record TiersEntitled(ImmutableArray<string> Tiers) : RetirementFact;

/// <summary>Counts as a major retirement, whatever the policy's bounds say.</summary>
[StoredAs("decide.major-declared")]
internal sealed record MajorDeclared(string Reason) : RetirementFact;

/// <summary>The evidence is complete and lies before the approvers as it was at this moment.</summary>
[StoredAs("decide.submitted")]
internal sealed record DecisionSubmitted(DecisionEvidence Evidence, ImmutableArray<Role> Approvals) : RetirementFact;

/// <summary>Taken back to be worked on; approvals given so far are void.</summary>
[StoredAs("decide.withdrawn")]
internal sealed record DecisionWithdrawn(string Reason) : RetirementFact;

/// <summary>One role's approval, given by the fact's own <c>By</c>.</summary>
[StoredAs("decide.role-approved")]
internal sealed record RoleApproved(Role Role, string Note) : RetirementFact;

/// <summary>The day on which notices go out by the plan; earliest closing days count from it until a customer has been told.</summary>
[StoredAs("dates.telling-planned")]
internal sealed record TellingPlanned(DateOnly Day) : RetirementFact;

/// <summary>A closing day in a year whose holidays are not published was accepted.</summary>
[StoredAs("dates.unknown-year-accepted")]
internal sealed record UnknownYearAccepted(string Country, int Year, string Reason) : RetirementFact;

/// <summary>Somebody asks to close this customer earlier than the policy allows (N3).</summary>
[StoredAs("entry.override-requested")]
internal sealed record OverrideRequested(DateOnly Day, string Reason) : EntryFact;

[StoredAs("entry.override-declined")]
internal sealed record OverrideDeclined(string Reason) : EntryFact;

/// <summary>The closing day of a customer who had been told another one: they must be told again.</summary>
[StoredAs("entry.date-moved")]
internal sealed record DateMoved(DateOnly From, DateOnly To, string Reason) : EntryFact;
