using System.Globalization;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Usage.Sets;

namespace Sunsetter.Server.Usage;

/// <summary>What the rule sees of one customer: who used the two modules on which day, and which days are known.</summary>
/// <param name="From">First day; the lists have one element per day from it on, the last being today.</param>
/// <param name="Old">Users of the old module; null: none.</param>
/// <param name="OldKnown">False on days on which a source of the old module was silent.</param>
/// <param name="ExpectedAgain">When periodic use is expected next (<see cref="PeriodicUse"/>); null where the use has no period.</param>
internal sealed record StandingInput(
    CustomerKey Customer, DateOnly From, IReadOnlyList<UserSet?> Old, IReadOnlyList<UserSet?> New,
    IReadOnlyList<bool> OldKnown, IReadOnlyList<bool> NewKnown, DateOnly? ExpectedAgain = null);

/// <summary>Judges a customer's <see cref="Standing"/>. Pure.</summary>
internal static class StandingRule
{
    /// <summary>So many known days without the old module are silence.</summary>
    public const int Window = 14;

    /// <summary>So many days up to the last use tell who used the old module.</summary>
    public const int Base = 28;

    /// <summary>This share of the former users on the replacement makes a customer "moved".</summary>
    public const double Enough = 0.5;

    /// <summary>So many unknown days within the silence make it unknown: one late report is forgiven.</summary>
    public const int MostUnknownDays = 2;

    public static CustomerStanding Judge(StandingInput input)
    {
        var today = input.Old.Count - 1;
        var now = Recent(input, today);
        if (now.Old.IsEmpty)
            return Silent(input, now, today);
        if (WentBack(input, today) is { } back)
            return Answer(input, Standing.WentBack, back, now, new(
                $"Had moved, but {Text.Many(now.Old.Count, "user")} used the old module again since {Days.En(On(input, back))}.",
                $"曾已迁移，但自 {Days.Zh(On(input, back))}起又有 {now.Old.Count} 名用户使用旧模块。"));
        if (now.New.IsEmpty)
            return Known(input.NewKnown, today - Window + 1, today)
                ? Answer(input, Standing.Staying, null, now, new(
                    $"{Text.Many(now.Old.Count, "user")} used the old module in the last {Window} days, nobody the replacement.",
                    $"最近 {Window} 天有 {now.Old.Count} 名用户使用旧模块，无人使用替代模块。"))
                : Answer(input, Standing.Unknown, null, now, new(
                    $"{Text.Many(now.Old.Count, "user")} used the old module in the last {Window} days; whether anybody uses the replacement is not known.",
                    $"最近 {Window} 天有 {now.Old.Count} 名用户使用旧模块；替代模块的使用情况未知。"));
        var both = now.Old.IntersectCount(now.New);
        return Answer(input, Standing.Moving, First(input.New), now, new(
            $"In the last {Window} days {Text.Many(now.New.Count, "user")} used the replacement and {now.Old.Count - both} only the old module.",
            $"最近 {Window} 天有 {now.New.Count} 名用户使用替代模块，{now.Old.Count - both} 名仍只使用旧模块。"));
    }

    private static CustomerStanding Silent(StandingInput input, (UserSet Old, UserSet New) now, int today)
    {
        var last = Last(input.Old, today);
        var silentFrom = last < 0 ? Math.Max(0, today - Window + 1) : last + 1;
        if (!Known(input.OldKnown, Math.Max(silentFrom, today - Window + 1), today))
            return Answer(input, Standing.Unknown, null, now, new(
                $"No report about the old module on {Missing(input.OldKnown, today)} of the last {Window} days: silence proves nothing.",
                $"最近 {Window} 天中有 {Missing(input.OldKnown, today)} 天没有旧模块的上报：没有数据不能说明问题。"));
        if (last < 0)
            return Answer(input, Standing.Quiet, null, now, new(
                $"No use of the old module since {Days.En(On(input, 0))}, and none before is on record.", $"自 {Days.Zh(On(input, 0))}起未使用旧模块，此前也无记录。"));

        var (former, followed) = Followed(input, last, today);
        // Between two occasions everybody is silent; whether they have moved shows at the next one.
        if (input.ExpectedAgain is { } day)
            return Answer(input, Standing.Quiet, last + 1, now, new(
                Invariant($"Not used since {Days.En(On(input, last))}, but their use is periodic: expected again about {Days.En(day)}. {Followers(followed, former)} on the replacement; whether they have moved shows then."),
                Invariant($"自 {Days.Zh(On(input, last))}起未使用，但其使用呈周期性：预计约 {Days.Zh(day)}再次使用。原有 {former} 名用户中 {followed} 名在用替代模块；是否已迁移届时可知。")));
        if (followed >= Math.Max(1, Enough * former))
            return Answer(input, Standing.Moved, last + 1, now, new(
                $"{Followers(followed, former)} on the replacement; the old module was last used on {Days.En(On(input, last))}.",
                $"原有 {former} 名用户中 {followed} 名已在使用替代模块；旧模块最后使用于 {Days.Zh(On(input, last))}。"));
        if (!Known(input.NewKnown, today - Window + 1, today))
            return Answer(input, Standing.Unknown, null, now, new(
                $"The old module was last used on {Days.En(On(input, last))}; whether its users are on the replacement is not known, its reports are missing.",
                $"旧模块最后使用于 {Days.Zh(On(input, last))}；缺少替代模块的上报，无法确认用户是否已迁移。"));
        return Answer(input, Standing.Quiet, last + 1, now, new(
            $"Not used since {Days.En(On(input, last))}. {Followers(followed, former)} on the replacement: ask them.",
            $"自 {Days.Zh(On(input, last))}起未使用，但原有 {former} 名用户中{(followed == 0 ? "无人" : $"只有 {followed} 名")}在用替代模块：请向客户确认。"));
    }

