using System.Text;

namespace Sunsetter.Server.Usage;

/// <summary>Lines of a file of rejects: number, code, reason and the line as it was.</summary>
internal static class RejectsFile
{
    public static string Line(RejectedLine rejected, ReadOnlySpan<byte> content) =>
        FormattableString.Invariant($"{rejected.Line},{rejected.Reason.Code},{Cell(rejected.Reason.Sentence.ToString())},{Cell(Encoding.UTF8.GetString(content))}");

    // A spreadsheet would run a cell that starts with one of these; the quote makes it text.
    private static string Cell(string text) =>
        $"\"{(text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? "'" : "")}{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
