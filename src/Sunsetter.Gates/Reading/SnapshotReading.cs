namespace Sunsetter.Gates;

/// <summary>The outcome of reading a snapshot: the snapshot, or every error.</summary>
public sealed class SnapshotReading
{
    internal SnapshotReading(GateSnapshot? snapshot, IReadOnlyList<GateError> errors)
    {
        Snapshot = snapshot;
        Errors = errors;
    }

    /// <summary>The snapshot; null when there are errors.</summary>
    public GateSnapshot? Snapshot { get; }

    /// <summary>Every error found, at most 100; empty when there is a snapshot.</summary>
    public IReadOnlyList<GateError> Errors { get; }
}
