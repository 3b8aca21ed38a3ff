using System.Numerics;

namespace Sunsetter.Server.Usage.Sets;

/// <summary>
/// The union of many sets, gathered in place: thirty days of one customer's users cost one pass over their bytes
/// instead of thirty intermediate sets. Not for use by two threads at once; reusable after <see cref="Clear"/>.
/// </summary>
internal sealed class UserSetUnion
{
    private readonly SortedList<ushort, ulong[]> bitmaps = [];

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
