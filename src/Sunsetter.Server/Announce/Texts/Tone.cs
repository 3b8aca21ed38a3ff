using System.Collections.Frozen;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Announce.Texts;

/// <summary>Words that abandon, blame or press, and words that thank; data beside the code, one list per language.</summary>
internal sealed record ToneWord(string Kind, string Words, string Instead);

internal static class Tone
{
    private static readonly FrozenDictionary<string, ToneWord[]> ByLanguage =
        NoticeTemplates.Languages.ToFrozenDictionary(language => language, language => Read(ShippedText.Of($"tone.{language}.txt")));

    public static IEnumerable<ToneWord> Harsh(string text, string language) =>
        ByLanguage[language].Where(word => word.Kind != "thanks" && Holds(text, word.Words, language));

    public static bool IsKind(string text, string language) =>
        ByLanguage[language].Any(word => word.Kind == "thanks" && Holds(text, word.Words, language));

    public static Text NameOf(string kind) => kind switch
    {
        "abandoning" => new Text("leaves the reader alone", "有弃之不顾之意"),
        "blaming" => new Text("blames the reader", "有指责读者之意"),
        _ => new Text("presses the reader", "有施压之意"),
    };

    // An English word must stand alone: "kill" is not "skill".
    private static bool Holds(string text, string words, string language)
    {
        for (var at = text.IndexOf(words, StringComparison.OrdinalIgnoreCase); at >= 0; at = text.IndexOf(words, at + 1, StringComparison.OrdinalIgnoreCase))
        {
            var end = at + words.Length;
            if (language != "en" || (at == 0 || !char.IsLetter(text[at - 1])) && (end == text.Length || !char.IsLetter(text[end])))
                return true;
        }
        return false;
    }

    private static ToneWord[] Read(string list) =>
    [
        .. list.Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Select(parts => new ToneWord(parts[0], parts[1], parts[2])),
    ];
}
