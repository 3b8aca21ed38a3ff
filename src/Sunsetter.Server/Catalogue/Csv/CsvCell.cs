namespace Sunsetter.Server.Catalogue;

/// <summary>Writes cells that any spreadsheet reads as text: what begins like a formula gets an apostrophe in front.</summary>
internal static class CsvCell
{
    private static readonly System.Buffers.SearchValues<char> Special = System.Buffers.SearchValues.Create(",\"\r\n;\t");

    public static string Line(params IEnumerable<string?> cells) => string.Join(',', cells.Select(Of)) + "\r\n";

    public static string Of(string? value)
    {
        if (string.IsNullOrEmpty(value))
            return "";
        // A cell such as =HYPERLINK(…) would run in the reader's spreadsheet (CWE-1236); some read the full-width signs as the narrow ones.
        if (value[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '\n' or '＝' or '＋' or '－' or '＠')
            value = "'" + value;
        return value.AsSpan().ContainsAny(Special) ? $"\"{value.Replace("\"", "\"\"")}\"" : value;
    }
}
