using System.Collections.Immutable;

namespace Sunsetter.Server.Retirements;

/// <summary>
/// The plan as it lay before whoever gave the "go". It holds for each customer who still closes at the instant at which they would by that plan: a date that moves
/// afterwards needs another go, more time for a customer does not.
/// </summary>
/// <param name="At">When the go was given.</param>
internal sealed record ConfirmedPlan(DateTimeOffset At, Schedule Schedule)
{
    /// <summary>Whether it holds for the common day.</summary>
    public bool Holds(Schedule now) => now.InstantOf(now.ClosesOn) == Schedule.InstantOf(Schedule.ClosesOn);

    public bool HoldsFor(Schedule now, string? wave, DateOnly? extendedUntil, WaveHistory waves) =>
        now.InstantOf(now.DayFor(wave, extendedUntil)) == Schedule.InstantOf(Schedule.DayFor(waves.WaveAt(At), extendedUntil));
}

/// <summary>A customer was put into a wave, or back to the common day (null).</summary>
internal sealed record WaveChosen(DateTimeOffset At, string? Wave, string By);

/// <summary>In which waves a customer was, oldest first. Two that say the same are equal.</summary>
internal readonly record struct WaveHistory(ImmutableArray<WaveChosen> Chosen)
{
    public string? WaveAt(DateTimeOffset instant) => Chosen.LastOrDefault(chosen => chosen.At <= instant)?.Wave;

    public bool Equals(WaveHistory other) => Chosen.AsSpan().SequenceEqual(other.Chosen.AsSpan());

    public override int GetHashCode() => Chosen.IsEmpty ? 0 : HashCode.Combine(Chosen.Length, Chosen[^1]);
}
