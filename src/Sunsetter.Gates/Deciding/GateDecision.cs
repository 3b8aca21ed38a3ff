namespace Sunsetter.Gates;

/// <summary>
/// The answer for one module, customer, user and instant. A value: making one allocates nothing; what is derived from the timeline
/// (<see cref="Until"/>, <see cref="ClosesAt"/>, …) is computed when asked for.
/// </summary>
public readonly struct GateDecision
{
    private readonly GateModule? _module;
    private readonly GateTimeline? _timeline;
    private readonly string? _user;
    private readonly long _at;

    // Where there is no timeline: 1 if there is a snapshot, that does not know the module.
    private readonly int _index;

    internal GateDecision(GateModule module, GateTimeline timeline, string? user, long at, int index)
    {
        _module = module;
        _timeline = timeline;
        _user = user;
        _at = at;
        _index = index;
        State = timeline.StateOf(index);
    }

    internal GateDecision(GateState state, bool hasSnapshot, long at)
    {
        State = state;
        _index = hasSnapshot ? 1 : 0;
        _at = at;
    }

    /// <summary>What the gate says.</summary>
    public GateState State { get; }

    /// <summary>Whether the call may pass: open or warned.</summary>
    public bool IsOpen => State <= GateState.Warned;

    /// <summary>Whether nobody has decided this: the module (or any snapshot) is unknown, and the caller's own default was answered.</summary>
    public bool IsDefault => _timeline is null;

    /// <summary>Why; see <see cref="GateReasons"/>.</summary>
    public string Reason => _timeline is not null ? _timeline.ReasonOf(_index) : _index == 1 ? GateReasons.UnknownModule : GateReasons.NoSnapshot;

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
            var bucket = Bucket;
            for (var i = _timeline.Begun(_at) + 1; i < _timeline.Count; i++)
                if (IsLastOfItsInstant(i) && StateAfter(i, bucket) != State)
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
            var bucket = Bucket;
            DateTimeOffset? closes = null;
            for (var i = _timeline.Count - 1; i >= 0; i--)
            {
                if (!IsLastOfItsInstant(i)) continue;
                if (StateAfter(i, bucket) != GateState.Closed) break;
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
            var bucket = Bucket;
            for (var i = 0; i < _timeline.Count; i++)
                if (IsLastOfItsInstant(i) && StateAfter(i, bucket) != GateState.Open)
                    return Instant(_timeline.FromOf(i));
            return null;
        }
    }

    // Computed when asked for: most who ask want the state alone, and most instants need no hash for it.
    private int Bucket => _timeline!.HasShares ? UserBucket.Of(_user, _module!.UserSeed) : UserBucket.None;

    private GateState StateAfter(int segment, int bucket) => _timeline!.StateOf(_timeline.Holding(segment, bucket));

    /// <summary>Of segments that begin at one instant the last is asked: only it walks back over the others.</summary>
    private bool IsLastOfItsInstant(int i) => i + 1 == _timeline!.Count || _timeline.FromOf(i + 1) != _timeline.FromOf(i);

    private static DateTimeOffset Instant(long ticks) => new(ticks, TimeSpan.Zero);
}
