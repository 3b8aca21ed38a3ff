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
    private IReadOnlyList<DayFigure> figures = [];

    public int Customer => customer;
    public int Day => day;
    public int Block => block;

    public void Add(ModuleUse use) => added.Add(use);

    /// <summary>Adds what is stored already.</summary>
    public void Merge(ReadOnlySpan<byte> storedFigures, ReadOnlySpan<byte> storedUsers)
    {
        figures = DayFigures.Read(storedFigures);
        users = UserSetReader.Read(storedUsers);
    }

    /// <summary>The row as it is to be stored.</summary>
    public object[] ToStore()
    {
        added.Sort((left, right) => left.Module.CompareTo(right.Module));
        var fresh = new UserSet([.. added.Select(use => checked((ushort)use.Module))], [.. added.Select(use => use.ToContainer())]);
        users = users.Union(fresh).Compact();
        return [day, customer, block, DayFigures.Write(Figures()), UserSetFormat.Write(users)];
    }

    private DayFigure[] Figures()
    {
        // The first is the whole product: everybody who used any module, and all calls.
        var merged = new DayFigure[users.Keys.Length + 1];
        var (next, old) = (0, 1);
        for (var at = 0; at < users.Keys.Length; at++)
        {
            var (module, calls, minutes) = ((int)users.Keys[at], 0L, 0UL);
            while (old < figures.Count && figures[old].Module < module)
                old++;
            if (old < figures.Count && figures[old].Module == module)
                (calls, minutes) = (figures[old].Calls, figures[old].Minutes);
            if (next < added.Count && added[next].Module == module)
                (calls, minutes) = (calls + added[next].Calls, minutes | added[next++].Minutes);
            merged[at + 1] = new(module, users.Containers[at].Count, calls, minutes);
        }
        merged[0] = new(GroupRows.AnyModule, ContainerUnion.Count(users.Containers), merged.Sum(figure => figure.Calls), merged.Aggregate(0UL, (all, figure) => all | figure.Minutes));
        return merged;
    }
}