    /// <summary>The day of the first use after the last time the customer had moved, or null.</summary>
    private static int? WentBack(StandingInput input, int today)
    {
        int? back = null;
        var last = -1;
        for (var day = 0; day <= today; day++)
        {
            if (input.Old[day] is null)
                continue;
            if (last >= 0 && day - last > Window)
            {
                // A silence before this use: had they moved, or were they only away?
                var silence = day - 1;
                var (former, followed) = Followed(input, last, silence);
                var moved = followed >= Math.Max(1, Enough * former) && Known(input.OldKnown, silence - Window + 1, silence);
                back = moved ? day : null;
            }
            last = day;
        }
        return back;
    }

    /// <summary>Of those who used the old module in the days up to its last use: how many used the replacement in the silence after it.</summary>
    private static (long Former, long Followed) Followed(StandingInput input, int last, int until)
    {
        var former = Union(input.Old, last - Base + 1, last);
        return (former.Count, former.IntersectCount(Union(input.New, Math.Max(last + 1, until - Base + 1), until)));
    }

    private static (UserSet Old, UserSet New) Recent(StandingInput input, int today) =>
        (Union(input.Old, today - Window + 1, today), Union(input.New, today - Window + 1, today));

    private static UserSet Union(IReadOnlyList<UserSet?> days, int from, int to)
    {
        var union = UserSet.Empty;
        for (var day = Math.Max(0, from); day <= to; day++)
            if (days[day] is { } users)
                union = union.Union(users);
        return union;
    }

    private static bool Known(IReadOnlyList<bool> known, int from, int to)
    {
        var missing = 0;
        for (var day = Math.Max(0, from); day <= to; day++)
            missing += known[day] ? 0 : 1;
        return missing <= MostUnknownDays && missing < Math.Max(1, to - from + 1);
    }

    private static int Missing(IReadOnlyList<bool> known, int today)
    {
        var missing = 0;
        for (var day = Math.Max(0, today - Window + 1); day <= today; day++)
            missing += known[day] ? 0 : 1;
        return missing;
    }

    private static int Last(IReadOnlyList<UserSet?> days, int to)
    {
        while (to >= 0 && days[to] is null)
            to--;
        return to;
    }

    private static int? First(IReadOnlyList<UserSet?> days)
    {
        for (var day = 0; day < days.Count; day++)
            if (days[day] is not null)
                return day;
        return null;
    }

    private static CustomerStanding Answer(StandingInput input, Standing state, int? since, (UserSet Old, UserSet New) now, Text evidence)
    {
        var (lastOld, lastNew) = (Last(input.Old, input.Old.Count - 1), Last(input.New, input.New.Count - 1));
        return new(input.Customer, state, Day(input, since), evidence, now.Old.Count, now.New.Count, now.Old.IntersectCount(now.New),
            lastOld < 0 ? null : Day(input, lastOld), Day(input, First(input.New)), lastNew < 0 ? null : Day(input, lastNew), input.ExpectedAgain);
    }

    // “3 of the 8 former users are”, “None of the 8 former users is”, “The one former user is not”.
    private static string Followers(long followed, long former) => (followed, former) switch
    {
        (0, 1) => "The one former user is not",
        (_, 1) => "The one former user is",
        (0, _) => $"None of the {former} former users is",
        (1, _) => $"1 of the {former} former users is",
        _ => $"{followed} of the {former} former users are",
    };

    private static DateOnly? Day(StandingInput input, int? position) => position is { } at ? input.From.AddDays(at) : null;

    private static DateOnly On(StandingInput input, int position) => input.From.AddDays(position);

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
