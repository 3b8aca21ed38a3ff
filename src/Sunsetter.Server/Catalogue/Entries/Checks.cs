using System.Collections.Frozen;
using System.Globalization;
using System.Text.RegularExpressions;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Catalogue;

/// <summary>What the fields of the catalogue may hold. Imports and the API ask here, so that they refuse alike.</summary>
internal static partial class Checks
{
    private static readonly FrozenSet<string> Currencies = CultureInfo.GetCultures(CultureTypes.SpecificCultures)
        .Select(culture => new RegionInfo(culture.Name).ISOCurrencySymbol).Append("CNY").Append("USD").Append("EUR").ToFrozenSet();

    /// <summary>The first refusal, or null.</summary>
    public static Refusal? First(params ReadOnlySpan<Refusal?> checks)
    {
        foreach (var check in checks)
            if (check is not null)
                return check;
        return null;
    }

    public static Refusal? ModuleKey(string? key, string field = "key") =>
        key is { Length: > 0 and <= 80 } && ModuleKeyForm().IsMatch(key)
            ? null
            : Bad("module.bad-key", field, $"“{Shown(key)}” is no module key. Use 1 to 80 lower-case letters, digits, “-”, “_” and “.”, beginning with a letter or digit.",
                $"“{Shown(key)}”不是有效的模块标识。请使用 1–80 个小写字母、数字、“-”“_”“.”，并以字母或数字开头。");

    public static Refusal? CustomerKey(string? key, string field = "key") =>
        key is { Length: > 0 and <= 120 } && key.Trim() == key && key is not ("." or "..") && !key.Contains('/') && !key.Contains('\\') && !key.Any(char.IsControl) && IsText(key)
            ? null
            : Bad("customer.bad-key", field, $"“{Shown(key)}” is no customer key. Use 1 to 120 characters without “/”, “\\”, control characters or spaces at the ends.",
                $"“{Shown(key)}”不是有效的客户标识。请使用 1–120 个字符，不含“/”“\\”、控制字符及首尾空格。");

    /// <summary>Free text: bounded, without control characters but line breaks and tabs.</summary>
    public static Refusal? Text(string? value, string field, int longest) =>
        value is null ? null
        : value.Length > longest ? Bad("catalogue.too-long", field, $"The field “{field}” holds {value.Length} characters; at most {longest} are kept.", $"字段“{field}”有 {value.Length} 个字符，最多 {longest} 个。")
        : value.Any(letter => char.IsControl(letter) && letter is not ('\n' or '\r' or '\t')) ? Bad("catalogue.control-character", field,
            $"The field “{field}” holds a control character (such as NUL). Remove it.", $"字段“{field}”含有控制字符（例如 NUL），请删除。")
        : !IsText(value) ? Bad("catalogue.not-unicode", field, $"The field “{field}” is not valid Unicode. Save the file as UTF-8.", $"字段“{field}”不是有效的 Unicode。请将文件另存为 UTF-8。")
        : null;

    public static Refusal? Currency(string? value) => value is null or "" || Currencies.Contains(value)
        ? null
        : Bad("catalogue.bad-currency", "currency", $"“{Shown(value)}” is no ISO 4217 currency. Write it as CNY, USD, EUR …", $"“{Shown(value)}”不是 ISO 4217 货币代码。请写作 CNY、USD、EUR 等。");

    public static Refusal? Zone(string? value) => value is null or "" || TimeZoneInfo.TryFindSystemTimeZoneById(value, out var zone) && zone.HasIanaId
        ? null
        : Bad("catalogue.bad-time-zone", "time_zone", $"“{Shown(value)}” is no IANA time zone. Write it as Asia/Shanghai or Europe/Berlin.", $"“{Shown(value)}”不是 IANA 时区。请写作 Asia/Shanghai、Europe/Berlin 等。");

    public static Refusal? Locale(string? value) => value is null or "" || LocaleForm().IsMatch(value)
        ? null
        : Bad("catalogue.bad-locale", "locale", $"“{Shown(value)}” is no locale. Write it as zh-CN, en or en-GB.", $"“{Shown(value)}”不是有效的语言代码。请写作 zh-CN、en、en-GB 等。");

    public static Refusal? Country(string? value) => value is null or "" || CountryForm().IsMatch(value)
        ? null
        : Bad("catalogue.bad-country", "country", $"“{Shown(value)}” is no ISO 3166 country. Write two capital letters: CN, DE, US.", $"“{Shown(value)}”不是 ISO 3166 国家代码。请写两个大写字母：CN、DE、US。");

    public static Refusal? Email(string? value, string field, bool required) =>
        !required && value is null or "" ? (required ? NoEmail(value, field) : null)
        : value is { Length: <= 200 } && value.IndexOf('@') > 0 && !value.Any(letter => char.IsControl(letter) || char.IsWhiteSpace(letter)) && MimeKit.MailboxAddress.TryParse(value, out var parsed) && parsed.Address == value
            ? null : NoEmail(value, field);

    public static Refusal? Url(string? value, string field) =>
        value is null or "" || Uri.TryCreate(value, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && value.Length <= 500
            ? null
            : Bad("catalogue.bad-address", field, $"“{Shown(value)}” is no web address. Write it with https:// in front.", $"“{Shown(value)}”不是有效的网址。请以 https:// 开头填写。");

    public static Refusal Bad(string code, string field, string en, string zh) => new(code, en, zh) { Field = field };

    public static string Shown(string? value) => value is null ? "" : value.Length <= 60 ? value : value[..60] + "…";

    private static Refusal NoEmail(string? value, string field) =>
        Bad("catalogue.bad-email", field, $"“{Shown(value)}” is not an e-mail address.", $"“{Shown(value)}”不是有效的邮箱地址。");

    // U+FFFD is what a decoder puts where bytes were no UTF-8; a lone surrogate cannot be stored.
    private static bool IsText(string value)
    {
        for (var at = 0; at < value.Length; at++)
        {
            if (value[at] == '\uFFFD' || char.IsLowSurrogate(value[at]))
                return false;
            if (char.IsHighSurrogate(value[at]) && (++at == value.Length || !char.IsLowSurrogate(value[at])))
                return false;
        }
        return true;
    }

    [GeneratedRegex(@"^[a-z0-9][a-z0-9._-]*\z")]
    private static partial Regex ModuleKeyForm();

    [GeneratedRegex(@"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}\z")]
    private static partial Regex LocaleForm();

    [GeneratedRegex(@"^[A-Z]{2}\z")]
    private static partial Regex CountryForm();
}
