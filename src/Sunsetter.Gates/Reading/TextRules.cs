namespace Sunsetter.Gates.Reading;

/// <summary>The rules of texts for people.</summary>
internal static class TextRules
{
    public static void Check(IReadOnlyList<KeyValuePair<string, string>> texts, string path, ErrorList errors)
    {
        if (texts.Count is 0 or > Limits.Languages)
            errors.Add("limit", path, $"A text has 1 to {Limits.Languages} languages.");
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var text in texts)
        {
            if (!UnicodeRules.IsName(text.Key, Limits.Language)) errors.Add("value", path, $"A language tag is 1 to {Limits.Language} characters.");
            else if (!seen.Add(text.Key)) errors.Add("duplicate", path, "A language is there twice.");
            if (text.Value is null || text.Value.Length > Limits.Text || !UnicodeRules.IsWellFormed(text.Value))
                errors.Add("limit", $"{path}.{text.Key}", $"A text has at most {Limits.Text} characters.");
        }
    }
}
