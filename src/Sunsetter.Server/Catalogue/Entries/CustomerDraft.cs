using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Catalogue;

/// <summary>What somebody says about a customer, in a file or in a request. Null: not said, so it stays as it is.</summary>
internal sealed record CustomerDraft
{
    public string? Key { get; init; }

    /// <summary>In English, or in the only language there is.</summary>
    public string? Name { get; init; }

    /// <summary>The same, as answers call it: what was read can be sent back.</summary>
    public string? NameEn { get => Name; init => Name ??= value; }
    public string? NameZh { get; init; }
    public string? Tier { get; init; }

    /// <summary><c>standard</c>, <c>key</c> or <c>enterprise</c>. Not said of a new customer: the tier decides where it bears one of these names.</summary>
    public string? Class { get; init; }
    public string? AccountManager { get; init; }
    public decimal? AnnualValue { get; init; }
    public string? Currency { get; init; }
    public int? ContractNoticeDays { get; init; }

    /// <summary>The contract says nothing (any more) about notice.</summary>
    public bool NoContractNotice { get; init; }
    public string? TimeZone { get; init; }
    public string? Locale { get; init; }
    public string? Country { get; init; }

    public Refusal? Check() => Checks.First(
        Checks.CustomerKey(Key),
        Checks.Text(Name, "name", 120), Checks.Text(NameZh, "name_zh", 120),
        Tier is null or "" || Tier.Length <= 40 && Tier.All(letter => char.IsLetterOrDigit(letter) || letter is '-' or '_' or ' ')
            ? null : Checks.Bad("customer.bad-tier", "tier", $"“{Checks.Shown(Tier)}” is no tier. Use at most 40 letters, digits, “-” and “_”, such as standard or enterprise.", $"“{Checks.Shown(Tier)}”不是有效的套餐。最多 40 个字母、数字、“-”“_”，例如 standard、enterprise。"),
        ClassOf(Class) is null && Class is not (null or "")
            ? Checks.Bad("customer.bad-class", "class", $"“{Checks.Shown(Class)}” is no class. Choose standard, key or enterprise.", $"“{Checks.Shown(Class)}”不是有效的客户级别。可选：standard、key、enterprise。")
            : null,
        Checks.Email(AccountManager, "account_manager", required: false),
        AnnualValue is < 0 or > 1_000_000_000_000 ? Checks.Bad("customer.bad-value", "annual_value", "The annual value must be between 0 and 1,000,000,000,000.", "年合同额必须在 0 到 1,000,000,000,000 之间。") : null,
        Checks.Currency(Currency),
        ContractNoticeDays is < 0 or > 3650 ? Checks.Bad("customer.bad-notice", "contract_notice_days", "The contract's notice must be between 0 and 3,650 days.", "合同约定的通知期必须在 0 到 3,650 天之间。") : null,
        Checks.Zone(TimeZone), Checks.Locale(Locale), Checks.Country(Country));

    public void WriteTo(Customer customer, bool isNew)
    {
        if (Name is { Length: > 0 } name)
            customer.NameEn = name;
        if (NameZh is not null)
            customer.NameZh = NameZh;
        if (customer.NameEn.Length == 0)
            customer.NameEn = customer.NameZh.Length > 0 ? customer.NameZh : customer.Key.Value;
        if (Tier is { Length: > 0 } tier)
            customer.Tier = tier.Trim().ToLowerInvariant();
        customer.Class = ClassOf(Class) ?? (isNew ? ClassOf(customer.Tier) ?? CustomerClass.Standard : customer.Class);
        customer.AccountManager = AccountManager switch { null => customer.AccountManager, "" => null, var email => email.ToLowerInvariant() };
        customer.AnnualValue = Fields.Amount(AnnualValue) ?? customer.AnnualValue;
        customer.Currency = Currency is { Length: > 0 } ? Currency : customer.Currency;
        customer.ContractNoticeDays = NoContractNotice ? null : ContractNoticeDays ?? customer.ContractNoticeDays;
        customer.TimeZone = TimeZone is { Length: > 0 } zone ? TimeZoneInfo.FindSystemTimeZoneById(zone).Id : customer.TimeZone;
        customer.Locale = Locale is { Length: > 0 } ? Locale : customer.Locale;
        customer.Country = Country is { Length: > 0 } ? Country : customer.Country;
    }

    private static CustomerClass? ClassOf(string? words) => words?.Trim().ToLowerInvariant() switch
    {
        "standard" => CustomerClass.Standard,
        "key" => CustomerClass.Key,
        "enterprise" => CustomerClass.Enterprise,
        _ => null,
    };
}
