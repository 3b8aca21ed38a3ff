using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Sunsetter.Server.Usage.Sets;

/// <summary>
/// Merging of ascending 16-bit values. Eight values of one side are compared with eight of the other at once, by turning one of the two vectors
/// around; what is left is merged without a branch on the data, for which value is smaller cannot be predicted.
/// </summary>
internal static class SortedValues
{
    private const int Lane = 8;
    private const int Wide = 32;

    // For each set of hits, the byte shuffle that moves them to the front.
    private static readonly Vector128<byte>[] Front = [.. Enumerable.Range(0, 256).Select(FrontOf)];

    /// <summary>Values of either side; the destination holds both.</summary>
    public static int Union(ReadOnlySpan<ushort> a, ReadOnlySpan<ushort> b, Span<ushort> into)
    {
        int i = 0, j = 0, n = 0;
        ref var to = ref MemoryMarshal.GetReference(into);
        while (i < a.Length && j < b.Length)
        {
            int x = a[i], y = b[j], apart = x - y;
            Unsafe.Add(ref to, n++) = (ushort)(y + (apart & (apart >> 31)));
            i += NotAbove(apart);
            j += NotAbove(-apart);
        }
        a[i..].CopyTo(into[n..]);
        n += a.Length - i;
        b[j..].CopyTo(into[n..]);
        return n + b.Length - j;
    }

    /// <summary>Values of both sides.</summary>
    /// <param name="into">At least eight longer than the shorter side; or empty to count only.</param>
    public static int Intersect(ReadOnlySpan<ushort> a, ReadOnlySpan<ushort> b, Span<ushort> into)
    {
        if (Vector512.IsHardwareAccelerated && b.Length >= Wide)
            return IntersectWide(a, b, into);
        int i = 0, j = 0, n = 0;
        ref var to = ref MemoryMarshal.GetReference(into);
        while (i + Lane <= a.Length && j + Lane <= b.Length)
        {
            var left = Load(a, i);
            var hits = Hits(left, Load(b, j));
            if (!into.IsEmpty)
                Store(left, hits, ref to, n);
            n += BitOperations.PopCount(hits);
            var apart = a[i + Lane - 1] - b[j + Lane - 1];
            i += Lane * NotAbove(apart);
            j += Lane * NotAbove(-apart);
        }
        while (i < a.Length && j < b.Length)
        {
            int x = a[i], apart = x - b[j];
            if (!into.IsEmpty)
                Unsafe.Add(ref to, n) = (ushort)x;
            n += NotAbove(apart) & NotAbove(-apart);
            i += NotAbove(apart);
            j += NotAbove(-apart);
        }
        return n;
    }

    // Each value of one side is looked for in 32 of the other at once. What the inner loop does next does not wait for what it has found.
    private static int IntersectWide(ReadOnlySpan<ushort> a, ReadOnlySpan<ushort> b, Span<ushort> into)
    {
        int i = 0, j = 0, n = 0;
        ref var to = ref MemoryMarshal.GetReference(into);
        ref var few = ref MemoryMarshal.GetReference(a);
        for (; j + Wide <= b.Length && i < a.Length; j += Wide)
        {
            var many = Vector512.LoadUnsafe(ref MemoryMarshal.GetReference(b), (nuint)j);
            var last = b[j + Wide - 1];
            if (into.IsEmpty)
                for (; i < a.Length && Unsafe.Add(ref few, i) <= last; i++)
                    n += Vector512.EqualsAny(Vector512.Create(Unsafe.Add(ref few, i)), many) ? 1 : 0;
            else
                for (; i < a.Length && Unsafe.Add(ref few, i) <= last; i++)
                {
                    var value = Unsafe.Add(ref few, i);
                    Unsafe.Add(ref to, n) = value;
                    n += Vector512.EqualsAny(Vector512.Create(value), many) ? 1 : 0;
                }
        }
        while (i < a.Length && j < b.Length)
        {
            int x = a[i], apart = x - b[j];
            if (!into.IsEmpty)
                Unsafe.Add(ref to, n) = (ushort)x;
            n += NotAbove(apart) & NotAbove(-apart);
            i += NotAbove(apart);
            j += NotAbove(-apart);
        }
        return n;
    }

