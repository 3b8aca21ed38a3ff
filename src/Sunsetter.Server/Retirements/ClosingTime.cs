namespace Sunsetter.Server.Retirements;

/// <summary>When the gate closes for a customer: what was planned, unless an emergency restore holds it open at that instant.</summary>
internal static class ClosingTime
{
    /// <summary>Null: no go holds for this customer, nothing is planned, or a restore without an end holds the gate open.</summary>
    public static DateTimeOffset? Of(Retirement retirement, LedgerEntry entry) =>
        retirement.GoHoldsFor(entry) && entry.ClosesAt(retirement) is { } planned
            ? After(planned, [.. retirement.Closing.Restores, .. entry.Closure.Restores])
            : null;

    /// <summary>The first instant from <paramref name="planned"/> on at which nothing holds the gate open.</summary>
    private static DateTimeOffset? After(DateTimeOffset planned, IReadOnlyList<OpenAgain> restores)
    {
        var instant = planned;
        while (restores.FirstOrDefault(restore => restore.Covers(instant)) is { } open)
        {
            if (open.Until is not { } end)
                return null;
            instant = end;
        }
        return instant;
    }
}
