using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Retirements;

/// <summary>The four kinds of reason for which a module may go (M1).</summary>
internal enum ReasonKind
{
    TechnicalRenewal,
    ShiftedDemand,
    ComplianceOrSecurity,
    BusinessStrategy,
}

/// <summary>One reason with its explanation, as customers will read it in either language.</summary>
internal sealed record Reason(ReasonKind Kind, Text Explanation);
