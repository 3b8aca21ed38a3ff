using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Sunsetter.Server.Usage.Sets;

/// <summary>Word-wise operations on bitmaps of equal length, as wide as the processor's vectors.</summary>
internal static class Bitwise
{
    private const int BlockWords = 128;

    public static void Or(ReadOnlySpan<ulong> a, ReadOnlySpan<ulong> b, Span<ulong> into)
    {
        var (x, y, z) = Vectors(a, b, into);
        for (var i = 0; i < z.Length; i++)
            z[i] = x[i] | y[i];
    }

    public static void And(ReadOnlySpan<ulong> a, ReadOnlySpan<ulong> b, Span<ulong> into)
    {
        var (x, y, z) = Vectors(a, b, into);
        for (var i = 0; i < z.Length; i++)
            z[i] = x[i] & y[i];
    }

    public static void AndNot(ReadOnlySpan<ulong> a, ReadOnlySpan<ulong> b, Span<ulong> into)
    {
        var (x, y, z) = Vectors(a, b, into);
        for (var i = 0; i < z.Length; i++)
            z[i] = Vector.AndNot(x[i], y[i]);
    }

    /// <summary>How many bits both have, without storing them.</summary>
    public static int AndCount(ReadOnlySpan<ulong> a, ReadOnlySpan<ulong> b)
    {
        b = b[..a.Length];
        var (count, i) = (0, 0);
        if (Vector512.IsHardwareAccelerated)
            for (; i + BlockWords <= a.Length; i += BlockWords)
                count += CountBlock(a.Slice(i, BlockWords), b.Slice(i, BlockWords));
        for (; i < a.Length; i++)
            count += BitOperations.PopCount(a[i] & b[i]);
        return count;
    }

    /// <summary>How many bits are set.</summary>
    public static int Count(ReadOnlySpan<ulong> words)
    {
        var (count, i) = (0, 0);
        if (Vector512.IsHardwareAccelerated)
            for (; i + BlockWords <= words.Length; i += BlockWords)
                count += CountBlock(words.Slice(i, BlockWords), words.Slice(i, BlockWords));
        for (; i < words.Length; i++)
            count += BitOperations.PopCount(words[i]);
        return count;
    }

    // Adds up the bits of 16 vectors byte by byte (at most 128 each) and the bytes at the end.
    private static int CountBlock(ReadOnlySpan<ulong> a, ReadOnlySpan<ulong> b)
    {
        var sums = Vector512<byte>.Zero;
        for (var i = 0; i + 8 <= a.Length; i += 8)
        {
            var bits = Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(a), (nuint)i) & Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(b), (nuint)i);
            bits -= (bits >>> 1) & Vector512.Create(0x5555555555555555UL);
            bits = (bits & Vector512.Create(0x3333333333333333UL)) + ((bits >>> 2) & Vector512.Create(0x3333333333333333UL));
            bits = (bits + (bits >>> 4)) & Vector512.Create(0x0f0f0f0f0f0f0f0fUL);
            sums += bits.AsByte();
        }
        var (low, high) = Vector512.Widen(sums);
        return Vector512.Sum(low + high);
    }

    /// <summary>Sets or clears the bits from <paramref name="start"/> to <paramref name="end"/>, both included.</summary>
    public static void Fill(Span<ulong> words, int start, int end, bool set)
    {
        for (int word = start >> 6, last = end >> 6; word <= last; word++)
        {
            var mask = ulong.MaxValue;
            if (word == start >> 6)
                mask &= ulong.MaxValue << start;
            if (word == last)
                mask &= ulong.MaxValue >> (63 - (end & 63));
            if (set)
                words[word] |= mask;
            else
                words[word] &= ~mask;
        }
    }

    /// <summary>The bits from <paramref name="start"/> to <paramref name="end"/>, both included, that are set.</summary>
    public static int Count(ReadOnlySpan<ulong> words, int start, int end)
    {
        int first = start >> 6, last = end >> 6;
        var low = ulong.MaxValue << start;
        var high = ulong.MaxValue >> (63 - (end & 63));
        if (first == last)
            return BitOperations.PopCount(words[first] & low & high);
        return BitOperations.PopCount(words[first] & low)
            + BitmapContainer.PopCount(words[(first + 1)..last])
            + BitOperations.PopCount(words[last] & high);
    }

    // 1,024 words divide evenly into vectors of any width a processor has.
    private static Lanes Vectors(ReadOnlySpan<ulong> a, ReadOnlySpan<ulong> b, Span<ulong> into) => new(
        MemoryMarshal.Cast<ulong, Vector<ulong>>(a[..BitmapContainer.Words]),
        MemoryMarshal.Cast<ulong, Vector<ulong>>(b[..BitmapContainer.Words]),
        MemoryMarshal.Cast<ulong, Vector<ulong>>(into[..BitmapContainer.Words]));

    private readonly ref struct Lanes(ReadOnlySpan<Vector<ulong>> a, ReadOnlySpan<Vector<ulong>> b, Span<Vector<ulong>> into)
    {
        private readonly ReadOnlySpan<Vector<ulong>> a = a;
        private readonly ReadOnlySpan<Vector<ulong>> b = b;
        private readonly Span<Vector<ulong>> into = into;

        public void Deconstruct(out ReadOnlySpan<Vector<ulong>> x, out ReadOnlySpan<Vector<ulong>> y, out Span<Vector<ulong>> z)
        {
            x = a[..into.Length];
            y = b[..into.Length];
            z = into;
        }
    }
}
