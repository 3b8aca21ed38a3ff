using System.Globalization;
using System.Text;
using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using Text = Sunsetter.Server.Platform.Text;

namespace Sunsetter.Server.Observe;

/// <summary>What was planned, what happened, what was learnt, and thanks (O2). One Markdown text; the page prints the same.</summary>
internal sealed class ClosingReport(FactLog log, CatalogueNames names)
{
    /// <summary>In the language of the request; null where there is no such retirement.</summary>
    public async Task<string?> Markdown(RetirementId id, CancellationToken cancel)
    {
        if (await log.Find(id, cancel) is not { } retirement)
            return null;
        var entries = await log.Entries(id, cancel);
        // Its own facts are few; those of its entries are only counted.
        var (history, counts) = (await log.History(id, new CustomerKey(""), cancel), await log.Counts(id, cancel));
        var module = await names.Of(retirement.Module, cancel);
        var replacement = retirement.Replacement is { } key ? await names.Of(key, cancel) : (Text?)null;

        var report = new StringBuilder();
        Line($"# {T("Closing report", "下线总结报告")}: {module}{(replacement is { } to ? $" → {to}" : "")}");
        Line("");
        Line($"## {T("Why", "退役原因")}");
        foreach (var reason in retirement.Reasons)
            Line($"- {Safe(reason.Explanation.ToString())}");
        Line("");
        Line($"## {T("What was planned, what happened", "计划与实际")}");
        Planned(Line, retirement, history);
        Line("");
        Line($"## {T("Customers", "客户")}");
        Customers(Line, entries, counts);
        Line("");
        Line($"## {T("After closing", "下线之后")}");
        foreach (var entry in entries.Where(entry => entry.Watch.Case is not null))
            Line($"- {Safe(entry.Name.ToString())}: {Ending(entry.Watch.Case!)}");
        foreach (var anomaly in retirement.Observing.Anomalies)
            Line($"- {Safe(anomaly.What.ToString())} {Safe(anomaly.Note ?? T("(open)", "（未处理）"))}");
        if (retirement.Observing.Anomalies.Length == 0 && entries.All(entry => entry.Watch.Case is null))
            Line(T("Nobody knocked, and nothing else was found.", "无人再调用，也没有其他发现。"));
        Line("");
        Line($"## {T("What was learnt", "经验教训")}");
        Line(Safe(retirement.Observing.Learnt ?? T("Not written yet.", "尚未填写。")));
        Line("");
        Line($"## {T("Thanks", "致谢")}");
        Line(Safe(retirement.Observing.ClosingWords ?? (retirement.Observing.Thanks.IsEmpty ? T("Not written yet.", "尚未填写。") : "")));
        foreach (var thanks in retirement.Observing.Thanks)
            Line($"- **{Safe(thanks.Person)}**: {Safe(thanks.For)}{(thanks.GoesTo.Length > 0 ? $" → {Safe(thanks.GoesTo)}" : "")}");
        return report.ToString();

        void Line(string text) => report.Append(text).Append('\n');
    }

    private static void Planned(Action<string> line, Retirement retirement, IReadOnlyList<Recorded> history)
    {
        line($"- {T("Proposed", "提出")}: {Day(retirement.ProposedAt)} ({retirement.ProposedBy})");
        foreach (var (stage, at) in retirement.Entered.Where(pair => pair.Key > Stage.Decide))
            line($"- {Console.Words.Name(stage)}: {Day(at)}");
        var schedules = history.Select(happened => happened.Fact).OfType<RetirementScheduled>().ToList();
        // A wave or an hour may have changed without the day.
        var moves = schedules.Zip(schedules.Skip(1)).Where(pair => pair.First.Schedule.ClosesOn != pair.Second.Schedule.ClosesOn).Select(pair => pair.Second).ToList();
        if (schedules.Count > 0)
            line($"- {T("Closing day first promised", "最初承诺的下线日")}: {schedules[0].Schedule.ClosesOn:yyyy-MM-dd}; {T("at last", "最终")}: {schedules[^1].Schedule.ClosesOn:yyyy-MM-dd}; {(moves.Count == 0 ? T("never moved", "未变更") : T($"moved {(moves.Count == 1 ? "once" : $"{moves.Count} times")}", $"变更 {moves.Count} 次"))}");
        foreach (var moved in moves)
            line($"  - {moved.Schedule.ClosesOn:yyyy-MM-dd}: {Safe(moved.ReasonForChange ?? "")}");
    }

    private static void Customers(Action<string> line, IReadOnlyList<LedgerEntry> entries, IReadOnlyDictionary<string, int> counts)
    {
        var closed = entries.Where(entry => entry.ClosedAt is not null).ToList();
        line($"- {T("Affected", "受影响")}: {entries.Count}; {T("closed", "已下线")}: {closed.Count}");
        if (closed.Count > 0)
            line($"- {T("First and last closed", "最早与最晚下线")}: {Console.FactSentence.Instant(closed.Min(entry => entry.ClosedAt!.Value))} – {Console.FactSentence.Instant(closed.Max(entry => entry.ClosedAt!.Value))}");
        line($"- {T("Acknowledged before closing", "下线前已确认知悉")}: {entries.Count(entry => entry.Reach.AcknowledgedAt is { } at && (entry.ClosedAt is null || at <= entry.ClosedAt))}");
        line($"- {T("Extensions granted", "批准延期")}: {Count<ExtensionGranted>()}; {T("emergency restores", "紧急恢复")}: {Count<CustomerRestored>() + Count<ModuleRestored>()}");
        line($"- {T("Requests for help", "求助")}: {Count<HelpRequested>()}, {T("answered", "已答复")}: {Count<HelpAnswered>()}");

        int Count<T>() where T : Fact => counts.GetValueOrDefault(FactKinds.NameOf(typeof(T)));
    }

    private static string Ending(KnockCase one) =>
        (one.Ending is { } ending ? Console.ObserveSentences.Ending(ending).ToString() : T("open", "处理中")) + (one.Note is { } note ? $". {Safe(note)}" : "");

    private static string T(string en, string zh) => Console.Words.T(en, zh);

    private static string Day(DateTimeOffset at) => Days.DayOf(at, WorkZone.Current).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    // What people wrote is text, not markup.
    private static string Safe(string text) => MarkupCharacters.Replace(text.ReplaceLineEndings(" "), "\\$0");

    private static readonly System.Text.RegularExpressions.Regex MarkupCharacters = new(@"[\\`*_{}\[\]<>()#!|]", System.Text.RegularExpressions.RegexOptions.Compiled);
}
