using System.Text;
using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using static Sunsetter.Server.Console.Words;
using Text = Sunsetter.Server.Platform.Text;
using Words = Sunsetter.Server.Console.Words;

namespace Sunsetter.Server.Observe;

/// <summary>What was planned, what happened, what was learnt, and thanks (O2). One Markdown text; the page prints the same.</summary>
internal sealed class ClosingReport(FactLog log, CatalogueNames names, Console.KnownNames people)
{
    /// <summary>In the language of the request; null where there is no such retirement.</summary>
    public async Task<string?> Markdown(RetirementId id, CancellationToken cancel)
    {
        if (await log.Find(id, cancel) is not { } retirement)
            return null;
        var entries = await log.Entries(id, cancel);
        var history = await log.History(id, new CustomerKey(""), cancel);
        // An entry keeps the last extension only; who was ever given one has it still.
        var extensions = await log.Count<ExtensionGranted>(id, [.. entries.Where(entry => entry.ExtendedUntil is not null).Select(entry => entry.Customer)], cancel);
        var module = await names.Of(retirement.Module, cancel);
        var replacement = retirement.Replacement is { } key ? await names.Of(key, cancel) : (Text?)null;
        var tell = await people.Teller();

        var report = new StringBuilder();
        Line($"# {T("Closing report", "总结报告")}{Colon}{module}{(replacement is { } to ? $" → {to}" : "")}");
        Line("");
        Line($"## {T("Why", "退役原因")}");
        foreach (var reason in retirement.Reasons)
            Line($"- {Said(reason.Explanation.ToString())}");
        Line("");
        Line($"## {T("What was planned, what happened", "计划与实际")}");
        Planned(Line, Said, retirement, history);
        Line("");
        Line($"## {T("Customers", "客户")}");
        Customers(Line, retirement, entries, extensions);
        Line("");
        Line($"## {T("After closing", "下线之后")}");
        foreach (var entry in entries.Where(entry => entry.Watch.Case is not null))
            Line($"- {Said(entry.Name.ToString())}{Colon}{Ending(entry.Watch.Case!, Said)}");
        foreach (var anomaly in retirement.Observing.Anomalies)
            Line($"- {Said(anomaly.What.ToString())}{(anomaly.Note is { } settled ? $"{T(" ", "")}{Said(settled)}" : T(" (open)", "（未处理）"))}");
        if (retirement.Observing.Anomalies.Length == 0 && entries.All(entry => entry.Watch.Case is null))
            Line(T("Nobody knocked, and nothing else was found.", "无人再调用，也没有其他发现。"));
        Line("");
        Line($"## {T("What was learnt", "经验教训")}");
        Line(Said(retirement.Observing.Learnt ?? T("Not written yet.", "尚未填写。")));
        Line("");
        Line($"## {T("Thanks", "致谢")}");
        Line(Said(retirement.Observing.ClosingWords ?? (retirement.Observing.Thanks.IsEmpty ? T("Not written yet.", "尚未填写。") : "")));
        foreach (var thanks in retirement.Observing.Thanks)
            Line($"- **{Said(thanks.Person)}**{Colon}{Said(thanks.For)}{(thanks.GoesTo.Length > 0 ? $" → {Said(thanks.GoesTo)}" : "")}");
        return report.ToString();

        void Line(string text) => report.Append(text).Append('\n');
        string Said(string words) => MarkdownText.Line(tell(words));
    }

    private static void Planned(Action<string> line, Func<string, string> said, Retirement retirement, IReadOnlyList<Recorded> history)
    {
        line($"- {T("Proposed", "提出")}{Colon}{Day(retirement.ProposedAt)}{said(Aside(retirement.ProposedBy))}");
        foreach (var (stage, at) in retirement.Entered.Where(pair => pair.Key > Stage.Decide))
            line($"- {Name(stage)}{Colon}{Day(at)}");
        var schedules = history.Select(happened => happened.Fact).OfType<RetirementScheduled>().ToList();
        // A wave or an hour may have changed without the day.
        var moves = schedules.Zip(schedules.Skip(1)).Where(pair => pair.First.Schedule.ClosesOn != pair.Second.Schedule.ClosesOn).Select(pair => pair.Second).ToList();
        if (schedules.Count > 0)
            line($"- {T("Closing day first promised", "最初承诺的下线日")}{Colon}{Words.Day(schedules[0].Schedule.ClosesOn)}{Semicolon}{T("at last", "最终")}{Colon}{Words.Day(schedules[^1].Schedule.ClosesOn)}{Semicolon}{(moves.Count == 0 ? T("never moved", "未变更") : T($"moved {(moves.Count == 1 ? "once" : $"{moves.Count} times")}", $"变更 {moves.Count} 次"))}");
        foreach (var moved in moves)
            line($"  - {Words.Day(moved.Schedule.ClosesOn)}{Colon}{said(moved.ReasonForChange ?? "")}");
    }

    private static void Customers(Action<string> line, Retirement retirement, IReadOnlyList<LedgerEntry> entries, int extensions)
    {
        var closed = entries.Where(entry => entry.ClosedAt is not null).ToList();
        line($"- {T("Affected", "受影响客户")}{Colon}{Number(entries.Count)}{Semicolon}{T("closed", "已下线")}{Colon}{Number(closed.Count)}");
        if (closed.Count > 0)
            line($"- {T("First and last closed", "最早与最晚下线")}{Colon}{Console.FactSentence.Instant(closed.Min(entry => entry.ClosedAt!.Value))}{T(" – ", "至 ")}{Console.FactSentence.Instant(closed.Max(entry => entry.ClosedAt!.Value))}");
        line($"- {T("Acknowledged before closing", "下线前已确认")}{Colon}{Number(entries.Count(entry => entry.Reach.AcknowledgedAt is { } at && (entry.ClosedAt is null || at <= entry.ClosedAt)))}");
        line($"- {T("Extensions granted", "批准延期")}{Colon}{extensions}{Semicolon}{T("emergency restores", "紧急恢复")}{Colon}{retirement.Closing.Restores.Length + entries.Sum(entry => entry.Closure.Restores.Length)}");
        var help = entries.SelectMany(entry => entry.Move.Help).ToList();
        line($"- {T("Requests for help", "求助")}{Colon}{help.Count}{Semicolon}{T("answered", "已答复")}{Colon}{help.Count(request => request.AnsweredAt is not null)}");
    }

    private static string Ending(KnockCase one, Func<string, string> said) =>
        (one.Ending is { } ending ? Console.ObserveSentences.Ending(ending).ToString() : T("open", "处理中")) + (one.Note is { } note ? $"{T(". ", "。")}{said(note)}" : "");

    private static string Day(DateTimeOffset at) => Words.Day(Days.DayOf(at, WorkZone.Current));
}
