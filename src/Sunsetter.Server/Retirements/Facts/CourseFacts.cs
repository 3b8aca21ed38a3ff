using System.Collections.Immutable;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Retirements;

// The course of a retirement from proposal to end. Every stage reads these.

[StoredAs("retirement.proposed")]
internal sealed record RetirementProposed(ModuleKey Module, ModuleKey? Replacement, Text Title, string Owner, ImmutableArray<Reason> Reasons) : RetirementFact;

[StoredAs("retirement.approved")]
internal sealed record RetirementApproved : RetirementFact;

[StoredAs("retirement.rejected")]
internal sealed record RetirementRejected(string Reason) : RetirementFact;

[StoredAs("retirement.deferred")]
internal sealed record RetirementDeferred(DateOnly Until, string Reason) : RetirementFact;

[StoredAs("retirement.resumed")]
internal sealed record RetirementResumed(string Reason) : RetirementFact;

[StoredAs("retirement.cancelled")]
internal sealed record RetirementCancelled(string Reason) : RetirementFact;

/// <summary>The first schedule, or a later one: then with the reason for the change.</summary>
[StoredAs("retirement.scheduled")]
internal sealed record RetirementScheduled(Schedule Schedule, string? ReasonForChange) : RetirementFact;

/// <summary>Customers have been told and may be asked to move.</summary>
[StoredAs("migration.started")]
internal sealed record MigrationStarted : RetirementFact;

/// <summary>The go/no-go ended with "go": the gates may close at their times.</summary>
[StoredAs("closing.confirmed")]
internal sealed record ClosingConfirmed(string Note) : RetirementFact;

/// <summary>The last customer is closed; the observation window begins.</summary>
[StoredAs("observation.started")]
internal sealed record ObservationStarted(DateOnly EndsOn) : RetirementFact;

[StoredAs("retirement.finished")]
internal sealed record RetirementFinished(string Learnt, string Thanks) : RetirementFact;

[StoredAs("brownout.scheduled")]
internal sealed record BrownoutScheduled(Brownout Brownout, string Reason) : RetirementFact;

[StoredAs("brownout.withdrawn")]
internal sealed record BrownoutWithdrawn(Brownout Brownout, string Reason) : RetirementFact;

/// <summary>Users close in shares, earliest first, ahead of the closing; no share: all close at once.</summary>
[StoredAs("gradual.set")]
internal sealed record GradualClosingSet(ImmutableArray<GradualShare> Shares, string Reason) : RetirementFact;

/// <summary>Emergency restore for every customer (C5), until an instant or until closed again.</summary>
[StoredAs("module.restored")]
internal sealed record ModuleRestored(string Reason, DateTimeOffset? Until) : RetirementFact;

/// <summary>A restore ends before its time.</summary>
[StoredAs("module.restore-ended")]
internal sealed record ModuleRestoreEnded(string Reason) : RetirementFact;
