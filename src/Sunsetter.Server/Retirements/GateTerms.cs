using System.Collections.Immutable;

namespace Sunsetter.Server.Retirements;

/// <summary>
/// All that a gate knows of a retirement. A gate is computed from this and nothing else, so that a change of anything else need not be told to
/// applications, and a change of this always is.
/// </summary>
/// <param name="InForce">False while nothing was approved, and after a rejection, deferral or cancellation.</param>
/// <param name="Confirmed">For which plan the go/no-go has said "go".</param>
internal sealed record GateTerms(
    ModuleKey Module, ModuleKey? Replacement, ImmutableArray<Reason> Reasons, bool InForce, Schedule? Schedule, ImmutableArray<Brownout> Brownouts,
    ImmutableArray<GradualShare> Gradual, ConfirmedPlan? Confirmed, Restore? Restore)
{
    public static GateTerms Of(Retirement retirement) => new(
        retirement.Module, retirement.Replacement, retirement.Reasons,
        retirement.Stage is Stage.Announce or Stage.Migrate or Stage.Close or Stage.Observe or Stage.Finished,
        retirement.Schedule, retirement.Brownouts, retirement.Gradual,
        retirement.Confirmed, retirement.Restore);
}

/// <summary>All that a gate knows of one customer's entry.</summary>
internal sealed record EntryGateTerms(string? Wave, DateOnly? ExtendedUntil, DateTimeOffset? ClosedAt, Restore? Restore, string TimeZone, string? Country, bool Moved, WaveHistory Waves)
{
    public static EntryGateTerms Of(LedgerEntry entry) =>
        new(entry.Wave, entry.ExtendedUntil, entry.ClosedAt, entry.Restore, entry.TimeZone, entry.Country, entry.Move.State == MoveState.Moved, new(entry.Dates.Waves));
}
