using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Observe;

/// <summary>What must be true before an observation window may end (O1). Every line is judged, so that one sees all that is missing.</summary>
internal static class ExitRule
{
    /// <summary>So many days without a refused call count as quiet.</summary>
    public const int QuietDays = 3;

    /// <param name="Code">Stable; part of the refusal.</param>
    internal sealed record Line(string Code, bool Holds, Text Sentence);

    /// <param name="lastRefused">Day of the last refused call; null: none since closing.</param>
    /// <param name="still">Who uses it although it is closed for them.</param>
    /// <param name="covered">Whether sources still report, so that silence means something.</param>
    public static IReadOnlyList<Line> Of(Retirement retirement, IReadOnlyList<LedgerEntry> entries, DateOnly? lastRefused, IReadOnlyList<StillUsing> still, bool covered, DateTimeOffset now)
    {
        var today = Days.DayOf(now, Days.Zone(retirement.Schedule?.Zone));
        var open = entries.Count(entry => entry.Watch.Case is { IsOpen: true });
        var asking = entries.Count(entry => entry.Move.IsWaiting);
        var stillOpen = entries.Count(entry => entry.ClosedAt is null);
        var restored = entries.Count(entry => entry.Restore is { } restore && restore.InForceAt(now));
        var anomalies = retirement.Observing.Anomalies.Count(anomaly => anomaly.SettledAt is null);
        var end = retirement.ObservationEndsOn;
        return
        [
            new("window", end is { } last && today > last, end is not { } until
                ? new Text("The window has not begun: not everybody is closed.", "观察期尚未开始：仍有客户未下线。")
                : today > until
                    ? new Text($"The window has run its days (until {Days.En(until)}).", $"观察期已满（至 {Days.Zh(until)}）。")
                    : new Text($"The window runs until {Days.En(until)}.", $"观察期至 {Days.Zh(until)}，尚未结束。")),
            new("all-closed", stillOpen == 0, new Text(Count(stillOpen, "Every customer is closed.", "customer is still open by an extension.", "customers are still open by an extension."), stillOpen == 0 ? "所有客户均已下线。" : $"仍有 {stillOpen} 个客户因延期未下线。")),
            new("cases", open == 0, new Text(Count(open, "Every case is closed.", "case is open.", "cases are open."), open == 0 ? "所有个案均已关闭。" : $"有 {open} 个个案未关闭。")),
            new("help", asking == 0, new Text(Count(asking, "Every request of a customer is answered.", "customer waits for an answer from us.", "customers wait for an answer from us."), asking == 0 ? "客户的所有请求均已答复。" : $"有 {asking} 个客户在等待我方答复。")),
            new("quiet", lastRefused is null || lastRefused.Value.AddDays(QuietDays) < today, lastRefused is { } knocked
                ? knocked.AddDays(QuietDays) < today
                    ? new Text($"Nobody has knocked for {QuietDays} days (last refused call on {Days.En(knocked)}).", $"连续 {QuietDays} 天无人调用（最近一次被拒绝的调用在 {Days.Zh(knocked)}）。")
                    : new Text($"Somebody knocked on {Days.En(knocked)}; {QuietDays} quiet days must follow.", $"{Days.Zh(knocked)}仍有调用被拒绝；须连续 {QuietDays} 天无人调用。")
                : new Text("Nobody has knocked since closing.", "下线后无人调用。")),
            Used(still),
            new("coverage", covered, covered
                ? new Text("Sources report, so silence means that nobody calls.", "数据源正常上报，没有记录即表示没有调用。")
                : new Text("Sources do not report: silence proves nothing. Ask for reports first; where a source has ended for good, say so on the page of the module's use.", "数据源未上报：没有记录不能说明没有调用。请先恢复上报；若数据源已永久结束，请在该模块的使用情况页注明。")),
            restored == 0 && !(retirement.Restore is { } all && all.InForceAt(now))
                ? new("restores", true, new Text("No emergency restore is in force.", "没有生效中的紧急恢复。"))
                : new("restores", false, new Text("An emergency restore is in force: the module is not closed for everybody.", "紧急恢复仍在生效：模块并未对所有客户关闭。")),
            new("anomalies", anomalies == 0, new Text(Count(anomalies, "Every finding is settled.", "finding is not settled.", "findings are not settled."), anomalies == 0 ? "所有发现均已处理。" : $"有 {anomalies} 项发现未处理。")),
        ];
    }

    private static Line Used(IReadOnlyList<StillUsing> still)
    {
        if (still.Count == 0)
            return new("used", true, new Text("No use is reported that a closed gate should have stopped.", "没有本应被闸门阻止的使用。"));
        var (fresh, last) = (still.Count(one => !one.Judged), still.Max(one => one.Last));
        return fresh == 0
            ? new("used", true, new Text($"Use after closing is reported until {Days.En(last)}, and somebody has judged it.", $"下线后的使用（最近 {Days.Zh(last)}）已有人作出判断。"))
            : new("used", false, new Text($"{Text.Many(fresh, "customer")} still {(fresh == 1 ? "uses" : "use")} it although it is closed for them, last on {Days.En(last)}: settle the finding, with what is done about it.", $"仍有 {fresh} 个客户在下线后继续使用，最近在 {Days.Zh(last)}：请处理该发现，并说明如何应对。"));
    }

    private static string Count(int count, string none, string one, string many) => count switch
    {
        0 => none,
        1 => $"1 {one}",
        _ => $"{count} {many}",
    };
}
