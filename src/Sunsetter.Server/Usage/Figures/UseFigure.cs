using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Usage;

/// <summary>One customer's use of one module in figures, as of a day. Weeks, months and the day end with the last whole day, the rest with the day that runs.</summary>
/// <param name="LastUse">Last day with use within <see cref="HiddenDependents.History"/>.</param>
/// <param name="Day">Different users on the last whole day; of the 7 and 28 days up to it: <paramref name="Week"/>, <paramref name="Month"/>.</param>
/// <param name="Before">Of the 28 days before the <paramref name="Month"/>.</param>
/// <param name="CallsOfMonth">Calls in the 28 days.</param>
/// <param name="UsersOf90">Different users in the 90 days up to the day that runs.</param>
/// <param name="Weekly">Different users of each whole week, oldest first.</param>
/// <param name="Dependence">What the detector found in the use itself; the contract is weighed when it is asked.</param>
internal sealed record UseFigure(
    CustomerKey Customer, DateOnly LastUse, long Day, long Week, long Month, long Before, long CallsOfMonth, long UsersOf90, Counts Weekly, UseDependence Dependence)
{
    /// <summary>Weeks in <see cref="Weekly"/>.</summary>
    public const int Weeks = 57;

    /// <summary>Change of the month against the one before, as a share; null where that had nobody.</summary>
    public double? Trend => Before == 0 ? null : (double)(Month - Before) / Before;
}

/// <summary>All that one customer uses.</summary>
/// <param name="Revision">The customer's writes that are in it.</param>
/// <param name="ActiveOf90">Different users of anything in the 90 days up to the day that runs; null where there were none.</param>
/// <param name="Modules">By their stored number.</param>
internal sealed record CustomerFigures(CustomerKey Customer, long Revision, long? ActiveOf90, IReadOnlyDictionary<int, UseFigure> Modules);

/// <summary>A short series of counts, packed: a hundred thousand of them stay in memory.</summary>
internal readonly struct Counts(byte[] packed)
{
    public static Counts Of(ReadOnlySpan<long> counts)
    {
        Span<byte> bytes = stackalloc byte[Varint.Longest * counts.Length];
        var at = 0;
        foreach (var count in counts)
            at = Varint.Write(bytes, at, (ulong)count);
        return new(bytes[..at].ToArray());
    }

    public long[] ToArray()
    {
        var counts = new List<long>(UseFigure.Weeks);
        for (var at = 0; at < packed.Length;)
            counts.Add((long)Varint.Read(packed, ref at));
        return [.. counts];
    }

    public void AddTo(Span<long> sums)
    {
        for (int at = 0, place = 0; at < packed.Length; place++)
            sums[place] += (long)Varint.Read(packed, ref at);
    }
}
