using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using static Sunsetter.Server.Console.Words;

namespace Sunsetter.Server.Decide;

/// <summary>
/// The decision as it will be printed, in the reader's language: what was decided, why, from which evidence, by whom. HTML and Markdown are made
/// of the same sections, so they cannot differ.
/// </summary>
internal sealed record DecisionRecord(string Title, string Standing, IReadOnlyList<DecisionRecord.Section> Sections)
{
    /// <param name="Lines">Paragraphs, then the table where there is one.</param>
    internal sealed record Section(string Heading, IReadOnlyList<string> Lines, Table? Table = null);

    internal sealed record Table(IReadOnlyList<string> Head, IReadOnlyList<IReadOnlyList<string>> Rows);

    public static DecisionRecord Of(DecideCase found)
    {
        var retirement = found.Retirement;
        return new(
            T($"Decision record: {found.Name(retirement.Module)}", $"决策记录：{found.Name(retirement.Module)}"), StandingOf(found),
            [What(found), Why(found), Use(found), Cost(found), Alternatives(found), Dependents(found), Voices(found), Research(found), Dates(found), Approvals(found)]);
    }

    /// <summary>The same with <paramref name="said"/> in place of what each line and cell tells.</summary>
    public DecisionRecord With(Func<string, string> said) => this with
    {
        Standing = said(Standing),
        Sections = [.. Sections.Select(section => section with
        {
            Lines = [.. section.Lines.Select(said)],
            Table = section.Table is { } table ? table with { Rows = [.. table.Rows.Select(row => (IReadOnlyList<string>)[.. row.Select(said)])] } : null,
        })],
    };

    private static string StandingOf(DecideCase found) => found.Retirement.Stage switch
    {
        Stage.Decide when found.Deciding.Submission is null => T($"Draft: {Text.Many(found.Gaps.Count, "answer")} missing.", $"草稿：还缺 {found.Gaps.Count} 项。"),
        Stage.Decide => T("Submitted, waiting for approvals.", "已提交，等待批准。"),
        Stage.Rejected or Stage.Deferred or Stage.Cancelled => $"{Name(found.Retirement.Stage)}{Colon}{found.Retirement.StageReason}",
        _ => T($"Approved on {On(found.Retirement.Entered[Stage.Announce])}.", $"于 {On(found.Retirement.Entered[Stage.Announce])}获批。"),
    };

    private static Section What(DecideCase found)
    {
        var retirement = found.Retirement;
        return new(T("What is decided", "决策内容"),
        [
            retirement.Title.ToString(),
            retirement.Replacement is { } replacement
                ? T($"{found.Name(replacement)} takes the place of {found.Name(retirement.Module)}.", $"由{found.Name(replacement)}接替{found.Name(retirement.Module)}。")
                : T($"Nothing takes its place. Instead: {found.Deciding.Instead}", $"没有替代模块。建议：{found.Deciding.Instead}"),
            T($"Owner: {retirement.Owner}. Proposed by {retirement.ProposedBy} on {On(retirement.ProposedAt)}.", $"负责人：{retirement.Owner}。{retirement.ProposedBy} 于 {On(retirement.ProposedAt)}提出。"),
            .. found.Deciding.DeclaredMajor is { } major ? [T($"Declared a major retirement: {major}", $"列为重大退役：{major}")] : Array.Empty<string>(),
        ]);
    }

    private static Section Why(DecideCase found) => new(T("Why", "原因"), [.. found.Retirement.Reasons.Select(reason => $"{Name(reason.Kind)}{Colon}{reason.Explanation}")]);

