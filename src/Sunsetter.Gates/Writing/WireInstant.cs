using System.Globalization;

namespace Sunsetter.Gates.Writing;

/// <summary>Instants as the wire format writes them: UTC, <c>2026-11-22T16:00:00.000Z</c>.</summary>
internal static class WireInstant
{
    public static string Write(long utcTicks)
    {
        var instant = new DateTime(utcTicks, DateTimeKind.Utc);
        var format = utcTicks % TimeSpan.TicksPerMillisecond == 0 ? "yyyy-MM-dd'T'HH:mm:ss.fff'Z'" : "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";
        return instant.ToString(format, CultureInfo.InvariantCulture);
    }

    /// <summary>Strict: exactly the documented shape, seconds with 0 to 7 decimals.</summary>
    public static bool TryRead(string text, out DateTimeOffset instant)
    {
        instant = default;
        if (text.Length is < 20 or > 28 || text[text.Length - 1] != 'Z') return false;
        if (text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':') return false;
        int year = Digits(text, 0, 4), month = Digits(text, 5, 2), day = Digits(text, 8, 2);
        int hour = Digits(text, 11, 2), minute = Digits(text, 14, 2), second = Digits(text, 17, 2);
        if (year < 1 || month is < 1 or > 12 || day < 1 || hour is < 0 or > 23 || minute is < 0 or > 59 || second is < 0 or > 59) return false;
        if (day > DateTime.DaysInMonth(year, month)) return false;
        var fraction = 0;
        if (text.Length > 20)
        {
            var decimals = text.Length - 21;
            if (text[19] != '.' || decimals < 1 || (fraction = Digits(text, 20, decimals)) < 0) return false;
            for (var i = decimals; i < 7; i++) fraction *= 10;
        }

        instant = new DateTimeOffset(year, month, day, hour, minute, second, TimeSpan.Zero).AddTicks(fraction);
        return true;
    }

    private static int Digits(string text, int start, int count)
    {
        var value = 0;
        for (var i = start; i < start + count; i++)
        {
            if (text[i] is < '0' or > '9') return -1;
            value = (value * 10) + (text[i] - '0');
        }

        return value;
    }
}
