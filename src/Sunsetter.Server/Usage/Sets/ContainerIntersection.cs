namespace Sunsetter.Server.Usage.Sets;

/// <summary>The values that both of two containers hold.</summary>
internal static class ContainerIntersection
{
    // From this ratio of sizes on, searching the long one for each value of the short one wins over walking both.
    private const int Lopsided = 32;

    /// <returns>The common values, or null where there are none.</returns>
    public static Container? Of(Container a, Container b)
    {
        Container result = (a, b) switch
        {
            (ArrayContainer x, ArrayContainer y) => Common(x.Values, y.Values),
            (ArrayContainer x, _) => Kept(x.Values, b),
            (_, ArrayContainer y) => Kept(y.Values, a),
            (BitmapContainer x, BitmapContainer y) => Both(x, y),
            (RunContainer x, RunContainer y) => RunMerge.Intersect(x.Pairs, y.Pairs),
            _ => ByBitmap(a, b),
        };
        return result.Count == 0 ? null : result;
    }

    /// <summary>How many values both hold, without making a container of them.</summary>
    public static int Count(Container a, Container b) => (a, b) switch
    {
        (BitmapContainer x, BitmapContainer y) => Bitwise.AndCount(x.Bits, y.Bits),
        (ArrayContainer x, ArrayContainer y) => CountCommon(x.Values, y.Values),
        (ArrayContainer x, _) => CountKept(x.Values, b),
        (_, ArrayContainer y) => CountKept(y.Values, a),
        (RunContainer x, BitmapContainer y) => CountInRuns(x, y),
        (BitmapContainer x, RunContainer y) => CountInRuns(y, x),
        _ => CountRuns(((RunContainer)a).Pairs, ((RunContainer)b).Pairs),
    };

    private static ArrayContainer Common(ReadOnlySpan<ushort> a, ReadOnlySpan<ushort> b)
    {
        if (a.Length > b.Length)
            return Common(b, a);
        // Whole vectors are written: eight values of room beyond the last.
        var into = GC.AllocateUninitializedArray<ushort>(a.Length + 8);
        return new ArrayContainer(into, b.Length / a.Length >= Lopsided ? Search(a, b, into) : SortedValues.Intersect(a, b, into));
    }

    private static int CountCommon(ReadOnlySpan<ushort> a, ReadOnlySpan<ushort> b)
    {
        if (a.Length > b.Length)
            return CountCommon(b, a);
        return b.Length / a.Length >= Lopsided ? Search(a, b, []) : SortedValues.Intersect(a, b, []);
    }

    private static int Search(ReadOnlySpan<ushort> few, ReadOnlySpan<ushort> many, Span<ushort> into)
    {
        var n = 0;
        foreach (var value in few)
        {
            var at = many.BinarySearch(value);
            if (at >= 0)
            {
                if (!into.IsEmpty)
                    into[n] = value;
                n++;
                at++;
            }
            else
                at = ~at;
            many = many[at..];
        }
        return n;
    }

    private static ArrayContainer Kept(ReadOnlySpan<ushort> values, Container other)
    {
        var into = GC.AllocateUninitializedArray<ushort>(values.Length);
        var n = 0;
        if (other is BitmapContainer bitmap)
        {
            var bits = bitmap.Bits[..BitmapContainer.Words];
            foreach (var value in values)
            {
                into[n] = value;
                n += (int)(bits[value >> 6] >> value & 1);
            }
            return new ArrayContainer(into, n);
        }

        foreach (var value in values)
            if (other.Contains(value))
                into[n++] = value;
        return new ArrayContainer(into, n);
    }

    private static int CountKept(ReadOnlySpan<ushort> values, Container other)
    {
        var n = 0;
        foreach (var value in values)
            n += other.Contains(value) ? 1 : 0;
        return n;
    }

    private static Container Both(BitmapContainer a, BitmapContainer b)
    {
        // Counting first costs a read of what is in the cache anyway, and saves a bitmap where the result is an array.
        var count = Bitwise.AndCount(a.Bits, b.Bits);
        if (count <= Container.ArrayLimit)
        {
            Span<ulong> scratch = stackalloc ulong[BitmapContainer.Words];
            Bitwise.And(a.Bits, b.Bits, scratch);
            return BitmapContainer.ToArray(scratch, count);
        }
        var words = GC.AllocateUninitializedArray<ulong>(BitmapContainer.Words);
        Bitwise.And(a.Bits, b.Bits, words);
        return new BitmapContainer(words, count);
    }

    private static Container ByBitmap(Container a, Container b)
    {
        if (a is RunContainer { Count: Container.Span })
            return b;
        if (b is RunContainer { Count: Container.Span })
            return a;
        var words = new ulong[BitmapContainer.Words];
        a.AddTo(words);
        Span<ulong> other = stackalloc ulong[BitmapContainer.Words];
        other.Clear();
        b.AddTo(other);
        Bitwise.And(words, other, words);
        return BitmapContainer.Normal(words, BitmapContainer.PopCount(words));
    }

    private static int CountInRuns(RunContainer runs, BitmapContainer bitmap)
    {
        var n = 0;
        for (var i = 0; i < runs.Pairs.Length; i += 2)
            n += Bitwise.Count(bitmap.Bits, runs.Pairs[i], runs.Pairs[i] + runs.Pairs[i + 1]);
        return n;
    }

    private static int CountRuns(ReadOnlySpan<ushort> a, ReadOnlySpan<ushort> b)
    {
        int i = 0, j = 0, n = 0;
        while (i < a.Length && j < b.Length)
        {
            int endA = a[i] + a[i + 1], endB = b[j] + b[j + 1];
            n += Math.Max(0, Math.Min(endA, endB) - Math.Max(a[i], b[j]) + 1);
            if (endA <= endB)
                i += 2;
            if (endB <= endA)
                j += 2;
        }
        return n;
    }
}
