using System.Globalization;

namespace Sunsetter.Server.Platform;

/// <summary>Calendar days in a customer's own time zone (IANA or Windows name).</summary>
internal static class Days
{
    /// <summary>The zone of that name, or UTC where the machine does not know it; imports refuse unknown names, so UTC is a last resort.</summary>
    public static TimeZoneInfo Zone(string? name) =>
        name is not null && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : TimeZoneInfo.Utc;

    /// <summary>As it is written where no language is: <c>2026-11-28</c>.</summary>
    public static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>The calendar day on which <paramref name="instant"/> falls in <paramref name="zone"/>.</summary>
    public static DateOnly DayOf(DateTimeOffset instant, TimeZoneInfo zone) =>
        DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(instant, zone).DateTime);

    /// <summary>The instant of a wall-clock time in a zone. A time skipped by daylight saving is moved forward by the gap; a doubled one is its first occurrence.</summary>
    public static DateTimeOffset InstantOf(DateOnly day, TimeOnly time, TimeZoneInfo zone)
    {
        var local = day.ToDateTime(time);
        if (zone.IsInvalidTime(local))
            local = local.Add(zone.GetUtcOffset(local.AddHours(3)) - zone.GetUtcOffset(local.AddHours(-3)));
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }

    /// <summary>An instant as a sentence tells it, in either language: “2027-01-08 10:00 (Asia/Shanghai)”, “2027-01-08 02:00 UTC”.</summary>
    public static string Tell(DateTimeOffset instant, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(instant, zone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);
        return zone.HasSameRules(TimeZoneInfo.Utc) ? $"{local} UTC" : $"{local} ({zone.Id})";
    }

    public static DateOnly Today(this TimeProvider clock, TimeZoneInfo zone) => DayOf(clock.GetUtcNow(), zone);
}
