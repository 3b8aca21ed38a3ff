using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Gates;

/// <summary>What the store says at one position: everything, or what has changed since another.</summary>
/// <param name="At">When the position was raised.</param>
/// <param name="Basis">Null: as it was.</param>
/// <param name="Shadow">The module of restore drills; null: as it was, or there never was a drill.</param>
internal sealed record GateReading(
    long Position, DateTimeOffset At, bool Whole, GateBasis? Basis, IReadOnlyList<RetirementReading> Retirements, IReadOnlyList<RestorePressed> Restores, ShadowModule? Shadow);

/// <param name="Version">Of the retirement's own facts: the same version has the same <paramref name="Terms"/>.</param>
/// <param name="WholeLedger">Whether <paramref name="Entries"/> are all of them or only those that changed.</param>
internal sealed record RetirementReading(RetirementId Id, int Version, GateTerms Terms, bool WholeLedger, IReadOnlyList<KeyValuePair<CustomerKey, EntryGateTerms>> Entries);

/// <summary>Somebody pressed "restore".</summary>
internal sealed record RestorePressed(long Position, DateTimeOffset At);

/// <summary>The module of restore drills: closed at an instant, open again at another.</summary>
internal sealed record ShadowModule(DateTimeOffset ClosedAt, DateTimeOffset? OpenedAt)
{
    public const string Key = "sunsetter.drill";
}
