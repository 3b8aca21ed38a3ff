using System.Numerics;

namespace Sunsetter.Server.Usage;

/// <summary>The module in the customer's own last ninety known days, beside everything else they do with the product.</summary>
internal sealed record RecentUse(int Days, IReadOnlyList<int> Active, long UserDays, long Calls, long OwnUserDays, long OwnCalls)
{
    private const int LongestLook = 90;
    private const double Large = 0.3;
    private const double Considerable = 0.2;
    private const double Few = 3;
    private const double Regular = 0.2;

    // The minutes of which our clients know only (decision 0122).
    private const long Quarters = 1L | 1L << 15 | 1L << 30 | 1L << 45;

    public static RecentUse Of(DependenceInput input)
    {
        var days = input.LatestKnown(LongestLook);
        var active = days.Where(day => input.Users[day] > 0).ToList();
        return new(days.Count, active, active.Sum(day => (long)input.Users[day]), active.Sum(day => input.Calls[day]),
            days.Sum(day => (long)input.OwnUsers[day]), days.Sum(day => input.OwnCalls[day]));
    }

    private double Share => OwnCalls == 0 ? 0 : (double)Calls / OwnCalls;

    private double UsersPerDay => Active.Count == 0 ? 0 : (double)UserDays / Active.Count;

    private string Percent => FormattableString.Invariant($"{Math.Round(100 * Share)}%");

    public DependenceFlag? LargeShare() => Active.Count < 10 || Share < Large ? null
        : new(DependenceKind.LargeShare, (int)Math.Round(20 + 30 * Share), new(
            $"{Percent} of all their calls in the last {Days} known days are to this module.", $"最近 {Days} 个有数据的日子里，其全部调用的 {Percent} 来自此模块。"));

    public DependenceFlag? DecisiveUsers()
    {
        if (Active.Count < 15 || UsersPerDay > Few || OwnUserDays < 5 * UserDays)
            return null;
        var theirs = (double)Calls / UserDays;
        var usual = (double)(OwnCalls - Calls) / Math.Max(1, OwnUserDays);
        if (Share < Considerable && theirs < 5 * usual)
            return null;
        return new(DependenceKind.DecisiveUsers, 30, new(
            FormattableString.Invariant($"About {UsersPerDay:0.#} {(UsersPerDay == 1 ? "user" : "users")} a day make {Percent} of the customer's calls with it, {theirs:0} each, on {Active.Count} of {Days} days: few, but much hangs on them."),
            FormattableString.Invariant($"每天约 {UsersPerDay:0.#} 名用户贡献了该客户 {Percent} 的调用，每人 {theirs:0} 次，{Days} 天中有 {Active.Count} 天：人数少但关系重大。")));
    }

    public DependenceFlag? Integration(DependenceInput input)
    {
        if (Active.Count < 15 || UsersPerDay > Few)
            return null;
        // At most four minutes of the hour although there were many calls: no human keeps that up. Times that were cut to the quarter hour before they were sent show nothing of it.
        var toTheMinute = Active.Count(day => (input.Minutes[day] & ~Quarters) != 0 && BitOperations.PopCount((ulong)input.Minutes[day]) <= 4 && input.Calls[day] >= 6);
        if (toTheMinute >= 0.8 * Active.Count)
            return Flag("Calls come at the same minutes of the hour, day after day: a program, not people.", "每天都在相同的分钟发起调用：是程序而不是人。");

        var mean = (double)Calls / Active.Count;
        var deviation = Math.Sqrt(Active.Average(day => Math.Pow(input.Calls[day] - mean, 2)));
        var weekend = Active.Count(day => input.Day(day).DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday);
        var alike = Active.Count >= 0.8 * Days && weekend >= 0.8 * Days * 2 / 7 && Calls >= 12 * UserDays && deviation <= Regular * mean;
        return alike ? Flag(
            FormattableString.Invariant($"About {mean:0} calls a day by {UsersPerDay:0.#} {(UsersPerDay == 1 ? "account" : "accounts")}, weekends as weekdays: a program, not people."),
            FormattableString.Invariant($"每天约 {mean:0} 次调用，来自 {UsersPerDay:0.#} 个账号，周末与工作日无异：是程序而不是人。")) : null;

        static DependenceFlag Flag(string en, string zh) => new(DependenceKind.Integration, 35, new(en, zh));
    }
}
