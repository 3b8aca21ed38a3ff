namespace Sunsetter.Server.Usage;

/// <summary>Whole numbers in as few bytes as they need: seven bits each, the lowest first, the top bit set where another follows.</summary>
internal static class Varint
{
    public const int Longest = 10;

    /// <returns>Where the next begins.</returns>
    public static int Write(Span<byte> into, int at, ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            into[at++] = (byte)(value | 0x80);
        into[at] = (byte)value;
        return at + 1;
    }

    /// <exception cref="InvalidDataException">The bytes end within the number, or it is longer than 64 bits.</exception>
    public static ulong Read(ReadOnlySpan<byte> bytes, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; shift < 64 && (uint)at < (uint)bytes.Length; shift += 7)
        {
            var next = bytes[at++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return value;
        }
        throw new InvalidDataException("A number of stored usage is cut off.");
    }
}
