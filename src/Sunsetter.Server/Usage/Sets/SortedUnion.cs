using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Sunsetter.Server.Usage.Sets;

/// <summary>
/// The union of ascending 16-bit values, eight at a time: of sixteen values in two vectors the eight smallest are final, for whichever side begins lower is read next. The merge of two
/// vectors is a bitonic network, without a branch on the data (the way of Inoue and Taura, and of CRoaring).
/// </summary>
internal static class SortedUnion
{
    private const int Lane = 8;

    /// <param name="into">As long as both together.</param>
    /// <returns>How many there are.</returns>
    public static int Of(ReadOnlySpan<ushort> a, ReadOnlySpan<ushort> b, Span<ushort> into)
    {
        if (a.Length < Lane || b.Length < Lane)
            return SortedValues.Union(a, b, into);
        var (low, high) = Merge(Load(a, 0), Load(b, 0));
        // No value before the first: a vector begins with the highest value only where it holds the same value eight times.
        var before = ushort.MaxValue;
        var n = Store(low, ref before, into, 0);
        int i = Lane, j = Lane;
        while (i + Lane <= a.Length && j + Lane <= b.Length)
        {
            var next = a[i] <= b[j] ? Take(a, ref i) : Take(b, ref j);
            (low, high) = Merge(next, high);
            n += Store(low, ref before, into, n);
        }
        return Finish(high, before, a[i..], b[j..], into, n);
    }

    // One side has no whole vector left. Its rest and the last vector are few; they are merged with the rest of the other.
    private static int Finish(Vector128<ushort> high, ushort before, ReadOnlySpan<ushort> a, ReadOnlySpan<ushort> b, Span<ushort> into, int n)
    {
        if (a.Length >= Lane)
        {
            var other = a;
            a = b;
            b = other;
        }
        Span<ushort> last = stackalloc ushort[Lane];
        Span<ushort> few = stackalloc ushort[2 * Lane];
        var count = Store(high, ref before, last, 0);
        count = SortedValues.Union(last[..count], a, few);
        return n + SortedValues.Union(few[..count], b, into[n..]);
    }

    private static Vector128<ushort> Take(ReadOnlySpan<ushort> values, ref int at)
    {
        var taken = Load(values, at);
        at += Lane;
        return taken;
    }

    private static Vector128<ushort> Load(ReadOnlySpan<ushort> values, int at) => Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(values), (nuint)at);

    private static (Vector128<ushort> Low, Vector128<ushort> High) Merge(Vector128<ushort> a, Vector128<ushort> b)
    {
        var turned = Vector128.Shuffle(b, Vector128.Create((ushort)7, 6, 5, 4, 3, 2, 1, 0));
        return (Sort(Vector128.Min(a, turned)), Sort(Vector128.Max(a, turned)));
    }

    // Of a bitonic sequence: lanes four, two and one apart are put in order.
    private static Vector128<ushort> Sort(Vector128<ushort> values)
    {
        values = Order(values, Vector128.Shuffle(values, Vector128.Create((ushort)4, 5, 6, 7, 0, 1, 2, 3)), Vector128.Create(0xffff, 0xffff, 0xffff, 0xffff, 0, 0, 0, 0));
        values = Order(values, Vector128.Shuffle(values, Vector128.Create((ushort)2, 3, 0, 1, 6, 7, 4, 5)), Vector128.Create(0xffff, 0xffff, 0, 0, 0xffff, 0xffff, 0, 0));
        return Order(values, Vector128.Shuffle(values, Vector128.Create((ushort)1, 0, 3, 2, 5, 4, 7, 6)), Vector128.Create(0xffff, 0, 0xffff, 0, 0xffff, 0, 0xffff, 0));
    }

    private static Vector128<ushort> Order(Vector128<ushort> values, Vector128<ushort> partners, Vector128<ushort> lower) =>
        Vector128.ConditionalSelect(lower, Vector128.Min(values, partners), Vector128.Max(values, partners));

    // Writes the values that differ from the one before them.
    private static int Store(Vector128<ushort> values, ref ushort before, Span<ushort> into, int at)
    {
        var previous = Vector128.Shuffle(values, Vector128.Create((ushort)0, 0, 1, 2, 3, 4, 5, 6)).WithElement(0, before);
        var keep = ~Vector128.Equals(values, previous).ExtractMostSignificantBits() & 0xff;
        before = values.GetElement(Lane - 1);
        SortedValues.Store(values, keep, ref MemoryMarshal.GetReference(into), at);
        return BitOperations.PopCount(keep);
    }
}
