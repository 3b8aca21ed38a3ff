namespace Sunsetter.Server.Usage.Sets;

/// <summary>A stretch of a container as a container of its own, its values counted from the start of the stretch.</summary>
internal static class ContainerSlice
{
    /// <param name="start">First value of the stretch; a multiple of 64.</param>
    /// <param name="length">How many values it spans; a multiple of 64.</param>
    /// <returns>Null where it holds none.</returns>
    public static Container? Of(Container container, int start, int length) => container switch
    {
        ArrayContainer array => OfArray(array.Values, start, length),
        RunContainer runs => OfRuns(runs.Pairs, start, start + length - 1),
        BitmapContainer bitmap => OfBits(bitmap.Bits.Slice(start >> 6, length >> 6)),
        _ => throw new InvalidOperationException($"{container.GetType().Name} is no shape of the format."),
    };

    private static ArrayContainer? OfArray(ReadOnlySpan<ushort> values, int start, int length)
    {
        var first = FirstFrom(values, start);
        var count = FirstFrom(values[first..], start + length);
        if (count == 0)
            return null;
        var slice = GC.AllocateUninitializedArray<ushort>(count);
        for (var i = 0; i < slice.Length; i++)
            slice[i] = (ushort)(values[first + i] - start);
        return new ArrayContainer(slice, count);
    }

    private static RunContainer? OfRuns(ReadOnlySpan<ushort> pairs, int start, int last)
    {
        var slice = new List<ushort>();
        for (var i = 0; i < pairs.Length; i += 2)
        {
            var (from, to) = (Math.Max(start, pairs[i]), Math.Min(last, pairs[i] + pairs[i + 1]));
            if (from <= to)
                slice.AddRange([(ushort)(from - start), (ushort)(to - from)]);
        }
        return slice.Count == 0 ? null : new RunContainer([.. slice]);
    }

    private static Container? OfBits(ReadOnlySpan<ulong> bits)
    {
        var count = BitmapContainer.PopCount(bits);
        if (count == 0)
            return null;
        if (count <= Container.ArrayLimit)
            return BitmapContainer.ToArray(bits, count);
        var words = new ulong[BitmapContainer.Words];
        bits.CopyTo(words);
        return new BitmapContainer(words, count);
    }

    // The position of the first value that is not below.
    private static int FirstFrom(ReadOnlySpan<ushort> values, int value)
    {
        int low = 0, high = values.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (values[middle] < value)
                low = middle + 1;
            else
                high = middle;
        }
        return low;
    }
}
