using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Sunsetter.Server.Usage.Sets;

/// <summary>More than 4,096 values as 65,536 bits.</summary>
internal sealed class BitmapContainer(ulong[] words, int count) : Container
{
    /// <summary>64-bit words of a bitmap.</summary>
    public const int Words = Span / 64;

    /// <summary>Bytes of a bitmap in the portable format.</summary>
    public const int Size = Span / 8;

    public ReadOnlySpan<ulong> Bits => words;

    public override int Count => count;

    public override int SerialisedSize => Size;

    /// <summary>An array or a bitmap of the words given, whichever their number demands. Keeps the words.</summary>
    public static Container Normal(ulong[] words, int count) =>
        count > ArrayLimit ? new BitmapContainer(words, count) : ToArray(words, count);

    /// <summary>The set bits as an array; used where they are known to be few.</summary>
    public static ArrayContainer ToArray(ReadOnlySpan<ulong> words, int count)
    {
        var values = GC.AllocateUninitializedArray<ushort>(count);
        var n = 0;
        for (var i = 0; i < words.Length; i++)
            for (var word = words[i]; word != 0; word &= word - 1)
                values[n++] = (ushort)((i << 6) | BitOperations.TrailingZeroCount(word));
        return new ArrayContainer(values, n);
    }

    public static int PopCount(ReadOnlySpan<ulong> words) => Bitwise.Count(words);

    public override bool Contains(ushort value) => (words[value >> 6] >> value & 1) != 0;

    public override int CopyTo(Span<uint> destination, uint high)
    {
        var n = 0;
        for (var i = 0; i < words.Length; i++)
            for (var word = words[i]; word != 0; word &= word - 1)
                destination[n++] = high | (uint)((i << 6) | BitOperations.TrailingZeroCount(word));
        return n;
    }

    public override void AddTo(Span<ulong> into) => Bitwise.Or(into[..Words], words, into);

    public override int CountRuns()
    {
        // A run starts at each set bit whose predecessor is not set.
        var runs = 0;
        ulong carry = 0;
        foreach (var word in words)
        {
            runs += BitOperations.PopCount(word & ~(word << 1 | carry));
            carry = word >> 63;
        }
        return runs;
    }

    public override void Write(Span<byte> destination)
    {
        if (BitConverter.IsLittleEndian)
            MemoryMarshal.AsBytes(Bits).CopyTo(destination);
        else
            BinaryPrimitives.ReverseEndianness(Bits, MemoryMarshal.Cast<byte, ulong>(destination));
    }
}
