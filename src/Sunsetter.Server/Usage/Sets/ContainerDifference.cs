namespace Sunsetter.Server.Usage.Sets;

/// <summary>The values that the first of two containers holds and the second does not.</summary>
internal static class ContainerDifference
{
    /// <returns>What is left, or null where nothing is.</returns>
    public static Container? Of(Container a, Container b)
    {
        Container result = (a, b) switch
        {
            (ArrayContainer x, ArrayContainer y) => Without(x.Values, y.Values),
            (ArrayContainer x, BitmapContainer y) => Without(x.Values, y.Bits),
            (ArrayContainer x, _) => Without(x.Values, (RunContainer)b),
            (RunContainer x, RunContainer y) => RunMerge.Except(x.Pairs, y.Pairs),
            _ => ByBitmap(a, b),
        };
        return result.Count == 0 ? null : result;
    }

    private static ArrayContainer Without(ReadOnlySpan<ushort> a, ReadOnlySpan<ushort> b)
    {
        // Whole vectors are written: eight values of room beyond the last.
        var into = GC.AllocateUninitializedArray<ushort>(a.Length + 8);
        return new ArrayContainer(into, SortedValues.Except(a, b, into));
    }

    private static ArrayContainer Without(ReadOnlySpan<ushort> a, ReadOnlySpan<ulong> bits)
    {
        var into = GC.AllocateUninitializedArray<ushort>(a.Length);
        bits = bits[..BitmapContainer.Words];
        var n = 0;
        foreach (var value in a)
        {
            into[n] = value;
            n += (int)(~bits[value >> 6] >> value & 1);
        }
        return new ArrayContainer(into, n);
    }

    private static ArrayContainer Without(ReadOnlySpan<ushort> a, RunContainer b)
    {
        var into = GC.AllocateUninitializedArray<ushort>(a.Length);
        var n = 0;
        foreach (var value in a)
            if (!b.Contains(value))
                into[n++] = value;
        return new ArrayContainer(into, n);
    }

    private static Container ByBitmap(Container a, Container b)
    {
        var words = GC.AllocateUninitializedArray<ulong>(BitmapContainer.Words);
        if (a is BitmapContainer x)
        {
            if (b is BitmapContainer y)
            {
                Bitwise.AndNot(x.Bits, y.Bits, words);
                return BitmapContainer.Normal(words, BitmapContainer.PopCount(words));
            }
            x.Bits.CopyTo(words);
        }
        else
        {
            Array.Clear(words);
            a.AddTo(words);
        }

        Remove(b, words);
        return BitmapContainer.Normal(words, BitmapContainer.PopCount(words));
    }

    private static void Remove(Container values, Span<ulong> words)
    {
        switch (values)
        {
            case ArrayContainer array:
                foreach (var value in array.Values)
                    words[value >> 6] &= ~(1UL << value);
                break;
            case RunContainer runs:
                for (var i = 0; i < runs.Pairs.Length; i += 2)
                    Bitwise.Fill(words, runs.Pairs[i], runs.Pairs[i] + runs.Pairs[i + 1], set: false);
                break;
            case BitmapContainer bitmap:
                Bitwise.AndNot(words, bitmap.Bits, words);
                break;
        }
    }
}
