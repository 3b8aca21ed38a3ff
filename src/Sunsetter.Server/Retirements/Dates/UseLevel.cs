namespace Sunsetter.Server.Retirements;

/// <summary>How much a customer uses a module. Unknown is not none: it never shortens a notice.</summary>
internal enum UseLevel
{
    Unknown,
    None,
    Little,
    Regular,

    /// <summary>Little or much, they depend on it: found as a hidden dependent and confirmed (A5).</summary>
    Vital,
}
