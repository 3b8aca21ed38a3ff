using System.Globalization;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Usage;

/// <summary>Use on one weekday, week after week: a report every Monday, a rota every Friday.</summary>
internal static class WeeklyUse
{
    private const int Weeks = 26;
    private const double OnTheDay = 0.85;
    private const double OfTheWeeks = 0.7;
    private const int FewestDays = 8;

    public static DependenceFlag? Find(DependenceInput input)
    {
        var days = input.LatestKnown(7 * Weeks);
        var active = days.Where(day => input.Users[day] > 0).ToList();
        if (active.Count < FewestDays)
            return null;
        var best = active.GroupBy(day => input.Day(day).DayOfWeek).MaxBy(weekday => weekday.Count())!;
        var possible = days.Count(day => input.Day(day).DayOfWeek == best.Key);
        if (best.Count() < OnTheDay * active.Count || best.Count() < OfTheWeeks * possible)
            return null;
        var next = input.Day(input.Today).AddDays(1);
        while (next.DayOfWeek != best.Key)
            next = next.AddDays(1);
        var (en, zh) = (CultureInfo.GetCultureInfo("en"), CultureInfo.GetCultureInfo("zh-CN"));
        return new(DependenceKind.Weekly, 15, new(
            FormattableString.Invariant($"Used on {en.DateTimeFormat.GetDayName(best.Key)}s: {best.Count()} of {possible} weeks, hardly on other days; next on {Days.En(next)}."),
            FormattableString.Invariant($"固定在{zh.DateTimeFormat.GetDayName(best.Key)}使用：{possible} 周中有 {best.Count()} 周，其他日子几乎不用；下一次为 {Days.Zh(next)}。")), next);
    }
}
