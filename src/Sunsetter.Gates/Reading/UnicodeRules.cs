namespace Sunsetter.Gates.Reading;

/// <summary>What characters a string of ours may hold.</summary>
internal static class UnicodeRules
{
    /// <summary>Whether each surrogate has its other half, so that the string survives UTF-8.</summary>
    public static bool IsWellFormed(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsSurrogate(text[i])) continue;
            if (i + 1 >= text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return false;
            i++;
        }

        return true;
    }

    /// <summary>An identifier: within the length, well formed, no control characters.</summary>
    public static bool IsName(string? text, int atMost)
    {
        if (text is null || text.Length == 0 || text.Length > atMost) return false;
        foreach (var c in text)
            if (c < 0x20 || c == 0x7f)
                return false;
        return IsWellFormed(text);
    }

    /// <summary>An absolute http(s) address within the length.</summary>
    public static bool IsUrl(string text) =>
        text.Length <= Limits.Url && Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && (uri.Scheme == "http" || uri.Scheme == "https")
        && (text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || text.StartsWith("https://", StringComparison.OrdinalIgnoreCase))
        && IsWellFormed(text);
}
