namespace Sunsetter.Gates;

/// <summary>What became of a delta.</summary>
public enum DeltaOutcome
{
    /// <summary>Applied: the snapshot is the new one.</summary>
    Applied,

    /// <summary>The snapshot already has this version or a later one: nothing to do.</summary>
    AlreadyKnown,

    /// <summary>A delta in between was lost: get the whole snapshot.</summary>
    ResyncNeeded,

    /// <summary>The delta does not fit the snapshot it claims to be for: get the whole snapshot and report the errors.</summary>
    Refused,
}

/// <summary>The outcome of applying a delta.</summary>
public sealed class DeltaApplication
{
    internal DeltaApplication(DeltaOutcome outcome, GateSnapshot snapshot, IReadOnlyList<GateError> errors)
    {
        Outcome = outcome;
        Snapshot = snapshot;
        Errors = errors;
    }

    /// <summary>What became of it.</summary>
    public DeltaOutcome Outcome { get; }

    /// <summary>The snapshot to decide by from now on: the new one if applied, else the old one unchanged.</summary>
    public GateSnapshot Snapshot { get; }

    /// <summary>Every error of a refused delta, at most 100.</summary>
    public IReadOnlyList<GateError> Errors { get; }
}
