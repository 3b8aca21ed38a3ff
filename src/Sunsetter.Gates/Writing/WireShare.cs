using System.Globalization;

namespace Sunsetter.Gates.Writing;

/// <summary>Shares on the wire: per cent with at most two decimals; inside: hundredths of a per cent.</summary>
internal static class WireShare
{
    public static string Write(int share) => (share / 100m).ToString("0.##", CultureInfo.InvariantCulture);

    public static bool TryRead(string literal, out int share)
    {
        share = 0;
        if (!decimal.TryParse(literal, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var percent))
            return false;
        if (percent <= 0 || percent >= 100 || percent * 100 != decimal.Truncate(percent * 100)) return false;
        share = (int)(percent * 100);
        return true;
    }
}
