using Sunsetter.Server.Usage.Sets;

namespace Sunsetter.Server.Usage;

/// <summary>
/// One row of <c>usage_day</c> as it is merged: all modules of a customer's day. Its set is one Roaring bitmap in which the upper half of a value is the module's number
/// and the lower half the user's place in the block, so that a day costs one row and not one for each module.
/// </summary>
internal sealed class DayRow(int customer, int day, int block)
{
    private readonly List<ModuleUse> added = [];
    private UserSet users = UserSet.Empty;
    private readonly SortedList<int, (long Calls, ulong Minutes)> stored = [];

    public int Customer => customer;
    public int Day => day;
    public int Block => block;

    public void Add(ModuleUse use) => added.Add(use);

    /// <summary>Adds what is stored already: the row itself, or a day that is added up.</summary>
    public void Merge(ReadOnlySpan<byte> figures, ReadOnlySpan<byte> storedUsers)
    {
        for (var reader = new DayFigures.Reader(figures); reader.Next(out var figure);)
            stored[figure.Module] = stored.TryGetValue(figure.Module, out var before)
                ? (before.Calls + figure.Calls, before.Minutes | figure.Minutes) : (figure.Calls, figure.Minutes);
        users = users.Union(UserSetReader.Read(storedUsers));
    }

    /// <summary>True where no module is left.</summary>
    public bool IsEmpty => users.IsEmpty;

    /// <summary>Takes a module out of what was stored; its users in this block, null where there were none.</summary>
    public UserSet? Remove(int module)
    {
        var at = users.Keys.IndexOf(checked((ushort)module));
        if (at < 0)
            return null;
        var gone = new UserSet([(ushort)block], [users.Containers[at]]);
        users = new UserSet([.. users.Keys[..at], .. users.Keys[(at + 1)..]], [.. users.Containers[..at], .. users.Containers[(at + 1)..]]);
        return gone;
    }

    /// <summary>The ordinals of everybody who is still in it, whatever they used.</summary>
    public void AddUsersTo(HashSet<int> ordinals)
    {
        if (!users.IsEmpty)
            foreach (var user in new UserSet([(ushort)block], [ContainerUnion.Of(users.Containers)]))
                ordinals.Add((int)user);
    }

    /// <summary>The row as it is to be stored.</summary>
    /// <param name="key">The first columns.</param>
    public object[] ToStore(params ReadOnlySpan<object> key)
    {
        added.Sort((left, right) => left.Module.CompareTo(right.Module));
        var fresh = new UserSet([.. added.Select(use => checked((ushort)use.Module))], [.. added.Select(use => use.ToContainer())]);
        users = users.Union(fresh).Compact();
        return [.. key, DayFigures.Write(Figures()), UserSetFormat.Write(users)];
    }

    private DayFigure[] Figures()
    {
        // The first is the whole product: everybody who used any module, and all calls.
        var merged = new DayFigure[users.Keys.Length + 1];
        var (next, allCalls, allMinutes) = (0, 0L, 0UL);
        for (var at = 0; at < users.Keys.Length; at++)
        {
            int module = users.Keys[at];
            stored.TryGetValue(module, out var figure);
            if (next < added.Count && added[next].Module == module)
                figure = (figure.Calls + added[next].Calls, figure.Minutes | added[next++].Minutes);
            merged[at + 1] = new(module, users.Containers[at].Count, figure.Calls, figure.Minutes);
            (allCalls, allMinutes) = (allCalls + figure.Calls, allMinutes | figure.Minutes);
        }
        merged[0] = new(GroupRows.AnyModule, ContainerUnion.Count(users.Containers), allCalls, allMinutes);
        return merged;
    }
}
