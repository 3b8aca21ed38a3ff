using System.Collections.Immutable;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Decide;

/// <summary>A retirement as the API shows it.</summary>
/// <param name="Version">Number of facts of the retirement as a whole.</param>
internal sealed record RetirementView(
    RetirementId Id, int Version, ModuleKey Module, ModuleKey? Replacement, Text Title, string Owner, string ProposedBy, DateTimeOffset ProposedAt,
    ImmutableArray<Reason> Reasons, Stage Stage, string? StageReason, ImmutableSortedDictionary<Stage, DateTimeOffset> Entered,
    Schedule? Schedule, DateOnly? TellingOn, ImmutableArray<Brownout> Brownouts, Restore? Restore, DateOnly? ObservationEndsOn)
{
    public static RetirementView Of(Retirement retirement) => new(
        retirement.Id, retirement.Version, retirement.Module, retirement.Replacement, retirement.Title, retirement.Owner, retirement.ProposedBy, retirement.ProposedAt,
        retirement.Reasons, retirement.Stage, retirement.StageReason, retirement.Entered,
        retirement.Schedule, retirement.Deciding.TellingOn, retirement.Brownouts, retirement.Restore, retirement.ObservationEndsOn);
}

/// <summary>The decide stage in full: what was gathered, what is still missing, and what the customers' dates would be.</summary>
/// <param name="Gaps">What keeps the decision from being submitted or approved.</param>
internal sealed record DecisionView(RetirementView Retirement, Deciding Deciding, IReadOnlyList<DecisionGap> Gaps, IReadOnlyList<FlaggedDependent> Flagged, IReadOnlyList<AffectedView> Affected);

/// <param name="LastUse">Null: affected by their plan alone.</param>
internal sealed record AffectedView(CustomerKey Customer, Text Name, string Tier, CustomerClass Class, DateOnly? LastUse, string? ByTier);

/// <summary>One customer's dates.</summary>
/// <param name="Earliest">First day of the customer's own calendar on which they may be closed.</param>
/// <param name="Asked">An override that waits for approval.</param>
/// <param name="Moved">The last change of a day they had been told.</param>
internal sealed record DatesView(CustomerKey Customer, Text Name, string? Wave, DateOnly? ClosesOn, DateTimeOffset? ClosesAt, EarliestDay? Earliest, OverrideAsked? Asked, MovedDay? Moved);
