using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Decide;

/// <summary>Words that a person has given.</summary>
internal static class Given
{
    public const int Longest = 4000;

    /// <summary>Refuses words that are missing or too long.</summary>
    public static Refusal? Missing(string? words, string field, int longest = Longest) =>
        string.IsNullOrWhiteSpace(words)
            ? new Refusal("text.missing", $"Fill in “{field}”: the record is read by people who were not there.", $"请填写“{field}”：记录会被未参与的人阅读。") { Field = field }
        : words.Length > longest
            ? new Refusal("text.too-long", $"Keep “{field}” under {longest} characters.", $"“{field}”请控制在 {longest} 个字符以内。") { Field = field }
        : null;

    /// <summary>The same in both languages: neither may be missing.</summary>
    public static Refusal? Missing(Text words, string field, int longest = Longest) => Missing(words.En, $"{field}.en", longest) ?? Missing(words.Zh, $"{field}.zh", longest);

    public static Text Trimmed(this Text words) => new(words.En.Trim(), words.Zh.Trim());
}
