using System.Runtime.CompilerServices;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Catalogue;

/// <summary>
/// Reads CSV (RFC 4180) record by record and always finds its way back: a quote that never closes or a line without end costs that line alone.
/// Takes LF, CRLF and CR, a byte order mark, quoted line breaks; holds at most one record of <see cref="LongestRecord"/> characters.
/// </summary>
internal sealed class CsvRecords(TextReader text)
{
    public const int LongestRecord = 64 * 1024;
    private const int MostLinesOfARecord = 200;
    private const int Shown = 500;

    private static readonly Refusal TooLong = new(
        "import.line-too-long", $"The line is longer than {LongestRecord} characters. Is a line break or a closing quote missing?", $"该行超过 {LongestRecord} 个字符。是否缺少换行或右引号？");
    private static readonly Refusal OpenQuote = new(
        "import.quote-not-closed", "A quoted cell begins here and never ends. Close the quote, or double it (\"\") where it is part of the text.", "此处的引号没有闭合。请补上右引号；若引号是文字的一部分，请写成两个引号（\"\"）。");

    private readonly Queue<(long Number, string Text, bool Cut)> ahead = new();
    private readonly char[] buffer = new char[32 * 1024];
    private int at, filled;
    private bool afterReturn;
    private long line;

    /// <summary>Comma, unless the header is plainly separated by tabs or semicolons.</summary>
    public char Separator { get; private set; } = ',';

    public async IAsyncEnumerable<CsvRecord> Read([EnumeratorCancellation] CancellationToken cancel)
    {
        var first = true;
        while (await Next(cancel) is { } start)
        {
            if (first)
                Separator = SeparatorOf(start.Text);
            first = false;
            yield return start.Cut ? new CsvRecord(start.Number, Short(start.Text), [], TooLong) : await Whole(start, cancel);
        }
    }

    // Takes further lines while a quote is open; gives them back where it never closes.
    private async Task<CsvRecord> Whole((long Number, string Text, bool Cut) start, CancellationToken cancel)
    {
        var cells = new List<string>();
        var record = start.Text;
        if (Split(record, cells))
            return new CsvRecord(start.Number, record, cells, null);

        var taken = new List<(long, string, bool)>();
        while (taken.Count < MostLinesOfARecord && record.Length <= LongestRecord && await Next(cancel) is { } more)
        {
            taken.Add(more);
            if (more.Cut)
                break;
            record += '\n' + more.Text;
            // Only a line with a quote can close it.
            if (more.Text.Contains('"') && record.Length <= LongestRecord && Split(record, cells))
                return new CsvRecord(start.Number, record, cells, null);
        }
        var later = ahead.ToArray();
        ahead.Clear();
        foreach (var back in taken.Concat(later))
            ahead.Enqueue(back);
        return new CsvRecord(start.Number, Short(start.Text), [], OpenQuote);
    }

    /// <returns>False where the text ends inside a quote.</returns>
    private bool Split(string record, List<string> cells)
    {
        cells.Clear();
        var cell = new System.Text.StringBuilder();
        var quoted = false;
        for (var index = 0; index < record.Length; index++)
        {
            var letter = record[index];
            if (quoted && letter == '"' && index + 1 < record.Length && record[index + 1] == '"')
                cell.Append(record[index++]);
            else if (quoted && letter == '"')
                quoted = false;
            else if (!quoted && letter == '"' && cell.Length == 0)
                quoted = true;
            else if (!quoted && letter == Separator)
            {
                cells.Add(cell.ToString());
                cell.Clear();
            }
            else
                cell.Append(letter);
        }
        cells.Add(cell.ToString());
        return !quoted;
    }

    private async ValueTask<(long Number, string Text, bool Cut)?> Next(CancellationToken cancel)
    {
        if (ahead.TryDequeue(out var known))
            return known;
        var text = new System.Text.StringBuilder();
        var (cut, any) = (false, false);
        while (await Fill(cancel))
        {
            var letter = buffer[at++];
            if (letter == '\n' && afterReturn)
            {
                afterReturn = false;
                continue;
            }
            any = true;
            afterReturn = letter == '\r';
            if (letter is '\r' or '\n')
                return (++line, text.ToString(), cut);
            if (text.Length < LongestRecord)
                text.Append(letter);
            else
                cut = true;
        }
        return any ? (++line, text.ToString(), cut) : null;
    }

    private async ValueTask<bool> Fill(CancellationToken cancel)
    {
        if (at < filled)
            return true;
        (at, filled) = (0, await text.ReadAsync(buffer, cancel));
        return filled > 0;
    }

    internal static char SeparatorOf(string header) =>
        header.Contains(',') ? ',' : header.Contains('\t') ? '\t' : header.Contains(';') ? ';' : ',';

    private static string Short(string text) => text.Length <= Shown ? text : text[..Shown] + "…";
}
