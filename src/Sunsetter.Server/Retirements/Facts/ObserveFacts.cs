using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Retirements;

// What the observe stage records beside the common course.

/// <summary>A customer still knocks after closing: somebody must ask why (O1).</summary>
/// <param name="Owner">E-mail address of the person who follows it.</param>
/// <param name="Calls">Calls refused until the case was opened.</param>
/// <param name="LastCall">Start of the hour of the last refused call that was seen.</param>
[StoredAs("case.opened")]
internal sealed record CaseOpened(string Owner, long Calls, int Users, DateTimeOffset LastCall) : EntryFact;

[StoredAs("case.assigned")]
internal sealed record CaseAssigned(string Owner) : EntryFact;

/// <summary>How a case ended.</summary>
internal enum CaseEnding
{
    MovedToReplacement,
    Restored,
    NotNeeded,
    LeftRunning,
}

[StoredAs("case.closed")]
internal sealed record CaseClosed(CaseEnding Ending, string Note) : EntryFact;

/// <summary>The customer knocked again after the case was closed.</summary>
[StoredAs("case.reopened")]
internal sealed record CaseReopened(long Calls, int Users, DateTimeOffset LastCall) : EntryFact;

/// <summary>Something else changed with the closing: errors, help asked for, customers gone silent.</summary>
/// <param name="Id">Stable, so that the same finding is raised once.</param>
[StoredAs("anomaly.raised")]
internal sealed record AnomalyRaised(string Id, Text What) : RetirementFact;

[StoredAs("anomaly.settled")]
internal sealed record AnomalySettled(string Id, string Note) : RetirementFact;

[StoredAs("observation.extended")]
internal sealed record ObservationExtended(DateOnly Until, string Reason) : RetirementFact;

/// <summary>Where one of the people who built the module goes next (O2).</summary>
[StoredAs("thanks.given")]
internal sealed record ThanksGiven(string Person, string For, string GoesTo) : RetirementFact;
