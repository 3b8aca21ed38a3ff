using System.Runtime.CompilerServices;

namespace Sunsetter.Gates;

/// <summary>A stretch of a timeline in which nothing begins: for the users in a share one segment holds, for all others the ground below it.</summary>
internal readonly struct GateWindow(long from, long until, int last, int ground, int share, GateState stateOfShare, GateState stateOfGround, bool nested)
{
    public readonly long From = from;
    public readonly long Until = until;

    /// <summary>The segment that has begun last, whoever it holds for.</summary>
    public readonly int Last = last;

    private readonly int _ground = ground;
    private readonly int _share = share;
    private readonly GateState _stateOfShare = stateOfShare;
    private readonly GateState _stateOfGround = stateOfGround;

    /// <summary>A smaller share lies above a larger one: the timeline itself must be asked.</summary>
    public readonly bool Nested = nested;

    /// <summary>Whether it depends on the user.</summary>
    public bool HasShare
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => _share != 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int IndexFor(int bucket) => bucket < _share ? Last : _ground;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public GateState StateFor(int bucket) => bucket < _share ? _stateOfShare : _stateOfGround;
}
