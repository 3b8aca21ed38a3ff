using System.Globalization;

namespace Sunsetter.Server.Platform;

/// <summary>Calendar days in a customer's own time zone (IANA or Windows name).</summary>
internal static class Days
{
    /// <summary>The zone of that name, or UTC where the machine does not know it; imports refuse unknown names, so UTC is a last resort.</summary>
    public static TimeZoneInfo Zone(string? name) =>
        name is not null && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) ? zone : TimeZoneInfo.Utc;

    /// <summary>As it is written where no language is, for machines: <c>2026-11-28</c>.</summary>
    public static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>As every English text says it: “28 Nov 2026”. No reader takes the day for the month.</summary>
    public static string En(DateOnly day) => day.ToString("d MMM yyyy", CultureInfo.InvariantCulture);

    /// <summary>As every Chinese text says it: “2026年11月28日”; a space stands before it, and none behind.</summary>
    public static string Zh(DateOnly day) => string.Create(CultureInfo.InvariantCulture, $"{day.Year}年{day.Month}月{day.Day}日");

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

    /// <summary>An instant as a sentence tells it: “8 Jan 2027 10:00 (Asia/Shanghai)”, “2027年1月8日 10:00（北京时间）”.</summary>
    public static Text Tell(DateTimeOffset instant, TimeZoneInfo zone)
    {
        var (local, name) = (Clock(instant, zone), Name(zone));
        return new($"{local.En} ({name.En})", $"{local.Zh}（{name.Zh}）");
    }

    /// <summary>The same without the zone, where it stands once for many: “8 Jan 2027 10:00”.</summary>
    public static Text Clock(DateTimeOffset instant, TimeZoneInfo zone)
    {
        var (local, day) = (TimeZoneInfo.ConvertTime(instant, zone).ToString("HH:mm", CultureInfo.InvariantCulture), DayOf(instant, zone));
        return new($"{En(day)} {local}", $"{Zh(day)} {local}");
    }

    /// <summary>A zone as readers know it: “UTC”, “Europe/Berlin”; in Chinese “北京时间” for the zone of China.</summary>
    public static Text Name(TimeZoneInfo zone) =>
        zone.HasSameRules(TimeZoneInfo.Utc) ? Text.Same("UTC") : zone.Id == "Asia/Shanghai" ? new(zone.Id, "北京时间") : Text.Same(zone.Id);

    public static DateOnly Today(this TimeProvider clock, TimeZoneInfo zone) => DayOf(clock.GetUtcNow(), zone);
}
