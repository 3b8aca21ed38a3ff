using System.Text;
using System.Text.Unicode;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Usage;

/// <summary>What one line of usage may hold. Both intake and file import ask here, so that they refuse alike.</summary>
internal static class UsageLimits
{
    public const int ModuleLength = 80;
    public const int CustomerLength = 120;
    public const int UserLength = 200;
    public const long MostCalls = 1_000_000_000;

    /// <summary>Stands for the user of a call that no person made.</summary>
    public static ReadOnlySpan<byte> NoUser => "(no user)"u8;

    /// <summary>How far ahead of our clock an event may lie; clocks are corrected before where the sender says its time.</summary>
    public static readonly TimeSpan Ahead = TimeSpan.FromMinutes(5);

    private static readonly long Earliest = new DateTimeOffset(1990, 1, 1, 0, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();

    /// <returns>Why the line cannot be counted, or null.</returns>
    public static Refusal? Check(in UsageEvent use, DateTimeOffset now)
    {
        if (use.UnixMilliseconds > (now + Ahead).ToUnixTimeMilliseconds())
            return new("usage.time-in-future", "The time lies in the future. Set the sender's clock, or send “sentAt” so that it can be corrected.", "时间在未来。请校准发送方的时钟，或附上 “sentAt” 以便校正。");
        if (use.UnixMilliseconds < Earliest)
            return new("usage.time-too-old", "The time lies before 1990. Is it in seconds since 1970? For relative times give an epoch.", "时间早于 1990 年。它是自 1970 年起的秒数吗？若为相对时间，请指定起点。");
        if (use.Count is < 1 or > MostCalls)
            return new("usage.count", "The count must be a whole number from 1 to 1,000,000,000.", "次数必须是 1 到 1,000,000,000 的整数。");
        return Name("module", "模块", use.Module, ModuleLength) ?? Name("customer", "客户", use.Customer, CustomerLength) ?? Name("user", "用户", use.User, UserLength);
    }

    private static Refusal? Name(string what, string whatZh, ReadOnlySpan<byte> name, int longest)
    {
        if (name.IsEmpty)
            return new($"usage.{what}-missing", $"The {what} is missing.", $"缺少{whatZh}。");
        if (name.Length > 4 * longest || !Utf8.IsValid(name))
            return new($"usage.{what}-invalid", $"The {what} is too long or not valid UTF-8.", $"{whatZh}过长，或不是有效的 UTF-8。");
        if (name.ContainsAnyInRange((byte)0, (byte)0x1f) || name.Contains((byte)0x7f))
            return new($"usage.{what}-invalid", $"The {what} holds a control character.", $"{whatZh}含有控制字符。");
        if (name.Length > longest && Encoding.UTF8.GetCharCount(name) > longest)
            return new($"usage.{what}-invalid", $"The {what} is longer than {longest} characters.", $"{whatZh}超过 {longest} 个字符。");
        return null;
    }
}
