using System.Buffers.Text;
using System.Globalization;

namespace Sunsetter.Server.Usage;

/// <summary>Reads an instant: ISO 8601 with a zone, or seconds since 1970 with or without a fraction.</summary>
internal static class UsageTime
{
    public static bool TryParse(ReadOnlySpan<byte> text, out long unixMilliseconds)
    {
        if (Utc(text, out unixMilliseconds))
            return true;
        if (text.Length is > 0 and < 20 && Utf8Parser.TryParse(text, out double seconds, out var read) && read == text.Length && Math.Abs(seconds) < 253_402_300_800)
        {
            unixMilliseconds = (long)(seconds * 1_000);
            return true;
        }
        return Any(text, out unixMilliseconds);
    }

    // 2026-11-22T16:00:00Z and 2026-11-22T16:00:00.123Z: what programs send. Everything else goes the slow way.
    private static bool Utc(ReadOnlySpan<byte> text, out long unixMilliseconds)
    {
        unixMilliseconds = 0;
        if (text.Length is not (20 or 24) || text[^1] != 'Z' || text[4] != '-' || text[7] != '-' || text[10] != 'T' || text[13] != ':' || text[16] != ':')
            return false;
        var valid = Two(text[0..], out var century) & Two(text[2..], out var years) & Two(text[5..], out var month) & Two(text[8..], out var day)
            & Two(text[11..], out var hour) & Two(text[14..], out var minute) & Two(text[17..], out var second);
        var fraction = 0;
        if (text.Length == 24)
            valid &= text[19] == '.' && Utf8Parser.TryParse(text[20..23], out fraction, out var read) && read == 3 && text[20] != '-' && text[20] != '+';
        var year = 100 * century + years;
        if (!valid || year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59 || second > 59)
            return false;
        var ticks = new DateTime(year, month, day, hour, minute, second).Ticks - DateTime.UnixEpoch.Ticks;
        unixMilliseconds = ticks / TimeSpan.TicksPerMillisecond + fraction;
        return true;
    }

    /// <summary>Reads instants of which many lie on the same day as the one before. For one thread.</summary>
    public sealed class SameDay
    {
        private readonly byte[] date = new byte[10];
        private long midnight;

        public bool TryParse(ReadOnlySpan<byte> text, out long unixMilliseconds)
        {
            if (text.Length == 20 && text[..10].SequenceEqual(date) && text[10] == 'T' && text[13] == ':' && text[16] == ':' && text[19] == 'Z'
                && Two(text[11..], out var hour) & Two(text[14..], out var minute) & Two(text[17..], out var second) && hour < 24 && minute < 60 && second < 60)
            {
                unixMilliseconds = midnight + 1_000 * (3_600 * hour + 60 * minute + second);
                return true;
            }
            if (!UsageTime.TryParse(text, out unixMilliseconds))
                return false;
            if (text.Length == 20 && text[^1] == 'Z' && Utc(text, out _))
            {
                text[..10].CopyTo(date);
                midnight = unixMilliseconds - (unixMilliseconds % 86_400_000 + 86_400_000) % 86_400_000;
            }
            return true;
        }
    }

    private static bool Two(ReadOnlySpan<byte> text, out int value)
    {
        int tens = text[0] - '0', ones = text[1] - '0';
        value = 10 * tens + ones;
        return (uint)tens <= 9 && (uint)ones <= 9;
    }

    private static bool Any(ReadOnlySpan<byte> text, out long unixMilliseconds)
    {
        unixMilliseconds = 0;
        // A time without a zone would mean another instant on each machine; it is not accepted.
        if (text.Length is < 17 or > 40 || !(text[^1] is (byte)'Z' or (byte)'z' || text[16..].ContainsAny((byte)'+', (byte)'-')))
            return false;
        Span<char> letters = stackalloc char[40];
        if (!System.Text.Encoding.UTF8.TryGetChars(text, letters, out var length)
            || !DateTimeOffset.TryParse(letters[..length], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant))
            return false;
        unixMilliseconds = instant.ToUnixTimeMilliseconds();
        return true;
    }
}
