namespace Sunsetter.Server.Usage;

/// <summary>Whole lines of a file, one after the other.</summary>
/// <param name="FirstNumber">Number of the first line in the file, from 1.</param>
/// <param name="Lines">How many there are.</param>
/// <param name="Quotes">Quotes hold line breaks within a line.</param>
internal readonly record struct FileBlock(ReadOnlyMemory<byte> Bytes, long FirstNumber, int Lines, bool Quotes)
{
    /// <summary>Reads each line into what is counted or rejected.</summary>
    /// <param name="rejects">Takes rejected lines; null where nobody wants them.</param>
    public void ReadInto(UsageFileReader reader, UsageLines into, TextWriter? rejects)
    {
        var rest = Bytes.Span;
        // Looking for quotes once in all is cheaper than in every line.
        var quotes = Quotes && rest.Contains((byte)'"');
        for (var number = FirstNumber; !rest.IsEmpty; number++)
        {
            var length = FileLines.LineEnd(rest, quotes, out var breaks);
            if (length < 0)
                length = rest.Length;
            if (quotes && reader.TornAt(rest[..length]) is > 0 and var own)
                (length, breaks) = (own, 0);
            var line = rest[..length].TrimEnd("\r\n"u8);
            var before = into.RejectedCount;
            if (!line.IsEmpty)
                reader.Read(line, number, into);
            if (into.RejectedCount > before)
                rejects?.WriteLine(RejectsFile.Line(into.LastRejected!, line));
            number += breaks;
            rest = rest[length..];
        }
    }
}
