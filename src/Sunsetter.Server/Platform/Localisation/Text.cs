using System.Globalization;

namespace Sunsetter.Server.Platform;

/// <summary>What a person reads, in both languages side by side, so that neither can be forgotten.</summary>
/// <param name="En">English.</param>
/// <param name="Zh">Simplified Chinese (zh-CN).</param>
public readonly record struct Text(string En, string Zh)
{
    /// <summary>For words that are the same in both languages: names, addresses, figures.</summary>
    public static Text Same(string words) => new(words, words);

    /// <summary>An English count of things: “1 user”, “668 users”. Chinese has one form.</summary>
    public static string Many(long count, string one) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {one}{(count == 1 ? "" : "s")}");

    public string In(CultureInfo culture) => culture.TwoLetterISOLanguageName == "zh" ? Zh : En;

    /// <summary>In a stored locale such as <c>zh-CN</c>, <c>zh</c> or <c>en-GB</c>; anything but Chinese reads English.</summary>
    public string In(string locale) => locale.StartsWith("zh", StringComparison.OrdinalIgnoreCase) ? Zh : En;

    /// <summary>In the language of the current request.</summary>
    public override string ToString() => In(CultureInfo.CurrentUICulture);
}
