using System.Buffers;
using System.Collections;

namespace Sunsetter.Server.Usage.Sets;

/// <summary>
/// An exact, compressed, immutable set of user ordinals, laid out as the Roaring format specification says
/// (https://github.com/RoaringBitmap/RoaringFormatSpec, 32-bit): what we store, other programs can read.
/// </summary>
internal sealed class UserSet : IEnumerable<uint>, IEquatable<UserSet>
{
    private readonly ushort[] keys;
    private readonly Container[] containers;

    internal UserSet(ushort[] keys, Container[] containers)
    {
        this.keys = keys;
        this.containers = containers;
        long count = 0;
        foreach (var container in containers)
            count += container.Count;
        Count = count;
    }

    /// <summary>The set of nobody.</summary>
    public static UserSet Empty { get; } = new([], []);

    /// <summary>How many users are in it.</summary>
    public long Count { get; }

    public bool IsEmpty => Count == 0;

    /// <summary>The upper 16 bits of the containers, ascending.</summary>
    internal ReadOnlySpan<ushort> Keys => keys;

    internal ReadOnlySpan<Container> Containers => containers;

    /// <summary>The set of the ordinals given, in any order and with repetitions.</summary>
    public static UserSet Of(params ReadOnlySpan<uint> ordinals)
    {
        if (ordinals.IsEmpty)
            return Empty;
        var scratch = ArrayPool<uint>.Shared.Rent(ordinals.Length);
        try
        {
            var sorted = scratch.AsSpan(0, ordinals.Length);
            ordinals.CopyTo(sorted);
            sorted.Sort();
            return FromSorted(sorted);
        }
        finally
        {
            ArrayPool<uint>.Shared.Return(scratch);
        }
    }

    public bool Contains(uint ordinal)
    {
        var at = Array.BinarySearch(keys, (ushort)(ordinal >> 16));
        return at >= 0 && containers[at].Contains((ushort)ordinal);
    }

    /// <summary>Those who are in either.</summary>
    public UserSet Union(UserSet other)
    {
        if (IsEmpty || ReferenceEquals(this, other))
            return other;
        if (other.IsEmpty)
            return this;
        var into = new UserSetContainers(keys.Length + other.keys.Length);
        int i = 0, j = 0;
        while (i < keys.Length || j < other.keys.Length)
        {
            var mine = i < keys.Length ? keys[i] : int.MaxValue;
            var theirs = j < other.keys.Length ? other.keys[j] : int.MaxValue;
            if (mine == theirs)
                into.Add((ushort)mine, ContainerUnion.Of(containers[i++], other.containers[j++]));
            else if (mine < theirs)
                into.Add((ushort)mine, containers[i++]);
            else
                into.Add((ushort)theirs, other.containers[j++]);
        }
        return into.ToSet();
    }

    /// <summary>Those who are in both.</summary>
    public UserSet Intersect(UserSet other)
    {
        var into = new UserSetContainers(Math.Min(keys.Length, other.keys.Length));
        int i = 0, j = 0;
        while (i < keys.Length && j < other.keys.Length)
        {
            if (keys[i] < other.keys[j])
                i++;
            else if (keys[i] > other.keys[j])
                j++;
            else
                into.Add(keys[i], ContainerIntersection.Of(containers[i++], other.containers[j++]));
        }
        return into.ToSet();
    }

    /// <summary>Those who are in this and not in the other.</summary>
    public UserSet Except(UserSet other)
    {
        if (IsEmpty || other.IsEmpty)
            return this;
        var into = new UserSetContainers(keys.Length);
        for (int i = 0, j = 0; i < keys.Length; i++)
        {
            while (j < other.keys.Length && other.keys[j] < keys[i])
                j++;
            var shared = j < other.keys.Length && other.keys[j] == keys[i];
            into.Add(keys[i], shared ? ContainerDifference.Of(containers[i], other.containers[j]) : containers[i]);
        }
        return into.ToSet();
    }

    /// <summary>How many are in both, without making the set.</summary>
    public long IntersectCount(UserSet other)
    {
        long count = 0;
        int i = 0, j = 0;
        while (i < keys.Length && j < other.keys.Length)
        {
            if (keys[i] < other.keys[j])
                i++;
            else if (keys[i] > other.keys[j])
                j++;
            else
                count += ContainerIntersection.Count(containers[i++], other.containers[j++]);
        }
        return count;
    }

    /// <summary>How many are in either, without making the set.</summary>
    public long UnionCount(UserSet other) => Count + other.Count - IntersectCount(other);

    /// <summary>How many are in this and not in the other, without making the set.</summary>
    public long ExceptCount(UserSet other) => Count - IntersectCount(other);

    /// <summary>The same users in the fewest bytes: consecutive ordinals become runs.</summary>
    public UserSet Compact()
    {
        var compact = new Container[containers.Length];
        for (var i = 0; i < compact.Length; i++)
            compact[i] = containers[i].Compact();
        return new UserSet(keys, compact);
    }

    /// <summary>All ordinals, ascending.</summary>
    public uint[] ToArray()
    {
        var ordinals = GC.AllocateUninitializedArray<uint>(checked((int)Count));
        var n = 0;
        for (var i = 0; i < keys.Length; i++)
            n += containers[i].CopyTo(ordinals.AsSpan(n), (uint)keys[i] << 16);
        return ordinals;
    }

    /// <summary>Ordinals in ascending order, one container decoded at a time.</summary>
    public IEnumerator<uint> GetEnumerator()
    {
        for (var i = 0; i < keys.Length; i++)
        {
            var decoded = new uint[containers[i].Count];
            containers[i].CopyTo(decoded, (uint)keys[i] << 16);
            foreach (var ordinal in decoded)
                yield return ordinal;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Equal are sets of the same users, however they are laid out.</summary>
    public bool Equals(UserSet? other) =>
        other is not null && Count == other.Count && keys.AsSpan().SequenceEqual(other.keys) && IntersectCount(other) == Count;

    public override bool Equals(object? obj) => Equals(obj as UserSet);

    public override int GetHashCode() => HashCode.Combine(Count, keys.Length, keys.Length > 0 ? keys[0] : 0);

    internal static UserSet FromSorted(ReadOnlySpan<uint> sorted)
    {
        var into = new UserSetContainers(4);
        for (var start = 0; start < sorted.Length;)
        {
            var key = sorted[start] >> 16;
            var length = 1;
            while (start + length < sorted.Length && sorted[start + length] >> 16 == key)
                length++;
            into.Add((ushort)key, ContainerOf(sorted.Slice(start, length)));
            start += length;
        }
        return into.ToSet();
    }

    private static Container ContainerOf(ReadOnlySpan<uint> sorted)
    {
        if (sorted.Length <= Container.ArrayLimit)
        {
            var values = GC.AllocateUninitializedArray<ushort>(sorted.Length);
            var n = 0;
            foreach (var ordinal in sorted)
                if (n == 0 || values[n - 1] != (ushort)ordinal)
                    values[n++] = (ushort)ordinal;
            return new ArrayContainer(values, n);
        }

        var words = new ulong[BitmapContainer.Words];
        foreach (var ordinal in sorted)
            words[(ushort)ordinal >> 6] |= 1UL << (int)ordinal;
        return BitmapContainer.Normal(words, BitmapContainer.PopCount(words));
    }
}
