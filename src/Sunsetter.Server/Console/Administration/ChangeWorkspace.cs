using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Console.Administration;

/// <summary>The rule for what a workspace may be.</summary>
internal static class ChangeWorkspace
{
    private const int LongestName = 120, LongestAddress = 200, LongestPhone = 60;

    public static Outcome<Workspace> Decide(Workspace stored, WorkspaceForm wanted)
    {
        if (string.IsNullOrWhiteSpace(wanted.VendorEn) || string.IsNullOrWhiteSpace(wanted.VendorZh))
            return new Refusal("workspace.no-name", "Give the company's name in both languages: it stands in every notice.", "请填写公司的中英文名称：它会出现在每一份通知中。");
        if (wanted.VendorEn.Trim().Length > LongestName || wanted.VendorZh.Trim().Length > LongestName || wanted.PublicUrl.Length > LongestAddress || wanted.SupportPhone.Trim().Length > LongestPhone)
            return new Refusal("workspace.too-long", $"Names may have {LongestName} characters, the address {LongestAddress}, the telephone number {LongestPhone}. Shorten what is longer.", $"名称最多 {LongestName} 个字符，地址最多 {LongestAddress} 个，电话最多 {LongestPhone} 个。请缩短。");
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(wanted.Zone.Trim(), out _))
            return new Refusal("workspace.unknown-zone", $"“{wanted.Zone}” is not a time zone. Use a name like Asia/Shanghai or Europe/Berlin.", $"“{wanted.Zone}”不是有效时区。请使用 Asia/Shanghai、Europe/Berlin 之类的名称。");
        if (wanted.Country.Trim().Length != 2 || !wanted.Country.All(char.IsAsciiLetter))
            return new Refusal("workspace.bad-country", "The country is a two-letter ISO code such as CN or DE.", "国家应为两位 ISO 代码，例如 CN 或 DE。");
        if (!Uri.TryCreate(wanted.PublicUrl, UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
            return new Refusal("workspace.bad-url", "The address begins with https:// (or http:// for a trial on one machine).", "地址应以 https:// 开头（单机试用可用 http://）。");
        if (Checks.Email(wanted.SupportEmail.Trim(), "supportEmail", required: true) is not null)
            return new Refusal("workspace.bad-email", $"“{wanted.SupportEmail}” is not an e-mail address.", $"“{wanted.SupportEmail}”不是有效的邮箱地址。");
        return stored with
        {
            Vendor = new Text(wanted.VendorEn.Trim(), wanted.VendorZh.Trim()),
            Zone = wanted.Zone.Trim(),
            Country = wanted.Country.Trim().ToUpperInvariant(),
            PublicUrl = wanted.PublicUrl.Trim().TrimEnd('/'),
            SupportEmail = wanted.SupportEmail.Trim(),
            SupportPhone = wanted.SupportPhone.Trim(),
        };
    }
}
