namespace Sunsetter.Server.Usage.Sets;

/// <summary>The values that either of two containers holds.</summary>
internal static class ContainerUnion
{
    [ThreadStatic]
    private static ulong[]? scratch;

    public static Container Of(Container a, Container b) => (a, b) switch
    {
        (ArrayContainer x, ArrayContainer y) when x.Count + y.Count <= Container.ArrayLimit => Merge(x.Values, y.Values),
        (ArrayContainer x, ArrayContainer y) => Mark(x, y),
        (RunContainer x, _) when x.Count == Container.Span => x,
        (_, RunContainer y) when y.Count == Container.Span => y,
        (RunContainer x, RunContainer y) => Runs(x, y),
        _ => ByBitmap(a, b),
    };

    /// <summary>How many different values the containers hold together.</summary>
    public static int Count(ReadOnlySpan<Container> containers)
    {
        if (containers.Length == 1)
            return containers[0].Count;
        var words = Marked(containers, out var used);
        var count = BitmapContainer.PopCount(words.AsSpan(0, used));
        words.AsSpan(0, used).Clear();
        return count;
    }

    /// <summary>The values that any of several containers holds.</summary>
    public static Container Of(ReadOnlySpan<Container> containers)
    {
        if (containers.Length == 1)
            return containers[0];
        var words = Marked(containers, out var used);
        var bits = words.AsSpan(0, used);
        var count = BitmapContainer.PopCount(bits);
        Container union = count > Container.ArrayLimit ? new BitmapContainer((ulong[])words.Clone(), count) : BitmapContainer.ToArray(bits, count);
        bits.Clear();
        return union;
    }

    // Small customers have small ordinals: only the words in use are counted and cleared.
    private static ulong[] Marked(ReadOnlySpan<Container> containers, out int used)
    {
        var words = scratch ??= new ulong[BitmapContainer.Words];
        used = 0;
        foreach (var container in containers)
        {
            container.AddTo(words);
            used = Math.Max(used, container switch
            {
                ArrayContainer array => (array.Values[^1] >> 6) + 1,
                RunContainer runs => (runs.Pairs[^2] + runs.Pairs[^1] >> 6) + 1,
                _ => BitmapContainer.Words,
            });
        }
        return words;
    }

    private static ArrayContainer Merge(ReadOnlySpan<ushort> a, ReadOnlySpan<ushort> b)
    {
        var into = GC.AllocateUninitializedArray<ushort>(a.Length + b.Length);
        return new ArrayContainer(into, SortedUnion.Of(a, b, into));
    }

    private static Container Mark(ArrayContainer a, ArrayContainer b)
    {
        var words = scratch ??= new ulong[BitmapContainer.Words];
        a.AddTo(words);
        b.AddTo(words);
        var count = BitmapContainer.PopCount(words);
        Container union = count > Container.ArrayLimit ? new BitmapContainer((ulong[])words.Clone(), count) : BitmapContainer.ToArray(words, count);
        Array.Clear(words);
        return union;
    }

    private static Container ByBitmap(Container a, Container b)
    {
        var words = GC.AllocateUninitializedArray<ulong>(BitmapContainer.Words);
        if (a is BitmapContainer x && b is BitmapContainer y)
        {
            Bitwise.Or(x.Bits, y.Bits, words);
            return new BitmapContainer(words, BitmapContainer.PopCount(words));
        }

        var (first, second) = b is BitmapContainer ? (b, a) : (a, b);
        if (first is BitmapContainer bitmap)
            bitmap.Bits.CopyTo(words);
        else
        {
            Array.Clear(words);
            first.AddTo(words);
        }
        second.AddTo(words);
        return BitmapContainer.Normal(words, BitmapContainer.PopCount(words));
    }

    private static Container Runs(RunContainer a, RunContainer b)
    {
        ReadOnlySpan<ushort> x = a.Pairs, y = b.Pairs;
        var into = new ushort[x.Length + y.Length];
        int i = 0, j = 0, n = 0, end = -2;
        while (i < x.Length || j < y.Length)
        {
            var fromX = j == y.Length || (i < x.Length && x[i] <= y[j]);
            var start = fromX ? x[i] : y[j];
            var length = fromX ? x[i + 1] : y[j + 1];
            i += fromX ? 2 : 0;
            j += fromX ? 0 : 2;
            var last = start + length;
            if (start <= end + 1)
            {
                end = Math.Max(end, last);
                into[n - 1] = (ushort)(end - into[n - 2]);
                continue;
            }
            into[n++] = start;
            into[n++] = length;
            end = last;
        }
        return new RunContainer(into[..n]).Compact();
    }
}
