namespace Sunsetter.Server.Gates;

/// <summary>Where a key lives.</summary>
internal enum EdgeKeyKind
{
    /// <summary>In a back end: sees the whole snapshot.</summary>
    Server,

    /// <summary>In a browser, so public: sees one customer, named by a signed context.</summary>
    Browser,
}

/// <summary>What a key may be used for.</summary>
internal static class EdgeScopes
{
    public const string Gates = "gates", Usage = "usage", Notices = "notices";

    public static readonly string[] All = [Gates, Usage, Notices];
}
