using System.Buffers;
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

    private static readonly SearchValues<byte> Control = SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(value => (byte)value), 0x7f]);

    /// <param name="latest">The last instant that is not too far ahead.</param>
    /// <returns>Why a line with this time and count cannot be counted, or null.</returns>
    public static Refusal? Check(in UsageEvent use, long latest)
    {
        if (use.UnixMilliseconds > latest)
            return new("usage.time-in-future", "The time lies in the future. Set the sender's clock, or send “sentAt” so that it can be corrected.", "时间在未来。请校准发送方的时钟，或附上“sentAt”以便校正。");
        if (use.UnixMilliseconds < Earliest)
            return new("usage.time-too-old", "The time lies before 1990. Is it in seconds since 1970? For relative times give an epoch.", "时间早于 1990 年。它是自 1970 年起的秒数吗？若为相对时间，请指定起点。");
        if (use.Count is < 1 or > MostCalls)
            return new("usage.count", "The count must be a whole number from 1 to 1,000,000,000.", "次数必须是 1 到 1,000,000,000 的整数。");
        return null;
    }

    public static Refusal? CheckModule(ReadOnlySpan<byte> name) => Name("module", "模块", name, ModuleLength);

    public static Refusal? CheckCustomer(ReadOnlySpan<byte> name) => Name("customer", "客户", name, CustomerLength);

    public static Refusal? CheckUser(ReadOnlySpan<byte> name) =>
        // An id that looks like ours could be taken for that of somebody else, whose names were hashed or deleted.
        name.StartsWith(UserNaming.HashedBytes)
            ? new("usage.user-reserved", $"A user may not begin with “{UserNaming.HashedPrefix}”: hashed users are stored so. Send the user's own id.", $"用户不得以“{UserNaming.HashedPrefix}”开头：哈希后的用户以此存储。请发送用户自己的标识。")
            : Name("user", "用户", name, UserLength);

    private static Refusal? Name(string what, string whatZh, ReadOnlySpan<byte> name, int longest)
    {
        if (name.IsEmpty)
            return new($"usage.{what}-missing", $"The {what} is missing.", $"缺少{whatZh}。");
        if (name.Length > 4 * longest || !Utf8.IsValid(name))
            return new($"usage.{what}-invalid", $"The {what} is too long or not valid UTF-8.", $"{whatZh}过长，或不是有效的 UTF-8。");
        if (name.ContainsAny(Control))
            return new($"usage.{what}-invalid", $"The {what} holds a control character.", $"{whatZh}含有控制字符。");
        if (name.Length > longest && Encoding.UTF8.GetCharCount(name) > longest)
            return new($"usage.{what}-invalid", $"The {what} is longer than {longest} characters.", $"{whatZh}超过 {longest} 个字符。");
        return null;
    }
}
