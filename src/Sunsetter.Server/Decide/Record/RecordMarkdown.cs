using System.Text;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Decide;

/// <summary>The decision record as Markdown. What people wrote is escaped, so that it reads as they wrote it and cannot break a table.</summary>
internal static class RecordMarkdown
{
    public static string Write(DecisionRecord record)
    {
        var text = new StringBuilder().Append("# ").Append(MarkdownText.Line(record.Title)).Append("\n\n").Append(MarkdownText.Line(record.Standing)).Append('\n');
        foreach (var section in record.Sections)
        {
            text.Append("\n## ").Append(MarkdownText.Line(section.Heading)).Append("\n\n");
            foreach (var line in section.Lines)
                text.Append("- ").Append(MarkdownText.Line(line)).Append('\n');
            if (section.Table is not { } table)
                continue;
            if (section.Lines.Count > 0)
                text.Append('\n');
            Row(text, table.Head);
            Row(text, table.Head.Select(_ => "---"), escape: false);
            foreach (var row in table.Rows)
                Row(text, row);
        }
        return text.ToString();
    }

    private static void Row(StringBuilder text, IEnumerable<string> cells, bool escape = true) =>
        text.Append("| ").AppendJoin(" | ", cells.Select(cell => escape ? MarkdownText.Line(cell) : cell)).Append(" |\n");
}
