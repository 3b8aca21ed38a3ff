namespace Sunsetter.Gates;

/// <summary>What a module's gate says. <see cref="Open"/> and <see cref="Warned"/> let calls pass; the other two refuse them.</summary>
public enum GateState : byte
{
    /// <summary>The module works and nobody plans otherwise.</summary>
    Open,

    /// <summary>The module works and will close: tell people when and what to use instead.</summary>
    Warned,

    /// <summary>The module is closed for a short rehearsal and comes back at <see cref="GateDecision.Until"/>.</summary>
    Brownout,

    /// <summary>The module is closed.</summary>
    Closed,
}
