namespace Sunsetter.Server.Usage.Sets;

/// <summary>Intersection and difference of runs, run by run.</summary>
internal static class RunMerge
{
    public static Container Intersect(ReadOnlySpan<ushort> a, ReadOnlySpan<ushort> b)
    {
        var into = new ushort[a.Length + b.Length];
        int i = 0, j = 0, n = 0;
        while (i < a.Length && j < b.Length)
        {
            int endA = a[i] + a[i + 1], endB = b[j] + b[j + 1];
            n = Add(into, n, Math.Max(a[i], b[j]), Math.Min(endA, endB));
            if (endA <= endB)
                i += 2;
            if (endB <= endA)
                j += 2;
        }
        return Finish(into, n);
    }

    public static Container Except(ReadOnlySpan<ushort> a, ReadOnlySpan<ushort> b)
    {
        var into = new ushort[a.Length + b.Length];
        int j = 0, n = 0;
        for (var i = 0; i < a.Length; i += 2)
        {
            int start = a[i], end = start + a[i + 1];
            while (j < b.Length && b[j] + b[j + 1] < start)
                j += 2;
            // A run of the second that reaches beyond this one is met again by the next.
            for (; j < b.Length && b[j] <= end; j += 2)
            {
                n = Add(into, n, start, b[j] - 1);
                start = b[j] + b[j + 1] + 1;
                if (start > end)
                    break;
            }
            n = Add(into, n, start, end);
        }
        return Finish(into, n);
    }

    private static int Add(Span<ushort> into, int n, int start, int end)
    {
        if (start > end)
            return n;
        into[n] = (ushort)start;
        into[n + 1] = (ushort)(end - start);
        return n + 2;
    }

    private static Container Finish(ushort[] pairs, int n) =>
        n == 0 ? new ArrayContainer([], 0) : new RunContainer(pairs[..n]).Compact();
}
