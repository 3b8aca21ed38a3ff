using System.Globalization;
using System.Text;
using Sunsetter.Client.Snapshots;

namespace Sunsetter.Client.Clock;

/// <summary>The clock's last known error, kept for a start without the server.</summary>
internal static class StoredOffset
{
    private const string FileName = "clock-offset-ms";

    public static TimeSpan Read(string? directory)
    {
        if (directory is null) return TimeSpan.Zero;
        try
        {
            var text = File.ReadAllText(Path.Combine(directory, FileName));
            return double.TryParse(text, CultureInfo.InvariantCulture, out var milliseconds) && Math.Abs(milliseconds) < 1e12
                ? TimeSpan.FromMilliseconds(milliseconds) : TimeSpan.Zero;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            return TimeSpan.Zero;
        }
    }

    public static void Write(string directory, TimeSpan offset) =>
        PrivateFile.Write(Path.Combine(directory, FileName), Encoding.UTF8.GetBytes(((long)offset.TotalMilliseconds).ToString(CultureInfo.InvariantCulture)));
}
