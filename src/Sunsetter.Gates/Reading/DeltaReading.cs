namespace Sunsetter.Gates;

/// <summary>The outcome of reading a delta: the delta, or every error.</summary>
public sealed class DeltaReading
{
    internal DeltaReading(GateDelta? delta, IReadOnlyList<GateError> errors)
    {
        Delta = delta;
        Errors = errors;
    }

    /// <summary>The delta; null when there are errors.</summary>
    public GateDelta? Delta { get; }

    /// <summary>Every error found, at most 100; empty when there is a delta.</summary>
    public IReadOnlyList<GateError> Errors { get; }
}
