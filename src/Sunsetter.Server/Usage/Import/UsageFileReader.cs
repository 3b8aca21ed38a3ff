using System.Buffers.Text;
using System.Globalization;
using System.Text;
using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Usage;

/// <summary>Turns the lines of a file into events, as a mapping says.</summary>
internal sealed class UsageFileReader
{
    private readonly UsageMapping mapping;
    private readonly FieldSplit split;
    private readonly Source time, module, customer, user, count;
    private readonly int columns;
    private readonly UsageTime.SameDay day = new();

    private UsageFileReader(UsageMapping mapping, FieldSplit split, int columns, Source time, Source module, Source customer, Source user, Source count) =>
        (this.mapping, this.split, this.columns, this.time, this.module, this.customer, this.user, this.count) = (mapping, split, columns, time, module, customer, user, count);

    /// <param name="header">The first line where the file has a header, else empty.</param>
    /// <returns>A reader, or which column is missing.</returns>
    public static Outcome<UsageFileReader> For(UsageMapping mapping, ReadOnlySpan<byte> header)
    {
        mapping = mapping with { Separator = mapping.Separator ?? CsvRecords.SeparatorOf(mapping.Header ? Encoding.UTF8.GetString(header) : ",") };
        var split = new FieldSplit(mapping.Separator.Value);
        var names = new List<string>();
        if (mapping.Header)
        {
            if (!split.Split(header))
                return new Refusal("import.header", "The first line, which should name the columns, has a quote that is not closed.", "首行（列名行）中有未闭合的引号。");
            for (var number = 0; number < split.Count; number++)
                names.Add(Encoding.UTF8.GetString(split.Field(header, number)).Trim());
        }

        Refusal? missing = null;
        Source Find(UsageColumn? column, bool optional = false)
        {
            if (column is null)
                return default;
            if (column.Constant is { } words)
                return new(-1, Encoding.UTF8.GetBytes(words));
            if (column.Number is { } number)
                return new(number - 1, null);
            var at = names.FindIndex(name => name.Equals(column.Name, StringComparison.OrdinalIgnoreCase));
            if (at < 0 && !optional)
                missing ??= new Refusal("import.column", $"The file has no column “{column.Name}”. Its columns are: {Shown(names, ", ")}. Name the right one with --map.", $"文件中没有列“{column.Name}”。现有列：{Shown(names, "、")}。请用 --map 指定。");
            return at < 0 ? default : new(at, null);
        }

        var reader = new UsageFileReader(
            mapping, split, mapping.Header && mapping.Separator != ' ' ? names.Count : FieldSplit.MostFields, Find(mapping.Time), Find(mapping.Module), Find(mapping.Customer),
            Find(mapping.User ?? UsageColumn.Named("user"), optional: mapping.User is null),
            Find(mapping.Count ?? UsageColumn.Named("count"), optional: mapping.Count is null));
        return missing is null ? reader : missing;
    }

    /// <summary>Another reader of the same file, for another thread.</summary>
    public UsageFileReader Twin() => new(mapping, new FieldSplit(split.Separator), columns, time, module, customer, user, count);

    /// <returns>Where lines were taken together for a quote that opens in the first and does not end a field: the length of the first with its break, which is a line of its own. Else 0.</returns>
    public int TornAt(ReadOnlySpan<byte> lines)
    {
        var first = lines.IndexOf((byte)'\n') + 1;
        if (first == 0 || first == lines.Length)
            return 0;
        var whole = lines.TrimEnd("\r\n"u8);
        return whole.Length < first || (whole.Length < FileLines.LongestLine && split.Split(whole) && !split.HoldsBreak(whole)) ? 0 : first;
    }

    /// <summary>Adds the line to those counted, or to those rejected.</summary>
    public void Read(ReadOnlySpan<byte> line, long number, UsageLines into)
    {
        if (line.Length >= FileLines.LongestLine || !split.Split(line))
        {
            into.Reject(number, new("import.line", "The line is longer than 64 KB or has a quote that is not closed.", "该行超过 64 KB，或有未闭合的引号。"));
            return;
        }
        if (split.Count > columns && HoldsMore(line))
        {
            into.Reject(number, CsvColumns.TooManyCells);
            return;
        }
        if (!Time(Of(time, line), out var instant))
        {
            into.Reject(number, new("import.time", "The time is neither ISO 8601 with a zone nor seconds since 1970. For local times give zone=…, for relative seconds epoch=….", "时间既不是带时区的 ISO 8601，也不是自 1970 年起的秒数。本地时间请指定 zone=…，相对秒数请指定 epoch=…。"));
            return;
        }
        long calls = 1;
        if (count.Exists && Of(count, line) is { IsEmpty: false } text && !(Utf8Parser.TryParse(text, out calls, out var read) && read == text.Length))
            calls = 0;
        into.Add(number, new UsageEvent
        {
            Module = Of(module, line),
            Customer = Of(customer, line),
            User = user.Exists && Of(user, line) is { IsEmpty: false } name ? name : UsageLimits.NoUser,
            UnixMilliseconds = instant,
            Count = calls,
        });
    }

    // Empty cells at the end are how some programs write a table.
    private bool HoldsMore(ReadOnlySpan<byte> line)
    {
        for (var number = columns; number < split.Count; number++)
            if (!split.Field(line, number).Trim((byte)' ').IsEmpty)
                return true;
        return false;
    }

    private bool Time(ReadOnlySpan<byte> text, out long unixMilliseconds)
    {
        unixMilliseconds = 0;
        if (mapping.Epoch is { } epoch)
        {
            if (!Utf8Parser.TryParse(text, out double seconds, out var read) || read != text.Length || !(Math.Abs(seconds) <= 4e9))
                return false;
            unixMilliseconds = epoch.ToUnixTimeMilliseconds() + (long)(seconds * 1_000);
            return true;
        }
        if (day.TryParse(text, out unixMilliseconds))
            return true;
        if (mapping.Zone is null || text.Length > 40
            || !DateTime.TryParse(Encoding.UTF8.GetString(text), CultureInfo.InvariantCulture, DateTimeStyles.None, out var local))
            return false;
        // In ticks: the first and the last day of the calendar are no instants in every zone.
        var offset = mapping.Zone.GetUtcOffset(DateTime.SpecifyKind(local, DateTimeKind.Unspecified));
        unixMilliseconds = (local.Ticks - offset.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMillisecond;
        return true;
    }

    private ReadOnlySpan<byte> Of(Source source, ReadOnlySpan<byte> line)
    {
        if (source.Constant is { } words)
            return words;
        var field = split.Field(line, source.Column);
        return mapping.Separator == ' ' || field.IsEmpty || (field[0] != ' ' && field[^1] != ' ') ? field : field.Trim((byte)' ');
    }

    /// <summary>A file that is no table may have one column of megabytes.</summary>
    private static string Shown(List<string> names, string between) =>
        string.Join(between, names.Take(12).Select(name => name.Length <= 40 ? name : name[..40] + "…")) + (names.Count > 12 ? "…" : "");

    /// <param name="column">From 0; below it there is a constant.</param>
    private readonly struct Source(int column, byte[]? constant)
    {
        public int Column => column;
        public byte[]? Constant => constant;
        public bool Exists { get; } = true;
    }
}
