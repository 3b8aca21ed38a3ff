using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Decide;

/// <summary>What waits for somebody in this stage: answers, approvals, a day to which something was put off, dates.</summary>
internal sealed class DecideNeeds(FactLog log, Evidence evidence, CatalogueNames names) : INeeds
{
    // An approval that has waited this long is no longer calm.
    private static readonly TimeSpan Patience = TimeSpan.FromDays(5);

    public async Task<IReadOnlyList<Need>> Of(Retirement retirement, DateTimeOffset now, CancellationToken cancel)
    {
        var name = await names.Of(retirement.Module, cancel);
        var page = $"/retirements/{retirement.Id}/decide";
        return retirement.Stage switch
        {
            Stage.Decide when retirement.Deciding.Submission is { } submission => [.. Approvals(retirement, submission, name, now, page)],
            Stage.Decide => await Answers(retirement, name, page, cancel),
            Stage.Deferred => [.. PutOff(retirement, name, await evidence.Today(cancel), page)],
            Stage.Announce or Stage.Migrate or Stage.Close => await Dates(retirement, name, cancel),
            _ => [],
        };
    }

    private static IEnumerable<Need> Approvals(Retirement retirement, Submission submission, Text name, DateTimeOffset now, string page)
    {
        var waiting = submission.Waiting.ToList();
        if (waiting.Count > 0)
            yield return new Need(now - submission.At > Patience ? Urgency.Late : Urgency.Soon, Stage.Decide,
                new($"Approve the decision on {name.En}", $"审批{name.Zh}的决策"),
                new($"{submission.Votes.Length} of {submission.Required.Length} approvals given. {Text.Many(submission.Evidence.Affected, "customer")} affected, {submission.Evidence.Flagged.Length} flagged.",
                    $"已获 {submission.Votes.Length}/{submission.Required.Length} 项批准。影响 {submission.Evidence.Affected} 个客户，其中 {submission.Evidence.Flagged.Length} 个被标记。"),
                new("Read and decide", "审阅并决定"), $"{page}#approval", null, waiting, Permission.Approve)
            { InRole = true, NotBy = [retirement.ProposedBy, submission.By, retirement.Deciding.UnknownUse?.By, .. submission.Votes.Select(vote => vote.By)] };
    }

    private async Task<IReadOnlyList<Need>> Answers(Retirement retirement, Text name, string page, CancellationToken cancel)
    {
        var gaps = DecisionGaps.Of(retirement, await evidence.Ground(retirement, await evidence.See(cancel), cancel));
        var voices = gaps.Where(gap => gap.Code.StartsWith("voice.", StringComparison.Ordinal)).ToList();
        var needs = new List<Need>
        {
            gaps.Count == 0
                ? new(Urgency.Soon, Stage.Decide, new($"Submit the decision on {name.En}", $"提交{name.Zh}的决策"), new("Every question is answered.", "全部问题均已回答。"), new("Lay it before the approvers", "提交审批"), $"{page}#approval", retirement.Owner, [Role.Product], Permission.Propose)
                : new(Urgency.Calm, Stage.Decide, new($"{Text.Many(gaps.Count, "answer")} missing before {name.En} can be decided", $"{name.Zh}决策前还缺 {gaps.Count} 项"), gaps[0].Sentence, new("Answer", "去填写"), $"{page}#{gaps[0].Part}", retirement.Owner, [Role.Product], Permission.Propose),
        };
        if (voices.Count > 0)
            needs.Add(new(Urgency.Calm, Stage.Decide, new($"Say what you see of {name.En}", $"请谈谈您对{name.Zh}的观察"), voices[0].Sentence, new("Give your voice", "发表意见"), $"{page}#voices", null,
                [.. new[] { Role.Operations, Role.Support }.Where(role => retirement.Deciding.Voices.All(voice => voice.From != role))], Permission.Contribute)
            { InRole = true });
        return needs;
    }

    private static IEnumerable<Need> PutOff(Retirement retirement, Text name, DateOnly today, string page)
    {
        if (retirement.Deciding.DeferredUntil is { } until && until <= today)
            yield return new Need(Urgency.Soon, Stage.Decide, new($"The decision on {name.En} was put off until {Days.En(until)}", $"{name.Zh}的决策暂缓至 {Days.Zh(until)}"),
                new($"That day has come. It was put off because: {retirement.StageReason}", $"日期已到。暂缓原因：{retirement.StageReason}"), new("Take it up again", "恢复评估"), $"{page}#approval", retirement.Owner, [Role.Product], Permission.Propose);
    }

