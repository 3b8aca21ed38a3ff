namespace Sunsetter.Gates;

/// <summary>The reason codes that Sunsetter itself gives. Others may come over the wire: show them, never fail on them.</summary>
public static class GateReasons
{
    /// <summary>Open: no segment of the timeline has begun.</summary>
    public const string NotRetiring = "not-retiring";

    /// <summary>Warned: customers have been told that the module closes.</summary>
    public const string ClosingAnnounced = "closing-announced";

    /// <summary>Brownout: a short announced outage before the closing.</summary>
    public const string Rehearsal = "rehearsal";

    /// <summary>Closed: the module has been retired.</summary>
    public const string Retired = "retired";

    /// <summary>Open again after it was closed.</summary>
    public const string Restored = "restored";

    /// <summary>Still warned: this customer was granted more time.</summary>
    public const string Extended = "extended";

    /// <summary>A restore drill on a shadow module.</summary>
    public const string Drill = "drill";

    /// <summary>The snapshot does not know the module: the caller's own default was answered.</summary>
    public const string UnknownModule = "unknown-module";

    /// <summary>There is no snapshot yet: the caller's own default was answered.</summary>
    public const string NoSnapshot = "no-snapshot";
}
