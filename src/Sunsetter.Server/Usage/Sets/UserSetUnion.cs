using System.Numerics;

namespace Sunsetter.Server.Usage.Sets;

/// <summary>
/// The union of many sets, gathered in place: thirty days of one customer's users cost one pass over their bytes
/// instead of thirty intermediate sets. Not for use by two threads at once; reusable after <see cref="Clear"/>.
/// </summary>
internal sealed class UserSetUnion
{
    // Customers of fewer than 65,536 users, nearly all, have one container a day: their unions share this scratch paper.
    [ThreadStatic]
    private static ulong[]? scratch;

    private readonly SortedList<ushort, ulong[]> bitmaps = [];

    /// <summary>Everybody who is in one of the sets; nulls are empty.</summary>
    public static UserSet Of(ReadOnlySpan<UserSet?> sets)
    {
        UserSet? only = null;
        var (several, simple) = (false, true);
        foreach (var set in sets)
        {
            if (set is null)
                continue;
            several |= only is not null;
            only ??= set;
            simple &= set.Keys.Length == 1 && set.Keys[0] == only.Keys[0];
        }
        if (!several)
            return only ?? UserSet.Empty;
        if (simple)
            return OneContainer(sets, only!.Keys[0]);
        var union = new UserSetUnion();
        foreach (var set in sets)
            if (set is not null)
                union.Add(set);
        return union.ToSet();
    }

    public void Add(UserSet set)
    {
        for (var i = 0; i < set.Keys.Length; i++)
        {
            if (!bitmaps.TryGetValue(set.Keys[i], out var words))
                bitmaps.Add(set.Keys[i], words = new ulong[BitmapContainer.Words]);
            set.Containers[i].AddTo(words);
        }
    }

    /// <summary>How many users are in it now.</summary>
    public long Count
    {
        get
        {
            long count = 0;
            foreach (var words in bitmaps.Values)
                count += BitmapContainer.PopCount(words);
            return count;
        }
    }

    /// <summary>What was gathered, as a set of its own.</summary>
    public UserSet ToSet()
    {
        var into = new UserSetContainers(bitmaps.Count);
        foreach (var (key, words) in bitmaps)
        {
            var count = BitmapContainer.PopCount(words);
            if (count > Container.ArrayLimit)
                into.Add(key, new BitmapContainer((ulong[])words.Clone(), count));
            else if (count > 0)
                into.Add(key, BitmapContainer.ToArray(words, count));
        }
        return into.ToSet();
    }

    /// <summary>Starts over, keeping the memory for the next round.</summary>
    public void Clear()
    {
        foreach (var words in bitmaps.Values)
            Array.Clear(words);
    }

    private static UserSet OneContainer(ReadOnlySpan<UserSet?> sets, ushort key)
    {
        var words = scratch ??= new ulong[BitmapContainer.Words];
        var used = 0;
        foreach (var set in sets)
        {
            if (set is null)
                continue;
            var container = set.Containers[0];
            container.AddTo(words);
            used = Math.Max(used, container is ArrayContainer array ? (array.Values[^1] >> 6) + 1 : BitmapContainer.Words);
        }
        var bits = words.AsSpan(0, used);
        var count = BitmapContainer.PopCount(bits);
        Container union = count > Container.ArrayLimit ? new BitmapContainer((ulong[])words.Clone(), count) : BitmapContainer.ToArray(bits, count);
        bits.Clear();
        return new UserSet([key], [union]);
    }

    /// <summary>How many users are in this union and not in the other, without making a set.</summary>
    public long ExceptCount(UserSetUnion other)
    {
        long count = 0;
        foreach (var (key, words) in bitmaps)
        {
            if (!other.bitmaps.TryGetValue(key, out var minus))
            {
                count += BitmapContainer.PopCount(words);
                continue;
            }
            for (var i = 0; i < words.Length; i++)
                count += BitOperations.PopCount(words[i] & ~minus[i]);
        }
        return count;
    }
}
