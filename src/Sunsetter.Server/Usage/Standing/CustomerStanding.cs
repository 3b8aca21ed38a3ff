using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Usage;

/// <summary>Where a customer stands between an old module and its replacement (G3). Never concluded from silence alone.</summary>
internal enum Standing
{
    /// <summary>On the old module, nobody on the replacement yet.</summary>
    Staying,

    /// <summary>Some on the replacement, the old one still in use.</summary>
    Moving,

    /// <summary>The old module is silent on days that are known, and those who used it use the replacement.</summary>
    Moved,

    /// <summary>The old module is silent on days that are known, but the replacement does not show its users: on holiday, between two quarter-ends, or lost.</summary>
    Quiet,

    /// <summary>Had moved and uses the old module again.</summary>
    WentBack,

    /// <summary>Too little is known: a source has stopped, or none ever reported.</summary>
    Unknown,
}

/// <summary>A customer's standing with its evidence.</summary>
/// <param name="Since">The first day of the standing where one can be named.</param>
/// <param name="Evidence">Why, in one sentence.</param>
/// <param name="OldUsers">Users of the old module in the last days (<see cref="StandingRule.Window"/>).</param>
/// <param name="NewUsers">Users of the replacement in the same days.</param>
/// <param name="Both">Users of both in the same days.</param>
/// <param name="ExpectedAgain">When periodic use of the old module is expected next; null where it has no period.</param>
internal sealed record CustomerStanding(
    CustomerKey Customer, Standing State, DateOnly? Since, Text Evidence, long OldUsers, long NewUsers, long Both,
    DateOnly? LastOld, DateOnly? FirstNew, DateOnly? LastNew, DateOnly? ExpectedAgain)
{
    public long OnlyOld => OldUsers - Both;
}
