namespace Sunsetter.Server.Retirements;

/// <summary>A closing is one instant; the promise is a calendar day of the customer. Midnight in Shanghai is still yesterday in New York.</summary>
internal static class ClosingInstant
{
    /// <summary>The customer's own calendar day at the instant on which the schedule's <paramref name="day"/> closes, or so long ahead of it.</summary>
    public static DateOnly DayFor(Schedule schedule, DateOnly day, string customersZone, TimeSpan ahead = default) =>
        Platform.Days.DayOf(schedule.InstantOf(day) - ahead, Platform.Days.Zone(customersZone));

    /// <summary>The first day of the schedule's zone whose closing, or what closes so long ahead of it, falls on or after the customer's <paramref name="earliest"/> day.</summary>
    public static DateOnly FirstDay(Schedule schedule, DateOnly earliest, string customersZone, TimeSpan ahead = default)
    {
        // Zones are at most 26 hours apart, so one of these days is it.
        var day = earliest.AddDays(-2);
        while (DayFor(schedule, day, customersZone, ahead) < earliest)
            day = day.AddDays(1);
        return day;
    }
}
