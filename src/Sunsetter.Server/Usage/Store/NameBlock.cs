namespace Sunsetter.Server.Usage;

/// <summary>
/// The names of users in one row of <c>usage_user</c>: those that came new in one transaction, one after the other, each with its length before it.
/// A row for each name would cost more than the name.
/// </summary>
internal static class NameBlock
{
    /// <summary>Names in a block at most.</summary>
    public const int Most = 256;

    /// <param name="end">Number of the first name that is no longer in it.</param>
    public static byte[] Write(Utf8Names names, int start, int end)
    {
        var size = 0;
        for (var number = start; number < end; number++)
            size += names[number].Length + (names[number].Length < 0x80 ? 1 : 2);
        var (bytes, at) = (new byte[size], 0);
        for (var number = start; number < end; number++)
        {
            at = Varint.Write(bytes, at, (ulong)names[number].Length);
            names[number].CopyTo(bytes.AsSpan(at));
            at += names[number].Length;
        }
        return bytes;
    }

    public static void AddTo(Utf8Names names, ReadOnlySpan<byte> block)
    {
        for (var at = 0; at < block.Length;)
            names.Add(Next(block, ref at));
    }

    /// <returns>The name that begins at the place, which moves on to the next.</returns>
    public static ReadOnlySpan<byte> Next(ReadOnlySpan<byte> block, ref int at)
    {
        var length = (int)Varint.Read(block, ref at);
        var name = block.Slice(at, length);
        at += length;
        return name;
    }
}
