using System.Runtime.InteropServices;
using Sunsetter.Server.Usage.Sets;

namespace Sunsetter.Server.Usage;

/// <summary>One row of <c>usage_day</c> as it is merged.</summary>
internal sealed class DayRow(int module, int day, int customer)
{
    private readonly List<uint> ordinals = [];

    public int Module => module;
    public int Day => day;
    public int Customer => customer;
    public long Calls { get; private set; }
    public long Minutes { get; private set; }
    public int Hours { get; private set; }
    public UserSet Users { get; private set; } = UserSet.Empty;

    /// <summary>Counts a cell of a tally whose users have these ordinals.</summary>
    public void Add(UsageCell cell, uint[] users)
    {
        Calls += cell.Calls;
        Minutes |= cell.Minutes;
        Hours |= cell.Hours;
        foreach (var user in CollectionsMarshal.AsSpan(cell.Users))
            ordinals.Add(users[user]);
    }

    /// <summary>Adds what is stored already.</summary>
    public void Merge(long calls, long minutes, int hours, UserSet stored)
    {
        Calls += calls;
        Minutes |= minutes;
        Hours |= hours;
        Users = stored;
    }

    /// <summary>The row as it is to be stored.</summary>
    public object[] ToStore()
    {
        Users = Users.Union(UserSet.Of(CollectionsMarshal.AsSpan(ordinals))).Compact();
        return [module, day, customer, (int)Users.Count, Calls, Minutes, Hours, UserSetFormat.Write(Users)];
    }
}
