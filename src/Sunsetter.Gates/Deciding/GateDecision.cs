namespace Sunsetter.Gates;

/// <summary>
/// The answer for one module, customer, user and instant. A value: making one allocates nothing; what is derived from the timeline
/// (<see cref="Until"/>, <see cref="ClosesAt"/>, …) is computed when asked for.
/// </summary>
public readonly struct GateDecision
{
    private readonly GateModule? _module;
    private readonly GateTimeline? _timeline;
    private readonly string? _unknown;
    private readonly long _at;
    private readonly int _index;
    private readonly ushort _bucket;

    internal GateDecision(GateModule module, GateTimeline timeline, long at, int index, int bucket)
    {
        _module = module;
        _timeline = timeline;
        _at = at;
        _index = index;
        _bucket = (ushort)bucket;
        State = timeline.StateOf(index);
    }

    internal GateDecision(GateState state, string unknownReason, long at)
    {
        State = state;
        _unknown = unknownReason;
        _at = at;
    }

    /// <summary>What the gate says.</summary>
    public GateState State { get; }

    /// <summary>Whether the call may pass: open or warned.</summary>
    public bool IsOpen => State <= GateState.Warned;

    /// <summary>Whether nobody has decided this: the module (or any snapshot) is unknown, and the caller's own default was answered.</summary>
    public bool IsDefault => _timeline is null;

    /// <summary>Why; see <see cref="GateReasons"/>.</summary>
    public string Reason => _timeline is null ? _unknown ?? GateReasons.NoSnapshot : _timeline.ReasonOf(_index);

    /// <summary>The module with its texts; null when it is unknown.</summary>
    public GateModule? Module => _module;

    /// <summary>What to use instead, if the snapshot says so.</summary>
    public GateAlternative? Alternative => _module?.Alternative;

    /// <summary>Whom to ask, if the snapshot says so.</summary>
    public GateContact? Contact => _module?.Contact;

    /// <summary>The instant that was asked about.</summary>
    public DateTimeOffset At => Instant(_at);

    /// <summary>Until (exclusive) when this answer holds without asking again; null: until there is a new snapshot.</summary>
    public DateTimeOffset? ValidUntil
    {
        get
        {
            if (_timeline is null) return null;
            var next = _timeline.Begun(_at) + 1;
            return next < _timeline.Count ? Instant(_timeline.FromOf(next)) : null;
        }
    }

    /// <summary>The first later instant at which this caller's state differs; null: it never does. The end of a brownout.</summary>
    public DateTimeOffset? Until
    {
        get
        {
            if (_timeline is null) return null;
            for (var i = _timeline.Begun(_at) + 1; i < _timeline.Count; i++)
                if (IsLastOfItsInstant(i) && StateAfter(i) != State)
                    return Instant(_timeline.FromOf(i));
            return null;
        }
    }

    /// <summary>
    /// The first instant of the closing that has no end, past or future; else the announced one that is not yet certain; null: none is planned.
    /// The value of a <c>Sunset</c> header.
    /// </summary>
    public DateTimeOffset? ClosesAt
    {
        get
        {
            if (_timeline is null) return null;
            DateTimeOffset? closes = null;
            for (var i = _timeline.Count - 1; i >= 0; i--)
            {
                if (!IsLastOfItsInstant(i)) continue;
                if (StateAfter(i) != GateState.Closed) break;
                closes = Instant(_timeline.FromOf(i));
            }

            return closes ?? _timeline.AnnouncedClosing;
        }
    }

    /// <summary>The first instant at which the module was or will be anything but open; null: never. The value of a <c>Deprecation</c> header.</summary>
    public DateTimeOffset? AnnouncedAt
    {
        get
        {
            if (_timeline is null) return null;
            for (var i = 0; i < _timeline.Count; i++)
                if (IsLastOfItsInstant(i) && StateAfter(i) != GateState.Open)
                    return Instant(_timeline.FromOf(i));
            return null;
        }
    }

    private GateState StateAfter(int segment) => _timeline!.StateOf(_timeline.Holding(segment, _bucket));

    /// <summary>Of segments that begin at one instant the last is asked: only it walks back over the others.</summary>
    private bool IsLastOfItsInstant(int i) => i + 1 == _timeline!.Count || _timeline.FromOf(i + 1) != _timeline.FromOf(i);

    private static DateTimeOffset Instant(long ticks) => new(ticks, TimeSpan.Zero);
}
