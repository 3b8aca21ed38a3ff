using Sunsetter.Server.Usage.Sets;

namespace Sunsetter.Server.Usage;

/// <summary>What a group of deliveries adds to one module of a <see cref="DayRow"/>.</summary>
internal sealed class ModuleUse(int module, int block)
{
    private ushort[] values = new ushort[8];
    private int count;

    public int Module => module;

    /// <summary>Which 65,536 users of the customer it holds.</summary>
    public int Block => block;
    public long Calls { get; private set; }
    public ulong Minutes { get; private set; }

    public void Add(in UsageCell cell)
    {
        Calls += cell.Calls;
        Minutes |= cell.Minutes;
    }

    /// <param name="value">Place of the user within the block; may come again.</param>
    public void Add(ushort value)
    {
        if (count == values.Length)
            Array.Resize(ref values, 2 * count);
        values[count++] = value;
    }

    public Container ToContainer()
    {
        var given = values.AsSpan(0, count);
        if (given.Length > Container.ArrayLimit)
            return Marked(given);
        given.Sort();
        var n = 0;
        foreach (var value in given)
            if (n == 0 || given[n - 1] != value)
                given[n++] = value;
        return new ArrayContainer(values, n);
    }

    private static Container Marked(ReadOnlySpan<ushort> given)
    {
        var words = new ulong[BitmapContainer.Words];
        foreach (var value in given)
            words[value >> 6] |= 1UL << value;
        return BitmapContainer.Normal(words, BitmapContainer.PopCount(words));
    }
}
