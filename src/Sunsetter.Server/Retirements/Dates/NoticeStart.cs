namespace Sunsetter.Server.Retirements;

/// <summary>From which day a customer's notice counts, in their own time zone.</summary>
internal static class NoticeStart
{
    /// <param name="closesOn">The closing day in question. Who was told a later day only has not been told of this one.</param>
    /// <param name="tellingOn">The day on which notices go out by the plan; once it has passed without them, their notice cannot begin before today.</param>
    public static DateOnly Of(LedgerEntry entry, DateOnly? closesOn, DateOnly? tellingOn, DateTimeOffset now)
    {
        if (ToldBy(entry, closesOn) is { } told)
            return told;
        var today = Platform.Days.DayOf(now, Platform.Days.Zone(entry.TimeZone));
        return tellingOn is { } planned && planned > today ? planned : today;
    }

    /// <summary>They were told a day, and it is not this one any more.</summary>
    public static bool MustBeToldAgain(LedgerEntry entry, DateOnly closesOn) => entry.ClosedAt is null && entry.Reach.ToldOn is not null && entry.Reach.ToldOf(closesOn) is null;

    // Told an earlier closing day, they have had at least this notice: a day that is put off keeps it.
    private static DateOnly? ToldBy(LedgerEntry entry, DateOnly? closesOn) => closesOn is not { } day ? entry.Reach.ToldOn
        : entry.Reach.Notices.Select(notice => notice.ClosesOn).Distinct().Where(named => named <= day).Select(entry.Reach.ToldOf).Where(told => told is not null).Min();
}
