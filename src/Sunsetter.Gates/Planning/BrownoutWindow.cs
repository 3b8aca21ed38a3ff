namespace Sunsetter.Gates.Planning;

/// <summary>When a planned brownout takes place for one customer.</summary>
internal readonly struct BrownoutWindow(long from, long until)
{
    private const int DaysToSearch = 31;

    public long From { get; } = from;

    public long Until { get; } = until;

    /// <summary>Null where it cannot take place: no working day that is known to be one within a month.</summary>
    public static BrownoutWindow? Of(PlannedBrownout planned, CustomerDeviation customer)
    {
        if (planned.Length <= TimeSpan.Zero) return null;
        var local = DateTime.SpecifyKind(planned.Start, DateTimeKind.Unspecified);
        if (planned.OnWorkingDays && customer.IsWorkingDay is { } works)
        {
            var days = 0;
            while (works(local.Date) is not true)
            {
                // A year whose holidays are not published is unknown, not free of holidays: nobody is switched off on a guess.
                if (works(local.Date) is null || ++days > DaysToSearch) return null;
                local = local.AddDays(1);
            }
        }

        var from = InstantOf(local, planned.Zone ?? customer.Zone).UtcTicks;
        return new BrownoutWindow(from, from + planned.Length.Ticks);
    }

    /// <summary>A wall-clock time that daylight saving skips moves forward by the gap; one that it doubles is its first occurrence.</summary>
    internal static DateTimeOffset InstantOf(DateTime local, TimeZoneInfo zone)
    {
        if (zone.IsInvalidTime(local))
            local = local.Add(zone.GetUtcOffset(local.AddHours(3)) - zone.GetUtcOffset(local.AddHours(-3)));
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }
}
