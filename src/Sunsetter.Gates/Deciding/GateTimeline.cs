using System.Runtime.CompilerServices;

namespace Sunsetter.Gates;

/// <summary>
/// The whole schedule of a module for one group of customers: segments in the order of their beginnings. Immutable.
/// Before the first segment the module is open.
/// </summary>
public sealed class GateTimeline
{
    private const int LinearSearchUpTo = 16;

    private readonly GateSegment[] _segments;
    private readonly Mark[] _marks;
    private readonly GateWindow[] _windows;
    private int _current;

    internal GateTimeline(string id, GateSegment[] segments)
    {
        Id = id;
        _segments = segments;
        _marks = new Mark[segments.Length];
        for (var i = 0; i < segments.Length; i++)
        {
            _marks[i] = new Mark(segments[i].From.UtcTicks, (ushort)segments[i].Share, segments[i].State);
            HasShares |= segments[i].Share != GateSegment.Everyone;
            AnnouncedClosing = segments[i].Closes ?? AnnouncedClosing;
        }

        _windows = new GateWindow[segments.Length + 1];
        for (var i = 0; i <= segments.Length; i++) _windows[i] = WindowAfter(i - 1);
    }

    /// <summary>The timeline's name within its module; the same name always means the same segments.</summary>
    public string Id { get; }

    /// <summary>The segments, earliest first.</summary>
    public IReadOnlyList<GateSegment> Segments => _segments;

    internal bool HasShares { get; }

    /// <summary>The <see cref="GateSegment.Closes"/> of the last segment that has one.</summary>
    internal DateTimeOffset? AnnouncedClosing { get; }

    /// <summary>Makes a timeline whose <see cref="Id"/> follows from its content alone, so that every node names it alike.</summary>
    /// <param name="segments">Earliest first.</param>
    /// <exception cref="ArgumentException">The segments break a rule of the wire format; the message names each.</exception>
    public static GateTimeline Of(params GateSegment[] segments)
    {
        if (segments is null) throw new ArgumentNullException(nameof(segments));
        var errors = new Reading.ErrorList();
        Reading.SegmentRules.Check(segments, "timeline", errors);
        if (errors.Any)
            throw new ArgumentException(string.Join(" ", errors.Items), nameof(segments));
        var copy = (GateSegment[])segments.Clone();
        return new GateTimeline(TimelineId.Of(copy), copy);
    }

    /// <summary>The state at an instant for a user's bucket, without a module around it.</summary>
    /// <param name="at">The instant asked for.</param>
    /// <param name="bucket">See <see cref="UserBucket"/>.</param>
    public GateState StateAt(DateTimeOffset at, int bucket = UserBucket.None) => StateOf(Holding(Begun(at.UtcTicks), bucket));

    internal int Count => _marks.Length;

    /// <summary>
    /// The stretch between two edges that an instant lies in. Which one it was is remembered, for nearly every question is about the same stretch as the
    /// one before; threads that ask about different ones overwrite each other's number, which costs a search and never truth.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref readonly GateWindow Window(long ticks)
    {
        var windows = _windows;
        ref readonly var window = ref windows[_current];
        return ref ticks >= window.From && ticks < window.Until ? ref window : ref windows[_current = Begun(ticks) + 1];
    }

    /// <summary>The segment that holds; −1: none has begun for this user. A share that decides nothing at this instant costs no hash.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int IndexAt(long ticks, string? user, uint seed)
    {
        ref readonly var window = ref Window(ticks);
        return !window.HasShare ? window.Ground
            : window.Nested ? Holding(window.Last, UserBucket.Of(user, seed))
            : window.IndexFor(UserBucket.Lot(user, seed));
    }

    /// <summary>Only the state that holds.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal GateState StateAt(long ticks, string? user, uint seed)
    {
        ref readonly var window = ref Window(ticks);
        return !window.HasShare ? window.StateFor(UserBucket.NoLot)
            : window.Nested ? StateOf(Holding(window.Last, UserBucket.Of(user, seed)))
            : window.StateFor(UserBucket.Lot(user, seed));
    }

    /// <summary>The stretch that begins with a segment; −1: the one before all of them.</summary>
    private GateWindow WindowAfter(int last)
    {
        var ground = Holding(last, UserBucket.None);
        // The nearest share that holds a bucket wins, so a share that is not larger than the last one decides nothing beside it.
        var nested = false;
        for (var i = ground + 1; i < last; i++) nested |= _marks[i].Share > _marks[last].Share;
        return new GateWindow(
            last < 0 ? long.MinValue : _marks[last].From, last + 1 < _marks.Length ? _marks[last + 1].From : long.MaxValue,
            last, ground, last == ground ? 0 : UserBucket.FirstLotAfter(_marks[last].Share), StateOf(last), StateOf(ground), nested);
    }

    internal GateState StateOf(int index) => index < 0 ? GateState.Open : _marks[index].State;

    internal string ReasonOf(int index) => index < 0 ? GateReasons.NotRetiring : _segments[index].Reason;

    internal long FromOf(int index) => _marks[index].From;

    /// <summary>The last segment that has begun, whoever it holds for.</summary>
    internal int Begun(long ticks)
    {
        var marks = _marks;
        var i = marks.Length - 1;
        if (i < LinearSearchUpTo)
        {
            while (i >= 0 && marks[i].From > ticks) i--;
            return i;
        }

        var low = 0;
        while (low <= i)
        {
            var middle = (low + i) >> 1;
            if (marks[middle].From <= ticks) low = middle + 1;
            else i = middle - 1;
        }

        return i;
    }

    /// <summary>Walks back over segments whose share leaves this bucket out.</summary>
    internal int Holding(int index, int bucket)
    {
        var marks = _marks;
        while (index >= 0 && marks[index].Share != GateSegment.Everyone && bucket >= marks[index].Share) index--;
        return index;
    }

    private readonly struct Mark(long from, ushort share, GateState state)
    {
        public readonly long From = from;
        public readonly ushort Share = share;
        public readonly GateState State = state;
    }
}
