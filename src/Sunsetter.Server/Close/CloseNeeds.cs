using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Close;

/// <summary>What a closing waits for: the go, a day set anew, a restore that is about to end.</summary>
internal sealed class CloseNeeds(FactLog log, Grounds grounds) : INeeds, IBlockers
{
    private const int DaysAhead = 14;

    public async Task<IReadOnlyList<Need>> Of(Retirement retirement, DateTimeOffset now, CancellationToken cancel)
    {
        var page = $"/retirements/{retirement.Id}/close";
        var needs = new List<Need>();
        if (retirement is { Stage: Stage.Migrate or Stage.Close, Schedule: { } schedule })
            needs.AddRange(Go(retirement, schedule, await log.Entries(retirement.Id, cancel), now, page));
        if (retirement.Stage == Stage.Close && await Turned(retirement, cancel) is { Count: > 0 } turned)
            needs.Add(new Need(Urgency.Late, Stage.Close, new($"{retirement.Title.En}: since the go, the list has turned", $"{retirement.Title.Zh}：批准之后评审清单出现变化"),
                new($"It closes all the same. {turned[0].Evidence.En} Give them more time, move the day, or accept it knowingly.", $"仍将按计划下线。{turned[0].Evidence.Zh}请批准延期、更改日期，或在知情后接受。"), new("Look", "查看"), page, null, [Role.Operations, Role.Engineering, Role.Product], Permission.Close));
        if (!retirement.Ended && retirement.Restore is { } restore)
            needs.Add(new Need(Urgency.Late, Stage.Close, new($"{retirement.Title.En} is open again for everybody", $"{retirement.Title.Zh}已对所有客户恢复"), Text.Same(restore.Reason), new("Look", "查看"), page + "#restore", null, [Role.Operations, Role.Engineering, Role.Product], Permission.Close));
        return needs;
    }

    public async Task<IReadOnlyList<Blocker>> Of(Retirement retirement, IReadOnlyList<LedgerEntry> entries, DateTimeOffset now, CancellationToken cancel) =>
        retirement.Stage is Stage.Migrate or Stage.Close && entries.Any(entry => entry.ClosedAt is null)
            ? [.. GoNoGo.Of(retirement, entries, await grounds.Of(retirement.Id, cancel)).Where(check => check.Standing == Standing.Blocks)
                .Select(check => new Blocker(retirement.Stage, check.Evidence, null, $"/retirements/{retirement.Id}/{check.Href}"))]
            : [];

    /// <summary>The go that is missing, or that is to be given again because a time has changed since.</summary>
    private static IEnumerable<Need> Go(Retirement retirement, Schedule schedule, IReadOnlyList<LedgerEntry> entries, DateTimeOffset now, string page)
    {
        if (!ConfirmClosing.IsNeeded(retirement, entries))
            yield break;
        var waiting = ConfirmClosing.Waiting(retirement, entries).ToList();
        IEnumerable<DateTimeOffset?> common = retirement.Confirmed is null || waiting.Count == 0 ? [schedule.InstantOf(schedule.ClosesOn)] : [];
        var first = waiting.Select(entry => entry.ClosesAt(retirement)).Concat(common).Min()!.Value;
        IReadOnlyList<string> planners = [.. ConfirmClosing.Planners(retirement, entries)];
        if (first <= now)
            yield return new Need(Urgency.Late, Stage.Close, new($"{retirement.Title.En}: overdue, the go is missing", $"{retirement.Title.Zh}：已逾期，尚未批准下线"),
                new("The appointed time has passed and the gates are still open. Set a new day.", "计划时间已过，模块仍然开放。请重新确定日期。"), new("Set a new day", "确定新日期"), $"/retirements/{retirement.Id}/dates", retirement.Owner, [Role.Product], Permission.Propose);
        else if (retirement.Confirmed is not null)
            yield return new Need(Urgency.Soon, Stage.Close, new($"{retirement.Title.En}: a date moved after the go", $"{retirement.Title.Zh}：批准之后日期已更改"),
                new($"The go no longer holds for {Text.Many(waiting.Count, "customer")}: they stay open until it is given again.", $"批准已不适用于 {waiting.Count} 个客户：重新批准前将保持开放。"), new("Decide", "评审"), page, null, [Role.Operations, Role.Engineering, Role.Product], Permission.Close)
            { NotBy = planners };
        else if (first <= now.AddDays(DaysAhead))
            yield return new Need(Urgency.Soon, Stage.Close, new($"{retirement.Title.En}: go or no-go", $"{retirement.Title.Zh}：下线评审"),
                new($"The first customer closes on {Days.En(Days.DayOf(first, Days.Zone(schedule.Zone)))}; without a go nothing closes.", $"首批客户将于 {Days.Zh(Days.DayOf(first, Days.Zone(schedule.Zone)))}下线；未经批准不会下线。"), new("Decide", "评审"), page, null, [Role.Operations, Role.Engineering, Role.Product], Permission.Close)
            { NotBy = planners };
    }

    /// <summary>What would forbid the go today, while somebody is still to be closed by it.</summary>
    private async Task<IReadOnlyList<Check>> Turned(Retirement retirement, CancellationToken cancel)
    {
        var entries = await log.Entries(retirement.Id, cancel);
        return entries.All(entry => entry.ClosedAt is not null || !retirement.GoHoldsFor(entry)) ? []
            : [.. GoNoGo.Of(retirement, entries, await grounds.Of(retirement.Id, cancel)).Where(check => check.Standing == Standing.Blocks)];
    }
}
