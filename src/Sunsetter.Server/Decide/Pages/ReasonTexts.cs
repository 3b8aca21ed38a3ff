using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Decide.Pages;

/// <summary>The reasons as a form posts them: a text in each language for each of the four kinds.</summary>
public class ReasonTexts
{
    /// <summary>Technical renewal, English.</summary>
    public string? TechnicalRenewalEn { get; set; }

    /// <summary>Technical renewal, Chinese.</summary>
    public string? TechnicalRenewalZh { get; set; }

    /// <summary>Shifted demand, English.</summary>
    public string? ShiftedDemandEn { get; set; }

    /// <summary>Shifted demand, Chinese.</summary>
    public string? ShiftedDemandZh { get; set; }

    /// <summary>Compliance or security, English.</summary>
    public string? ComplianceOrSecurityEn { get; set; }

    /// <summary>Compliance or security, Chinese.</summary>
    public string? ComplianceOrSecurityZh { get; set; }

    /// <summary>Business strategy, English.</summary>
    public string? BusinessStrategyEn { get; set; }

    /// <summary>Business strategy, Chinese.</summary>
    public string? BusinessStrategyZh { get; set; }

    /// <summary>The kinds that were filled in, if only in one language: the rule then says what is missing.</summary>
    internal IEnumerable<Reason> Stated =>
        Enum.GetValues<ReasonKind>().Select(kind => new Reason(kind, Of(kind))).Where(reason => !string.IsNullOrWhiteSpace(reason.Explanation.En) || !string.IsNullOrWhiteSpace(reason.Explanation.Zh));

    internal Text Of(ReasonKind kind) => kind switch
    {
        ReasonKind.TechnicalRenewal => new(TechnicalRenewalEn ?? "", TechnicalRenewalZh ?? ""),
        ReasonKind.ShiftedDemand => new(ShiftedDemandEn ?? "", ShiftedDemandZh ?? ""),
        ReasonKind.ComplianceOrSecurity => new(ComplianceOrSecurityEn ?? "", ComplianceOrSecurityZh ?? ""),
        _ => new(BusinessStrategyEn ?? "", BusinessStrategyZh ?? ""),
    };
}
