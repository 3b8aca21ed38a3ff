namespace Sunsetter.Gates;

/// <summary>One text in one or more languages. Immutable.</summary>
public sealed class LocalizedText
{
    private readonly KeyValuePair<string, string>[] _texts;

    internal LocalizedText(KeyValuePair<string, string>[] texts) => _texts = texts;

    /// <summary>Language tags (BCP 47) and texts, in the order given.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Texts => _texts;

    /// <summary>Makes a text of languages and texts.</summary>
    /// <param name="texts">1–20 pairs; tags at most 35 characters and unique, texts at most 4,000.</param>
    /// <exception cref="ArgumentException">A rule is broken; the message names it.</exception>
    public static LocalizedText Of(IEnumerable<KeyValuePair<string, string>> texts)
    {
        if (texts is null) throw new ArgumentNullException(nameof(texts));
        var copy = texts.ToArray();
        var errors = new Reading.ErrorList();
        Reading.TextRules.Check(copy, "text", errors);
        return errors.Any ? throw new ArgumentException(string.Join(" ", errors.Items), nameof(texts)) : new LocalizedText(copy);
    }

    /// <summary>A text in English and simplified Chinese.</summary>
    /// <param name="en">The English text.</param>
    /// <param name="zh">The Chinese text.</param>
    public static LocalizedText Of(string en, string zh) => Of([new("en", en), new("zh-CN", zh)]);

    /// <summary>The best text for a language: the tag itself, then its language without region, then another region of the language, then English, then the first.</summary>
    /// <param name="language">A tag such as <c>zh-CN</c>; null: English.</param>
    public string For(string? language)
    {
        var tag = language ?? "en";
        var dash = tag.IndexOf('-');
        var primary = dash < 0 ? tag : tag.Substring(0, dash);
        return Exact(tag) ?? Exact(primary) ?? Region(primary) ?? Exact("en") ?? _texts[0].Value;
    }

    /// <inheritdoc/>
    public override string ToString() => For(null);

    internal bool Same(LocalizedText other)
    {
        if (_texts.Length != other._texts.Length) return false;
        foreach (var text in _texts)
            if (!string.Equals(other.Verbatim(text.Key), text.Value, StringComparison.Ordinal))
                return false;
        return true;
    }

    private string? Verbatim(string tag)
    {
        foreach (var text in _texts)
            if (string.Equals(text.Key, tag, StringComparison.Ordinal))
                return text.Value;
        return null;
    }

    private string? Exact(string tag)
    {
        foreach (var text in _texts)
            if (string.Equals(text.Key, tag, StringComparison.OrdinalIgnoreCase))
                return text.Value;
        return null;
    }

    private string? Region(string primary)
    {
        foreach (var text in _texts)
            if (text.Key.Length > primary.Length && text.Key[primary.Length] == '-' && text.Key.StartsWith(primary, StringComparison.OrdinalIgnoreCase))
                return text.Value;
        return null;
    }
}