    /// <summary>Values of the first side that the second lacks.</summary>
    /// <param name="into">At least eight longer than the first side.</param>
    public static int Except(ReadOnlySpan<ushort> a, ReadOnlySpan<ushort> b, Span<ushort> into)
    {
        int i = 0, j = 0, n = 0;
        var found = 0u;
        ref var to = ref MemoryMarshal.GetReference(into);
        while (i + Lane <= a.Length && j + Lane <= b.Length)
        {
            var left = Load(a, i);
            found |= Hits(left, Load(b, j));
            var apart = a[i + Lane - 1] - b[j + Lane - 1];
            if (apart <= 0)
            {
                Store(left, ~found & 0xff, ref to, n);
                n += Lane - BitOperations.PopCount(found);
                i += Lane;
                found = 0;
            }
            j += Lane * NotAbove(-apart);
        }
        // The last vector may have met some of its values already.
        for (var start = i; i < a.Length; i++)
        {
            while (j < b.Length && b[j] < a[i])
                j++;
            var met = (i - start < Lane && (found >> (i - start) & 1) != 0) || (j < b.Length && b[j] == a[i]);
            if (!met)
                into[n++] = a[i];
        }
        return n;
    }

    // 1 where the difference is not above zero, else 0.
    private static int NotAbove(int apart) => (int)((uint)(apart - 1) >> 31);

    private static Vector128<ushort> Load(ReadOnlySpan<ushort> values, int at) => Vector128.LoadUnsafe(ref MemoryMarshal.GetReference(values), (nuint)at);

    /// <summary>Writes a whole vector, the lanes that are chosen first.</summary>
    internal static void Store(Vector128<ushort> values, uint which, ref ushort to, int at) =>
        Vector128.Shuffle(values.AsByte(), Front[which]).AsUInt16().StoreUnsafe(ref to, (nuint)at);

    private static uint Hits(Vector128<ushort> a, Vector128<ushort> b) => (
        (Vector128.Equals(a, b) | Vector128.Equals(a, Vector128.Shuffle(b, Vector128.Create((ushort)1, 2, 3, 4, 5, 6, 7, 0)))) |
        (Vector128.Equals(a, Vector128.Shuffle(b, Vector128.Create((ushort)2, 3, 4, 5, 6, 7, 0, 1))) | Vector128.Equals(a, Vector128.Shuffle(b, Vector128.Create((ushort)3, 4, 5, 6, 7, 0, 1, 2)))) |
        (Vector128.Equals(a, Vector128.Shuffle(b, Vector128.Create((ushort)4, 5, 6, 7, 0, 1, 2, 3))) | Vector128.Equals(a, Vector128.Shuffle(b, Vector128.Create((ushort)5, 6, 7, 0, 1, 2, 3, 4)))) |
        (Vector128.Equals(a, Vector128.Shuffle(b, Vector128.Create((ushort)6, 7, 0, 1, 2, 3, 4, 5))) | Vector128.Equals(a, Vector128.Shuffle(b, Vector128.Create((ushort)7, 0, 1, 2, 3, 4, 5, 6)))))
        .ExtractMostSignificantBits();

    private static Vector128<byte> FrontOf(int hits)
    {
        Span<byte> order = stackalloc byte[16];
        var n = 0;
        for (var lane = 0; lane < Lane; lane++)
            if ((hits >> lane & 1) != 0)
            {
                order[n++] = (byte)(2 * lane);
                order[n++] = (byte)(2 * lane + 1);
            }
        return Vector128.Create<byte>(order);
    }
}