    private async Task<IReadOnlyList<Need>> Dates(Retirement retirement, Text name, CancellationToken cancel)
    {
        var page = $"/retirements/{retirement.Id}/dates";
        var needs = new List<Need>();
        if (retirement.Schedule is null)
            needs.Add(new(Urgency.Soon, Stage.Decide, new($"Set the dates of {name.En}", $"为{name.Zh}设定日期"), new("It is approved, and nobody can be told before a day is set.", "已获批准；设定日期之前无法通知客户。"), new("Set the dates", "设定日期"), page, retirement.Owner, [Role.Product], Permission.Propose));
        var entries = await log.Entries(retirement.Id, cancel);
        if (PromisedDays.Lost(retirement, entries, await evidence.ClosingDays(cancel), await evidence.Today(cancel)) is { } lost)
            needs.Add(new(Urgency.Late, Stage.Decide, new($"The closing day of {name.En} cannot stay", $"{name.Zh}的下线日需要调整"), lost.Sentence, new("Move the day", "更改日期"), page, retirement.Owner, [Role.Product], Permission.Propose));
        var asked = entries.Where(entry => entry.Dates.Asked is not null && entry.ClosedAt is null).ToList();
        if (asked.Count > 0)
            needs.Add(new(Urgency.Soon, Stage.Decide, new(asked.Count == 1 ? "One override of the notice policy waits for approval" : $"{asked.Count} overrides of the notice policy wait for approval", $"有 {asked.Count} 个通知期例外待批准"), new($"{asked[0].Name.En}: {asked[0].Dates.Asked!.Reason}", $"{asked[0].Name.Zh}：{asked[0].Dates.Asked!.Reason}"), new("Answer", "答复"), $"{page}#customers", null, [Role.Product, Role.Compliance], Permission.Approve)
            {
                // One who asked for all of them can answer none.
                NotBy = asked.Select(entry => entry.Dates.Asked!.By).Distinct(StringComparer.OrdinalIgnoreCase).ToList() is [var author] ? [author] : [],
            });
        return needs;
    }
}

/// <summary>What keeps a retirement from leaving this stage, and dates that have become unlawful since they were set.</summary>
internal sealed class DecideBlockers(Evidence evidence) : IBlockers
{
    public async Task<IReadOnlyList<Blocker>> Of(Retirement retirement, IReadOnlyList<LedgerEntry> entries, DateTimeOffset now, CancellationToken cancel)
    {
        var page = $"/retirements/{retirement.Id}";
        if (retirement.Stage == Stage.Decide)
        {
            if (retirement.Deciding.Submission is { } submission)
                return [.. submission.Waiting.Select(role => new Blocker(Stage.Announce, new($"The approval of {Console.Words.TextOf(role).En} is missing.", $"缺少{Console.Words.TextOf(role).Zh}的批准。"), null, $"{page}/decide#approval"))];
            return [.. DecisionGaps.Of(retirement, await evidence.Ground(retirement, await evidence.See(cancel), cancel)).Select(gap => new Blocker(Stage.Announce, gap.Sentence, retirement.Owner, $"{page}/decide#{gap.Part}"))];
        }
        if (retirement.Stage is not (Stage.Announce or Stage.Migrate or Stage.Close))
            return [];
        if (retirement.Schedule is not { } schedule)
            return [new Blocker(Stage.Close, new("No closing day is set.", "尚未设定下线日。"), retirement.Owner, $"{page}/dates")];
        var early = entries.Where(entry => entry.ClosedAt is null && entry.Earliest is { } earliest && entry.ClosesOn(retirement) is { } day && ClosingInstant.DayFor(schedule, day, entry.TimeZone, retirement.FirstShareAhead) < earliest.Day).ToList();
        return early.Count == 0 ? [] :
        [
            new Blocker(Stage.Close, new(
                $"{Text.Many(early.Count, "customer")} may not be closed on the planned day, such as {early[0].Name.En} before {Days.En(early[0].Earliest!.Day)} ({early[0].Earliest!.Rule.En}).",
                $"有 {early.Count} 个客户不能在计划日下线，例如{early[0].Name.Zh}最早为 {Days.Zh(early[0].Earliest!.Day)}（{early[0].Earliest!.Rule.Zh}）。"), retirement.Owner, $"{page}/dates#customers"),
        ];
    }
}
