using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Catalogue;

/// <summary>Which cell of a record holds which of our columns, by the header and the mapping that came with the file.</summary>
internal sealed class CsvColumns
{
    internal static readonly Refusal TooManyCells = new(
        "import.too-many-cells", "The line has more cells than the header has columns. Put a cell that holds the separator into quotes.", "该行的单元格多于表头的列数。含有分隔符的单元格请加引号。");

    private readonly Dictionary<string, int> positions;
    private readonly int count;

    private CsvColumns(Dictionary<string, int> positions, int count, IReadOnlyList<string> unknown) => (this.positions, this.count, Unknown) = (positions, count, unknown);

    /// <summary>Columns of the file that nothing was taken from.</summary>
    public IReadOnlyList<string> Unknown { get; }

    public bool Has(string column) => positions.ContainsKey(column);

    /// <summary>Null where the file has no such column, or the record ends before it: what is not there empties nothing. Trimmed otherwise.</summary>
    public string? Cell(CsvRecord record, string column) =>
        positions.TryGetValue(column, out var at) && at < record.Cells.Count ? record.Cells[at].Trim() : null;

    /// <summary>A record with cells beyond the last column is no record: a separator that is not quoted has moved its cells into the wrong columns.</summary>
    public CsvRecord Checked(CsvRecord record) =>
        record.Problem is null && record.Cells.Skip(count).Any(cell => !string.IsNullOrWhiteSpace(cell)) ? record with { Problem = TooManyCells } : record;

    /// <param name="mapping">Our column to the file's column, as in <c>--map name=company</c>.</param>
    public static Outcome<CsvColumns> Of(IReadOnlyList<string> header, IReadOnlyDictionary<string, string> mapping, IReadOnlyList<string> known, IReadOnlyList<string> required)
    {
        var names = header.Select(Plain).ToList();
        if (mapping.Keys.FirstOrDefault(column => !known.Contains(column)) is { } noColumn)
            return new Refusal("import.map-unknown-column", $"There is no column “{noColumn}” to map to. The columns are: {string.Join(", ", known)}.",
                $"没有可映射的列“{noColumn}”。可用的列：{string.Join("、", known)}。", StatusCodes.Status400BadRequest);
        if (mapping.FirstOrDefault(pair => !names.Contains(Plain(pair.Value))) is { Key: not null } missing)
            return new Refusal("import.map-missing-column", $"The mapping names the column “{missing.Value}”, which the file does not have. It has: {Shown(header)}.",
                $"映射中的列“{missing.Value}”不在文件里。文件的列：{Shown(header)}。", StatusCodes.Status400BadRequest);

        var positions = known.Select(column => (column, at: names.IndexOf(mapping.TryGetValue(column, out var theirs) ? Plain(theirs) : column)))
            .Where(pair => pair.at >= 0).ToDictionary(pair => pair.column, pair => pair.at);
        if (required.FirstOrDefault(column => !positions.ContainsKey(column)) is { } absent)
            return new Refusal("import.column-missing", $"The header lacks the column “{absent}”. It has: {Shown(header)}. Rename the column, or map it: {absent}=THEIR-NAME.",
                $"表头缺少“{absent}”列。文件的列：{Shown(header)}。请改列名，或添加映射：{absent}=文件中的列名。", StatusCodes.Status422UnprocessableEntity);
        return new CsvColumns(positions, header.Count, [.. header.Where((name, at) => name.Trim().Length > 0 && !positions.ContainsValue(at)).Select(Cut)]);
    }

    private static string Plain(string name) => name.Trim().ToLowerInvariant().Replace(' ', '_').Replace('-', '_');

    private static string Shown(IReadOnlyList<string> header) => string.Join(", ", header.Take(30).Select(Cut));

    private static string Cut(string name) => name.Length <= 60 ? name : name[..60] + "…";
}
