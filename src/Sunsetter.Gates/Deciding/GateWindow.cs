using System.Runtime.CompilerServices;

namespace Sunsetter.Gates;

/// <summary>A stretch of a timeline in which nothing begins: for the users in a share one segment holds, for all others the ground below it.</summary>
/// <remarks>A share is kept as the least hash that is not in it, so that nobody's bucket has to be computed.</remarks>
internal readonly struct GateWindow(long from, long until, int last, int ground, ulong below, GateState stateOfShare, GateState stateOfGround, bool nested)
{
    public readonly long From = from;
    public readonly long Until = until;

    /// <summary>The segment that has begun last, whoever it holds for.</summary>
    public readonly int Last = last;

    /// <summary>The segment that holds for everybody who is in no share.</summary>
    public readonly int Ground = ground;

    private readonly ulong _below = below;
    private readonly GateState _stateOfShare = stateOfShare;
    private readonly GateState _stateOfGround = stateOfGround;

    /// <summary>A smaller share lies above a larger one: the timeline itself must be asked.</summary>
    public readonly bool Nested = nested;

    /// <summary>Whether it depends on the user.</summary>
    public bool HasShare
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _below != 0;
    }

    /// <param name="lot">See <see cref="UserBucket.Lot"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int IndexFor(ulong lot) => lot < _below ? Last : Ground;

    /// <param name="lot">See <see cref="UserBucket.Lot"/>.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public GateState StateFor(ulong lot) => lot < _below ? _stateOfShare : _stateOfGround;
}
