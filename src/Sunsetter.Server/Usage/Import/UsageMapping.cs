using System.Globalization;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Usage;

/// <summary>
/// Where in a file the fields of a line of usage are. Written as <c>field=source</c>, separated by commas; a source is the name of a column,
/// <c>#N</c> for the N-th column, or a constant in single quotes: <c>time=#3,user=#1,module='direct-messages',customer='uci',separator=space,header=no</c>.
/// </summary>
internal sealed record UsageMapping
{
    public UsageColumn Time { get; init; } = UsageColumn.Named("time");
    public UsageColumn Module { get; init; } = UsageColumn.Named("module");
    public UsageColumn Customer { get; init; } = UsageColumn.Named("customer");

    /// <summary>Each line is a call that no person made where the file has no such column.</summary>
    public UsageColumn? User { get; init; }

    /// <summary>Each line counts as one call where the file has no such column.</summary>
    public UsageColumn? Count { get; init; }

    /// <summary>The first line names the columns.</summary>
    public bool Header { get; init; } = true;

    /// <summary>A blank stands for any run of blanks and tabs. Null: a comma, unless the header is plainly separated by tabs or semicolons.</summary>
    public char? Separator { get; init; }

    /// <summary>The instant from which times count, in seconds, where they are relative.</summary>
    public DateTimeOffset? Epoch { get; init; }

    /// <summary>The zone of times that name none; null: they are rejected.</summary>
    public TimeZoneInfo? Zone { get; init; }

    /// <summary>
    /// The name under which coverage knows who reports. All files without one are one source: what was exported month by month is one report, not
    /// many that fell silent.
    /// </summary>
    public string Source { get; init; } = "files";

    /// <summary>As the user wrote it: the same file read in another way is another file.</summary>
    public string Written { get; init; } = "";

    public static Outcome<UsageMapping> Parse(string? text)
    {
        var mapping = new UsageMapping { Written = text ?? "" };
        foreach (var part in Parts(text ?? ""))
        {
            var at = part.IndexOf('=');
            var (field, source) = at < 0 ? (part, "") : (part[..at].Trim().ToLowerInvariant(), part[(at + 1)..].Trim());
            var column = UsageColumn.Parse(source);
            UsageMapping? next = (field, column) switch
            {
                ("time", { Constant: null }) => mapping with { Time = column },
                ("module", { }) => mapping with { Module = column },
                ("customer", { }) => mapping with { Customer = column },
                ("user", { }) => mapping with { User = column },
                ("count", { }) => mapping with { Count = column },
                ("header", { }) when source is "yes" or "no" => mapping with { Header = source == "yes" },
                ("separator", { }) when Named(source) is { } separator => mapping with { Separator = separator },
                ("epoch", { }) when DateTimeOffset.TryParse(source, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var epoch) => mapping with { Epoch = epoch },
                ("source", { Constant: { Length: <= 150 } name }) when !name.Any(char.IsControl) && !name.Any(char.IsSurrogate) => mapping with { Source = name },
                ("zone", { }) when TimeZoneInfo.TryFindSystemTimeZoneById(source, out var zone) => mapping with { Zone = zone },
                _ => null,
            };
            if (next is null)
                return new Refusal("import.map", $"The mapping does not understand “{part}”. Write for example: time=#3,user=#1,module='chat',customer='acme',separator=space,header=no,epoch=2004-01-01T00:00:00Z.", $"映射无法识别“{part}”。写法示例：time=#3,user=#1,module='chat',customer='acme',separator=space,header=no,epoch=2004-01-01T00:00:00Z。");
            mapping = next;
        }
        return mapping;
    }

    private static char? Named(string separator) => separator switch
    {
        "comma" => ',',
        "semicolon" => ';',
        "tab" => '\t',
        "space" => ' ',
        [var one] when one is not ('"' or '\r' or '\n') => one,
        _ => null,
    };

    // Commas inside a quoted constant do not separate.
    private static IEnumerable<string> Parts(string text)
    {
        var (start, quoted) = (0, false);
        for (var at = 0; at <= text.Length; at++)
        {
            if (at < text.Length && text[at] == '\'')
                quoted = !quoted;
            if (at < text.Length && (quoted || text[at] != ','))
                continue;
            if (text[start..at].Trim() is { Length: > 0 } part)
                yield return part;
            start = at + 1;
        }
    }
}

/// <summary>Where one field comes from: a column by name or by number from 1, or the same words on every line.</summary>
internal sealed record UsageColumn(string? Name, int? Number, string? Constant)
{
    public static UsageColumn Named(string name) => new(name, null, null);

    public static UsageColumn? Parse(string source) => source switch
    {
        "" => null,
        ['#', .. var number] => int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var at) && at is >= 1 and <= 1_000 ? new(null, at, null) : null,
        ['\'', .. var words, '\''] => words.Length > 0 ? new(null, null, words) : null,
        _ => Named(source),
    };
}
