using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Sunsetter.Server.Usage.Sets;

/// <summary>At most 4,096 values as sorted 16-bit numbers.</summary>
internal sealed class ArrayContainer(ushort[] values, int count) : Container
{
    /// <summary>The values, strictly ascending. The array behind may be longer.</summary>
    public ReadOnlySpan<ushort> Values => values.AsSpan(0, count);

    public override int Count => count;

    public override int SerialisedSize => 2 * count;

    public override bool Contains(ushort value) => Values.BinarySearch(value) >= 0;

    public override int CopyTo(Span<uint> destination, uint high)
    {
        var from = Values;
        var to = destination[..from.Length];
        for (var i = 0; i < from.Length; i++)
            to[i] = high | from[i];
        return from.Length;
    }

    public override void AddTo(Span<ulong> words)
    {
        words = words[..BitmapContainer.Words];
        foreach (var value in Values)
            words[value >> 6] |= 1UL << value;
    }

    public override int CountRuns()
    {
        var sorted = Values;
        var runs = 1;
        for (var i = 1; i < sorted.Length; i++)
            runs += sorted[i] != sorted[i - 1] + 1 ? 1 : 0;
        return runs;
    }

    public override void Write(Span<byte> destination)
    {
        if (BitConverter.IsLittleEndian)
            MemoryMarshal.AsBytes(Values).CopyTo(destination);
        else
            BinaryPrimitives.ReverseEndianness(Values, MemoryMarshal.Cast<byte, ushort>(destination));
    }
}
