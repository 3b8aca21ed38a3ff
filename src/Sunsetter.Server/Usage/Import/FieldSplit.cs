namespace Sunsetter.Server.Usage;

/// <summary>Cuts a line into fields without copying, except where a field holds doubled quotes. Reused from line to line.</summary>
internal sealed class FieldSplit(char separator)
{
    /// <summary>Further columns are not looked at.</summary>
    public const int MostFields = 1_024;

    public char Separator => (char)separator;

    private readonly byte separator = (byte)separator;
    private readonly (int Start, int Length)[] fields = new (int, int)[MostFields];
    private readonly byte[] unquoted = new byte[FileLines.LongestLine];
    private int used;

    public int Count { get; private set; }

    /// <returns>False where a quote is not closed.</returns>
    public bool Split(ReadOnlySpan<byte> line)
    {
        (Count, used) = (0, 0);
        if (separator == (byte)' ')
        {
            SplitBlanks(line);
            return true;
        }
        for (var at = 0; at <= line.Length && Count < MostFields;)
        {
            if (at < line.Length && line[at] == '"')
            {
                at = Quoted(line, at + 1);
                if (at < 0)
                    return false;
                continue;
            }
            var length = line[at..].IndexOf(separator);
            if (length < 0)
                length = line.Length - at;
            fields[Count++] = (at, length);
            at += length + 1;
        }
        return true;
    }

    /// <summary>A break stands in a field without quotes: the line that was split is several.</summary>
    public bool HoldsBreak(ReadOnlySpan<byte> line)
    {
        foreach (var (start, length) in fields.AsSpan(0, Count))
            if (start >= 0 && line.Slice(start, length).Contains((byte)'\n'))
                return true;
        return false;
    }

    /// <param name="line">The line that was split.</param>
    /// <param name="number">From 0; a field that is not there is empty.</param>
    public ReadOnlySpan<byte> Field(ReadOnlySpan<byte> line, int number)
    {
        if (number >= Count)
            return default;
        var (start, length) = fields[number];
        // Fields that had to be unquoted are marked by a start below zero.
        return start >= 0 ? line.Slice(start, length) : unquoted.AsSpan(~start, length);
    }

    private int Quoted(ReadOnlySpan<byte> line, int at)
    {
        var start = used;
        while (at < line.Length)
        {
            var length = line[at..].IndexOf((byte)'"');
            if (length < 0)
                return -1;
            line.Slice(at, length).CopyTo(unquoted.AsSpan(used));
            used += length;
            at += length + 1;
            if (at < line.Length && line[at] == '"')
            {
                unquoted[used++] = (byte)'"';
                at++;
                continue;
            }
            fields[Count++] = (~start, used - start);
            return at == line.Length ? line.Length + 1 : line[at] == separator ? at + 1 : -1;
        }
        return -1;
    }

    private void SplitBlanks(ReadOnlySpan<byte> line)
    {
        for (var at = 0; Count < MostFields;)
        {
            var skipped = line[at..].IndexOfAnyExcept((byte)' ', (byte)'\t');
            if (skipped < 0)
                return;
            at += skipped;
            var length = line[at..].IndexOfAny((byte)' ', (byte)'\t');
            if (length < 0)
                length = line.Length - at;
            fields[Count++] = (at, length);
            at += length;
        }
    }
}
