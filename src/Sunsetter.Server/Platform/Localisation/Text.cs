using System.Globalization;

namespace Sunsetter.Server.Platform;

/// <summary>What a person reads, in both languages side by side, so that neither can be forgotten.</summary>
/// <param name="En">English.</param>
/// <param name="Zh">Simplified Chinese (zh-CN).</param>
public readonly record struct Text(string En, string Zh)
{
    /// <summary>For words that are the same in both languages: names, addresses, figures.</summary>
    public static Text Same(string words) => new(words, words);

    /// <summary>An English count of things: “1 user”, “1,204 users”, “2 people”. Chinese has one form.</summary>
    /// <param name="several">Where an “s” does not make it.</param>
    public static string Many(long count, string one, string? several = null) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {(count == 1 ? one : several ?? one + "s")}");

    public string In(CultureInfo culture) => culture.TwoLetterISOLanguageName == "zh" ? Zh : En;

    /// <summary>In a stored locale such as <c>zh-CN</c>, <c>zh</c> or <c>en-GB</c>; anything but Chinese reads English.</summary>
    public string In(string locale) => locale.StartsWith("zh", StringComparison.OrdinalIgnoreCase) ? Zh : En;

    /// <summary>In the language of the current request.</summary>
    public override string ToString() => In(CultureInfo.CurrentUICulture);
}
