namespace Sunsetter.Gates;

/// <summary>
/// One module for one customer, looked up once, for paths that ask often. It belongs to the snapshot it was taken from:
/// take a new one when the snapshot changes.
/// </summary>
public readonly struct Gate
{
    private readonly GateModule? _module;
    private readonly GateTimeline? _timeline;
    private readonly GateState _default;
    private readonly bool _hasSnapshot;

    internal Gate(GateModule module, GateTimeline timeline)
    {
        _module = module;
        _timeline = timeline;
    }

    internal Gate(GateState @default, bool hasSnapshot)
    {
        _default = @default;
        _hasSnapshot = hasSnapshot;
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
        return timeline is null ? new GateDecision(_default, _hasSnapshot, ticks)
            : new GateDecision(_module!, timeline, user, ticks, timeline.IndexAt(ticks, user, _module!.UserSeed));
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