    private static Section Use(DecideCase found)
    {
        // After the submission the record shows what the approvers saw, not what is counted today.
        if (found.Deciding.Submission?.Evidence is { } seen)
            return new(T("Use", "使用情况"),
            [
                seen.Monthly is null ? T("Use was unknown.", "使用情况未知。") : T($"As of {Day(seen.AsOf)}: {Text.Many(seen.Monthly.Value, "person", "people")} in 28 days ({Signed(seen.Trend)}), {Number(seen.Weekly ?? 0)} in a week, {Number(seen.Daily ?? 0)} on the day.", $"截至 {Day(seen.AsOf)}：28 天 {Number(seen.Monthly.Value)} 人（{Signed(seen.Trend)}），一周 {Number(seen.Weekly ?? 0)} 人，当日 {Number(seen.Daily ?? 0)} 人。"),
                seen.Coverage.ToString(),
                .. Accepted(found),
                T($"{Text.Many(seen.Affected, "customer")} affected.", $"影响 {Number(seen.Affected)} 个客户。") + (seen.ValueAtRisk.Count == 0 ? "" : T(" Contracts in a year: ", "年合同额合计：") + Listed(seen.ValueAtRisk.Select(value => Money(value.Value, value.Key))) + T(".", "。")),
            ]);
        var activity = found.Activity;
        return new(T("Use", "使用情况"),
        [
            activity.Coverage.Sources.Count == 0 ? T("Use is unknown.", "使用情况未知。") : T($"Up to {Day(activity.Until)}: {Text.Many(activity.Month, "person", "people")} in 28 days ({Signed(activity.Trend)}), {Number(activity.Week)} in a week.", $"截至 {Day(activity.Until)}：28 天 {Number(activity.Month)} 人（{Signed(activity.Trend)}），一周 {Number(activity.Week)} 人。"),
            activity.Coverage.Sentence.ToString(),
            .. Accepted(found),
            T($"{Text.Many(found.Ground.Affected.Count, "customer")} affected.", $"影响 {Number(found.Ground.Affected.Count)} 个客户。"),
        ]);
    }

    private static IEnumerable<string> Accepted(DecideCase found) => found.Deciding.UnknownUse is { } accepted
        ? [T($"Who depends on it is not fully known; it was decided all the same: {accepted.Reason} ({accepted.By})", $"依赖者未充分掌握，仍作决策：{accepted.Reason}（{accepted.By}）")] : [];

    private static Section Cost(DecideCase found) => new(T("Cost and revenue", "成本与收入"), found.Deciding.Cost.Length == 0 ? [T("Not stated.", "未填报。")] : [T($"Monthly, in {found.Deciding.Currency}.", $"按月，币种 {found.Deciding.Currency}。")],
        found.Deciding.Cost.Length == 0 ? null : new([T("Month", "月份"), T("Servers", "服务器"), T("People", "人力"), T("Bug fixing", "缺陷修复"), T("Total", "合计"), T("Revenue", "收入")],
            [.. found.Deciding.Cost.Select(month => (IReadOnlyList<string>)[Month(month.Month), DecideWords.Amount(month.Servers), DecideWords.Amount(month.People), DecideWords.Amount(month.BugFixing), DecideWords.Amount(month.Total), month.Revenue is { } revenue ? DecideWords.Amount(revenue) : "—"])]));

    private static Section Alternatives(DecideCase found) => new(T("Alternatives", "替代方案"), found.Deciding.Alternatives.Length == 0 ? [T("None compared.", "未比较替代模块。")] : [],
        found.Deciding.Alternatives.Length == 0 ? null : new([T("Capability", "能力"), .. found.Deciding.Alternatives.Select(key => found.Name(key).ToString())],
            [.. found.Deciding.Capabilities.Select(capability => (IReadOnlyList<string>)[capability, .. found.Deciding.Alternatives.Select(key => Answer(found.Deciding.Answer(key, capability)))])]));

    private static string Answer(Comparison? answer) => answer is null ? T("unanswered", "未填写")
        : $"{DecideWords.Name(answer.Coverage)}{(answer.NoticeablyWorse ? T(", noticeably worse", "，体验明显变差") : "")}{(answer.Note.Length > 0 ? $"{Colon}{answer.Note}" : "")}";

