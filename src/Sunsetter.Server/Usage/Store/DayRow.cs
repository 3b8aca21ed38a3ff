using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using Sunsetter.Server.Usage.Sets;

namespace Sunsetter.Server.Usage;

/// <summary>
/// One row of <c>usage_day</c> as it is merged: all modules of a customer's day. Its set is one Roaring bitmap for all modules (<see cref="DayUsers"/>), so that a day costs
/// one row and not one for each module.
/// </summary>
internal sealed class DayRow(int customer, int day, int block)
{
    private readonly SortedList<int, (long Calls, ulong Minutes)> calls = [];
    private uint[] added = new uint[32];
    private int addedCount, addedPlaces;
    private UserSet users = UserSet.Empty;
    private int width = DayUsers.Narrowest;

    public int Customer => customer;
    public int Day => day;
    public int Block => block;

    /// <summary>What is stored is in it.</summary>
    public bool IsRead { get; set; }

    /// <summary>True where no module is left.</summary>
    public bool IsEmpty => users.IsEmpty;

    public void Add(int module, in UsageCell cell) => Add(module, cell.Calls, cell.Minutes);

    /// <param name="moduleAndPlace">The module's number in the upper half, the user's place within the block in the lower; may come again.</param>
    public void Add(uint moduleAndPlace)
    {
        if (addedCount == added.Length)
            Array.Resize(ref added, 2 * addedCount);
        added[addedCount++] = moduleAndPlace;
        addedPlaces |= (ushort)moduleAndPlace;
    }

    /// <summary>Adds what is stored already: the row itself, or a day that is added up.</summary>
    public void Merge(int storedWidth, ReadOnlySpan<byte> figures, ReadOnlySpan<byte> storedUsers)
    {
        for (var reader = new DayFigures.Reader(figures); reader.Next(out var figure);)
            if (figure.Module != GroupRows.AnyModule)
                Add(figure.Module, figure.Calls, figure.Minutes);
        var stored = UserSetReader.Read(storedUsers);
        WidenTo(storedWidth);
        users = users.Union(DayUsers.Widen(stored, storedWidth, width));
    }

    /// <summary>Takes a module out of what was stored; its users in this block, null where there were none.</summary>
    public UserSet? Remove(int module)
    {
        var gone = users.Intersect(DayUsers.All(module, width));
        if (gone.IsEmpty)
            return null;
        users = users.Except(gone);
        calls.Remove(module);
        return new UserSet([(ushort)block], [DayUsers.Any(gone, width)]);
    }

    /// <summary>The ordinals of everybody who is still in it, whatever they used.</summary>
    public void AddUsersTo(HashSet<int> ordinals)
    {
        if (!users.IsEmpty)
            foreach (var user in new UserSet([(ushort)block], [DayUsers.Any(users, width)]))
                ordinals.Add((int)user);
    }

    /// <summary>The row as it is to be stored.</summary>
    /// <param name="key">The first columns.</param>
    public object[] ToStore(params ReadOnlySpan<object> key)
    {
        WidenTo(DayUsers.WidthFor(addedPlaces));
        if (addedCount > 0)
            users = users.Union(Fresh());
        users = users.Compact();
        return [.. key, width, DayFigures.Write(Figures()), UserSetFormat.Write(users)];
    }

    private void Add(int module, long more, ulong minutes) =>
        calls[module] = calls.TryGetValue(module, out var before) ? (before.Calls + more, before.Minutes | minutes) : (more, minutes);

    private void WidenTo(int wanted)
    {
        if (wanted <= width)
            return;
        users = DayUsers.Widen(users, width, wanted);
        width = wanted;
    }

    private UserSet Fresh()
    {
        var values = added.AsSpan(0, addedCount);
        uint last = 0;
        foreach (ref var value in values)
        {
            value = value >> 16 << width | (ushort)value;
            last = Math.Max(last, value);
        }
        addedCount = 0;
        // Marking bits and reading them off beats sorting where the bits are not much more than the values.
        if (last >> 6 > 4 * values.Length + 1_024)
        {
            values.Sort();
            return UserSet.FromSorted(values);
        }
        var words = ArrayPool<ulong>.Shared.Rent((int)(last >> 6) + 1);
        var bits = words.AsSpan(0, (int)(last >> 6) + 1);
        bits.Clear();
        foreach (var value in values)
            bits[(int)(value >> 6)] |= 1UL << (int)value;
        var n = 0;
        for (var i = 0; i < bits.Length; i++)
            for (var word = bits[i]; word != 0; word &= word - 1)
                values[n++] = (uint)(i << 6 | BitOperations.TrailingZeroCount(word));
        ArrayPool<ulong>.Shared.Return(words);
        return UserSet.FromSorted(values[..n]);
    }

    private ReadOnlySpan<DayFigure> Figures()
    {
        // The first is the whole product: everybody who used any module, and all calls.
        var figures = new List<DayFigure>(calls.Count + 1) { default };
        Span<ulong> anybody = stackalloc ulong[1 << width >> 6];
        anybody.Clear();
        var (module, people, mask, all) = (-1, 0, (1u << width) - 1, (Calls: 0L, Minutes: 0UL));
        void Close()
        {
            if (people == 0)
                return;
            var (count, minutes) = calls.GetValueOrDefault(module);
            figures.Add(new(module, people, count, minutes));
            all = (all.Calls + count, all.Minutes | minutes);
        }
        foreach (var value in users.ToArray())
        {
            if ((int)(value >> width) != module)
            {
                Close();
                (module, people) = ((int)(value >> width), 0);
            }
            people++;
            var place = value & mask;
            anybody[(int)(place >> 6)] |= 1UL << (int)place;
        }
        Close();
        figures[0] = new(GroupRows.AnyModule, BitmapContainer.PopCount(anybody), all.Calls, all.Minutes);
        return CollectionsMarshal.AsSpan(figures);
    }
}
