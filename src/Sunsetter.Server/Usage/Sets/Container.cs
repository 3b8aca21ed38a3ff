namespace Sunsetter.Server.Usage.Sets;

/// <summary>
/// The ordinals of one <see cref="UserSet"/> that share their upper 16 bits, in one of the three shapes of the
/// Roaring format specification. Immutable, so that sets share containers freely between threads.
/// </summary>
internal abstract class Container
{
    /// <summary>The specification's limit: up to this many values an array, above it a bitmap.</summary>
    public const int ArrayLimit = 4096;

    /// <summary>How many values one container can hold.</summary>
    public const int Span = 1 << 16;

    /// <summary>How many values it holds; never zero inside a set.</summary>
    public abstract int Count { get; }

    /// <summary>Bytes of its body in the portable format, without the descriptive header.</summary>
    public abstract int SerialisedSize { get; }

    public abstract bool Contains(ushort value);

    /// <summary>Writes its values in ascending order, each with <paramref name="high"/> as upper half.</summary>
    /// <returns>How many were written: <see cref="Count"/>.</returns>
    public abstract int CopyTo(Span<uint> destination, uint high);

    /// <summary>Sets the bit of each value in a bitmap of 1,024 words.</summary>
    public abstract void AddTo(Span<ulong> words);

    /// <summary>Writes its body in the portable format; the destination has exactly <see cref="SerialisedSize"/> bytes.</summary>
    public abstract void Write(Span<byte> destination);

    /// <summary>The number of maximal runs of consecutive values.</summary>
    public abstract int CountRuns();

    /// <summary>The smallest of the three shapes for these values.</summary>
    public Container Compact()
    {
        var runs = CountRuns();
        var asRuns = RunContainer.SizeOf(runs);
        var otherwise = Count <= ArrayLimit ? 2 * Count : BitmapContainer.Size;
        if (asRuns < otherwise)
            return this as RunContainer ?? RunContainer.From(this, runs);
        return this is RunContainer ? WithoutRuns() : this;
    }

    /// <summary>The same values as an array or a bitmap, whichever their number demands.</summary>
    public Container WithoutRuns()
    {
        if (this is not RunContainer)
            return this;
        var words = new ulong[BitmapContainer.Words];
        AddTo(words);
        return BitmapContainer.Normal(words, Count);
    }
}
