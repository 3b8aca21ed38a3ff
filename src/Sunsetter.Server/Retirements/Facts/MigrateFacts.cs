using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Retirements;

// Stage 3: the replacement is ready, customers move, and what they asked for on the way.

/// <summary>Quality assurance signs that the replacement is stable and available (G1).</summary>
/// <param name="Evidence">What was tested, with which result.</param>
/// <param name="Link">Where the evidence lies; null where the words say it all.</param>
[StoredAs("replacement.signed-off")]
internal sealed record ReplacementSignedOff(string Evidence, string? Link) : RetirementFact;

[StoredAs("replacement.sign-off-withdrawn")]
internal sealed record ReplacementSignOffWithdrawn(string Reason) : RetirementFact;

/// <summary>An answer everybody at the desk and every customer may read (G4). Writing the same id again replaces it.</summary>
[StoredAs("faq.written")]
internal sealed record FaqWritten(Guid Id, Text Question, Text Answer) : RetirementFact;

[StoredAs("faq.removed")]
internal sealed record FaqRemoved(Guid Id) : RetirementFact;

/// <summary>A migration tool stands ready to be run per customer (G2).</summary>
[StoredAs("migration-tool.attached")]
internal sealed record MigrationToolAttached(MigrationTool Tool) : RetirementFact;

[StoredAs("migration-tool.detached")]
internal sealed record MigrationToolDetached(string Reason) : RetirementFact;

/// <summary>Measured from usage, recorded when the state changed.</summary>
/// <param name="OldUsers">Users active on the old module in the measured window; null where unknown.</param>
/// <param name="BothUsers">Those of <paramref name="OldUsers"/> who also use the replacement.</param>
/// <param name="Evidence">Why the state is what it is.</param>
[StoredAs("entry.movement-observed")]
internal sealed record MovementObserved(MoveState State, long? OldUsers, long? NewUsers, long? BothUsers, Text Evidence) : EntryFact;

/// <summary>A named person follows this customer until it has moved.</summary>
[StoredAs("entry.follow-up-assigned")]
internal sealed record FollowUpAssigned(string To, DateOnly? NextOn, string NextStep) : EntryFact;

/// <summary>Somebody spoke with the customer, or tried to.</summary>
[StoredAs("entry.follow-up-logged")]
internal sealed record FollowUpLogged(FollowUpOutcome Outcome, string Note, DateOnly? NextOn, string NextStep) : EntryFact;

/// <param name="Contact">Whom to answer.</param>
[StoredAs("entry.help-requested")]
internal sealed record HelpRequested(Guid Id, string Question, string Contact) : EntryFact;

[StoredAs("entry.help-taken")]
internal sealed record HelpTaken(Guid Id, string Owner) : EntryFact;

[StoredAs("entry.help-answered")]
internal sealed record HelpAnswered(Guid Id, string Answer) : EntryFact;

/// <summary>The customer asks to stay open until the end of a day (G7).</summary>
[StoredAs("entry.extension-requested")]
internal sealed record ExtensionRequested(Guid Id, DateOnly Until, string Reason, string Contact) : EntryFact;

[StoredAs("entry.extension-refused")]
internal sealed record ExtensionRefused(string Reason) : EntryFact;

/// <summary>A discount or privilege for a customer who moves early (G6).</summary>
/// <param name="Value">What it costs the vendor, in <paramref name="Currency"/>.</param>
/// <param name="MoveBy">It counts when the customer has moved by the end of this day.</param>
[StoredAs("entry.incentive-offered")]
internal sealed record IncentiveOffered(Guid Id, string What, decimal Value, string Currency, DateOnly MoveBy) : EntryFact;

[StoredAs("entry.incentive-granted")]
internal sealed record IncentiveGranted(Guid Id, string Note) : EntryFact;

[StoredAs("entry.incentive-used")]
internal sealed record IncentiveUsed(Guid Id, string Note) : EntryFact;

/// <summary>An answer for this customer alone (G4). Writing the same id again replaces it.</summary>
[StoredAs("entry.faq-written")]
internal sealed record CustomerFaqWritten(Guid Id, Text Question, Text Answer) : EntryFact;

[StoredAs("entry.faq-removed")]
internal sealed record CustomerFaqRemoved(Guid Id) : EntryFact;

/// <param name="Attempt">1 for the first run of its kind with this tool, then without gaps.</param>
/// <param name="IdempotencyKey">The tool sees the same key in every run of its kind for this customer.</param>
[StoredAs("entry.run-requested")]
internal sealed record MigrationRunRequested(Guid Id, bool DryRun, int Attempt, string IdempotencyKey) : EntryFact
{
    /// <summary>The attachment that was run.</summary>
    public Guid Tool { get; init; }
}

/// <summary>Somebody asked to stop a run.</summary>
[StoredAs("entry.run-stopped")]
internal sealed record MigrationRunStopped(Guid Id, string Reason) : EntryFact;

/// <param name="Output">The tool's last word, or why it failed; all it said lies with the run.</param>
[StoredAs("entry.run-finished")]
internal sealed record MigrationRunFinished(Guid Id, bool Succeeded, int? Done, int? Total, string Output) : EntryFact;
