using System.Globalization;

namespace Sunsetter.Cli;

/// <summary>Both languages beside each other; the machine's language decides.</summary>
internal static class Words
{
    public static string T(string en, string zh) => IsChinese ? zh : en;

    public static string Language => IsChinese ? "zh-CN" : "en";

    public static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);

    private static bool IsChinese => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "zh";
}