    private static Section Dependents(DecideCase found)
    {
        var flagged = found.Deciding.Submission?.Evidence.Flagged ?? [.. found.Ground.Flagged];
        var named = found.Deciding.Dependents.Keys.Where(key => flagged.All(one => one.Customer.Value != key)).Select(key => new FlaggedDependent(new(key), found.Name(new CustomerKey(key)), []));
        var rows = flagged.Concat(named).Select(one => (IReadOnlyList<string>)
        [
            one.Name.ToString(), string.Join(T(" ", ""), one.Why.Select(why => why.ToString())),
            (found.Deciding.Dependents.GetValueOrDefault(one.Customer.Value) ?? one.Word) is { } settled ? $"{(settled.Confirmed ? T("depends on it", "确认依赖") : T("dismissed", "已排除"))}{Colon}{settled.Reason}{Aside(settled.By)}" : T("open", "待确认"),
        ]).ToList();
        var modules = found.Deciding.DependentModules.Select(module => T($"{found.Name(new ModuleKey(module.Key))} needs it: {module.Value.Reason}", $"{found.Name(new ModuleKey(module.Key))}依赖它：{module.Value.Reason}"));
        return new(T("Who depends on it", "依赖者"), [.. modules, .. rows.Count == 0 ? [T("No customer was flagged.", "没有被标记的客户。")] : Array.Empty<string>()],
            rows.Count == 0 ? null : new([T("Customer", "客户"), T("Flagged because", "标记原因"), T("Settled", "结论")], rows));
    }

    private static Section Voices(DecideCase found) => new(T("Voices from the front line", "一线意见"),
        found.Deciding.Voices.Length == 0 ? [T("None.", "无。")] : [.. found.Deciding.Voices.Select(voice => $"{Name(voice.From)}{Comma}{DecideWords.Name(voice.Leaning)}{Colon}{voice.Words}{Aside($"{voice.By}{Comma}{On(voice.At)}")}")]);

    private static Section Research(DecideCase found) => new(T("Talks with customers", "客户调研"),
        found.Deciding.Research.Length == 0 ? [T("None.", "无。")] : [.. found.Deciding.Research.Select(talk => $"{found.Name(talk.Customer)}{Comma}{talk.With}{Comma}{Day(talk.On)}{Colon}{talk.Finding}{Aside(talk.By)}")]);

    private static Section Dates(DecideCase found)
    {
        var (day, bound) = found.Deciding.Submission?.Evidence is { } seen ? (seen.EarliestForAll, seen.EarliestBoundBy) : (found.Outlook.Possible, found.Outlook.BoundBy is { } line ? new Text($"{line.Name.En} ({line.Earliest.Rule.En})", $"{line.Name.Zh}（{line.Earliest.Rule.Zh}）") : null);
        return new(T("When", "日期"),
        [
            day is { } possible ? T($"Were everybody told on the day of this record, the first day for all would be {Day(possible)}, bound by {bound}.", $"若在本记录当日通知全部客户，最早可于 {Day(possible)}下线，取决于{bound}。") : T("No customer is affected.", "没有受影响的客户。"),
            .. found.Retirement.Schedule is { } schedule ? [T($"Scheduled to close on {Day(schedule.ClosesOn)} at {schedule.At:HH\\:mm} ({Days.Name(Days.Zone(schedule.Zone)).En}).", $"计划于 {Day(schedule.ClosesOn)} {schedule.At:HH\\:mm}（{Days.Name(Days.Zone(schedule.Zone)).Zh}）下线。")] : Array.Empty<string>(),
        ]);
    }

    private static Section Approvals(DecideCase found) => found.Deciding.Submission is not { } submission
        ? new(T("Approvals", "批准"), [T($"Not submitted. Asked for: {string.Join(", ", found.Ground.Policy.Approvals.Select(role => Name(role)))}.", $"尚未提交。需要：{string.Join("、", found.Ground.Policy.Approvals.Select(role => Name(role)))}。")])
        : new(T("Approvals", "批准"), [T($"Submitted by {submission.By} on {On(submission.At)}.", $"{submission.By} 于 {On(submission.At)}提交。")],
            new([T("Role", "角色"), T("Person", "人员"), T("Day", "日期"), T("Note", "备注")],
                [.. submission.Required.Select(role => submission.Votes.FirstOrDefault(vote => vote.Role == role) is { } vote ? (IReadOnlyList<string>)[Name(role), vote.By, On(vote.At), vote.Note] : [Name(role), T("waiting", "等待中"), "", ""])]));

    private static string On(DateTimeOffset at) => Day(Days.DayOf(at, WorkZone.Current));
}
