using Sunsetter.Server.Usage.Sets;

namespace Sunsetter.Server.Usage;

/// <summary>Who used one module on a stretch of days, per customer. Immutable; shared by all who ask.</summary>
/// <param name="From">First day, see <see cref="DateOnly.DayNumber"/>.</param>
/// <param name="Until">Last day.</param>
/// <param name="Customers">By their stored number; only those with any use in the stretch.</param>
internal sealed record ModuleDays(int From, int Until, IReadOnlyDictionary<int, CustomerDays> Customers)
{
    /// <summary>Grows with every write to any customer: two answers to one question that have the same stamp are equal.</summary>
    public long Stamp { get; init; }

    public int Length => Until - From + 1;
}

/// <summary>The days of one customer, in the order of a <see cref="ModuleDays"/>.</summary>
internal sealed class CustomerDays(int length)
{
    /// <summary>Null on a day without use.</summary>
    public UserSet?[] Users { get; } = new UserSet?[length];
    public long[] Calls { get; } = new long[length];

    /// <summary>Bit n: called in the n-th minute of some hour; all ones where it was many.</summary>
    public long[] Minutes { get; } = new long[length];

    /// <summary>Everybody who used it on one of the days from <paramref name="from"/> up to <paramref name="to"/>, positions included.</summary>
    public UserSet Union(int from, int to)
    {
        from = Math.Max(0, from);
        to = Math.Min(to, Users.Length - 1);
        return to < from ? UserSet.Empty : UserSetUnion.Of(Users.AsSpan(from, to - from + 1));
    }

    public long CallsIn(int from, int to)
    {
        long calls = 0;
        for (var day = Math.Max(0, from); day <= Math.Min(to, Calls.Length - 1); day++)
            calls += Calls[day];
        return calls;
    }

    public bool AnyIn(int from, int to)
    {
        for (var day = Math.Max(0, from); day <= Math.Min(to, Users.Length - 1); day++)
            if (Users[day] is not null)
                return true;
        return false;
    }

    /// <summary>The position of the last day with use up to <paramref name="to"/>, or -1.</summary>
    public int LastUse(int to) => Array.FindLastIndex(Users, Math.Min(to, Users.Length - 1), users => users is not null);
}
