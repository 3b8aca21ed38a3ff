using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Catalogue;

/// <summary>A company that uses the vendor's product.</summary>
internal sealed class Customer : IStamped
{
    public required CustomerKey Key { get; init; }
    public string NameEn { get; set; } = "";
    public string NameZh { get; set; } = "";

    /// <summary>The plan they bought, as the vendor calls it: free, standard, business, enterprise …</summary>
    public string Tier { get; set; } = "standard";
    public CustomerClass Class { get; set; }

    /// <summary>E-mail address of their account manager.</summary>
    public string? AccountManager { get; set; }

    /// <summary>Contract value in a year, in <see cref="Currency"/>.</summary>
    public decimal AnnualValue { get; set; }
    public string Currency { get; set; } = "CNY";

    /// <summary>Days of notice promised in the contract; null where it says nothing.</summary>
    public int? ContractNoticeDays { get; set; }

    /// <summary>IANA name.</summary>
    public string TimeZone { get; set; } = "Asia/Shanghai";
    public string Locale { get; set; } = "zh-CN";

    /// <summary>ISO 3166 country of their business calendar.</summary>
    public string Country { get; set; } = "CN";

    public Text Name => new(NameEn, NameZh.Length > 0 ? NameZh : NameEn);
}
