namespace Sunsetter.Server.Retirements;

/// <summary>From which day a customer's notice counts, in their own time zone.</summary>
internal static class NoticeStart
{
    /// <param name="tellingOn">The day on which notices go out by the plan; once it has passed without them, their notice cannot begin before today.</param>
    public static DateOnly Of(LedgerEntry entry, DateOnly? tellingOn, DateTimeOffset now)
    {
        var today = Platform.Days.DayOf(now, Platform.Days.Zone(entry.TimeZone));
        return tellingOn is { } planned && planned > today ? planned : today;
    }
}
