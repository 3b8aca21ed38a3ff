namespace Sunsetter.Gates;

/// <summary>
/// One module for one customer, looked up once, for paths that ask often. It belongs to the snapshot it was taken from:
/// take a new one when the snapshot changes.
/// </summary>
public readonly struct Gate
{
    private readonly GateModule? _module;
    private readonly GateTimeline? _timeline;
    private readonly string? _unknown;
    private readonly GateState _default;

    internal Gate(GateModule module, GateTimeline timeline)
    {
        _module = module;
        _timeline = timeline;
    }

    internal Gate(GateState @default, string unknownReason)
    {
        _default = @default;
        _unknown = unknownReason;
    }

    /// <summary>The module; null when it is unknown and the default is answered.</summary>
    public GateModule? Module => _module;

    /// <summary>The customer's timeline; null when the module is unknown.</summary>
    public GateTimeline? Timeline => _timeline;

    /// <summary>Decides for a user at an instant. Allocates nothing and never throws.</summary>
    /// <param name="user">The user's id; null or empty: nobody in particular, who closes last.</param>
    /// <param name="at">The instant, by the server's clock.</param>
    public GateDecision Decide(string? user, DateTimeOffset at)
    {
        var ticks = at.UtcTicks;
        var timeline = _timeline;
        if (timeline is null) return new GateDecision(_default, _unknown ?? GateReasons.NoSnapshot, ticks);
        var bucket = timeline.HasShares ? UserBucket.Of(user, _module!.UserSeed) : UserBucket.None;
        return new GateDecision(_module!, timeline, ticks, timeline.IndexAt(ticks, bucket), bucket);
    }

    /// <summary>Only the state, for the hottest paths. Allocates nothing and never throws.</summary>
    /// <param name="user">The user's id; null or empty: nobody in particular, who closes last.</param>
    /// <param name="at">The instant, by the server's clock.</param>
    public GateState StateOf(string? user, DateTimeOffset at)
    {
        var timeline = _timeline;
        return timeline is null ? _default : timeline.StateAt(at.UtcTicks, user, _module!.UserSeed);
    }
}
