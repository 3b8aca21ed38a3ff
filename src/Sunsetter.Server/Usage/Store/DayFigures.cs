using System.Numerics;

namespace Sunsetter.Server.Usage;

/// <summary>Of one module on a customer's day.</summary>
/// <param name="Module">Its number; 0 is any module.</param>
/// <param name="Minutes">Bit n: called in the n-th minute of some hour; all ones where it was more than <see cref="DayFigures.MostMinutes"/> of them.</param>
internal readonly record struct DayFigure(int Module, int People, long Calls, ulong Minutes);

/// <summary>
/// The figures of a day row as bytes, modules ascending. For each: a byte with the module's number less the one before (15: it follows) in its lower half and in its upper
/// how many minutes of the hour saw a call (5: many), then people and calls as variable-length integers, then the minutes. Four minutes at most tell a program from
/// people; more are not worth their bytes.
/// </summary>
internal static class DayFigures
{
    public const int MostMinutes = 4;

    private const int Many = MostMinutes + 1, Further = 15;

    public static byte[] Write(ReadOnlySpan<DayFigure> figures)
    {
        var bytes = new byte[36 * figures.Length];
        var (at, before) = (0, 0);
        foreach (var figure in figures)
        {
            var (step, minutes) = (figure.Module - before, Math.Min(BitOperations.PopCount(figure.Minutes), Many));
            bytes[at++] = (byte)(minutes << 4 | Math.Min(step, Further));
            if (step >= Further)
                at = Varint.Write(bytes, at, (ulong)(step - Further));
            at = Varint.Write(bytes, at, (ulong)figure.People);
            at = Varint.Write(bytes, at, (ulong)figure.Calls);
            for (var rest = figure.Minutes; minutes < Many && rest != 0; rest &= rest - 1)
                bytes[at++] = (byte)BitOperations.TrailingZeroCount(rest);
            before = figure.Module;
        }
        return bytes[..at];
    }

    public static List<DayFigure> Read(ReadOnlySpan<byte> bytes)
    {
        var figures = new List<DayFigure>();
        for (var reader = new Reader(bytes); reader.Next(out var figure);)
            figures.Add(figure);
        return figures;
    }

    public static bool Find(ReadOnlySpan<byte> bytes, int module, out DayFigure found)
    {
        for (var reader = new Reader(bytes); reader.Next(out found) && found.Module <= module;)
            if (found.Module == module)
                return true;
        return false;
    }

    /// <summary>Goes through the figures one by one.</summary>
    public ref struct Reader(ReadOnlySpan<byte> bytes)
    {
        private readonly ReadOnlySpan<byte> bytes = bytes;
        private int at, module;

        public bool Next(out DayFigure figure)
        {
            figure = default;
            if (at >= bytes.Length)
                return false;
            var (head, count) = (bytes[at] & 15, bytes[at++] >> 4);
            module += head == Further ? Further + (int)Varint.Read(bytes, ref at) : head;
            var (people, calls) = ((int)Varint.Read(bytes, ref at), (long)Varint.Read(bytes, ref at));
            var minutes = count == Many ? ulong.MaxValue : 0UL;
            for (var n = 0; n < count && count != Many; n++)
                minutes |= 1UL << bytes[at++];
            figure = new(module, people, calls, minutes);
            return true;
        }
    }
}
