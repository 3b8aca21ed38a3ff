using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Observe;

/// <summary>Open cases wait for their owners, use that no gate stops for whoever can stop it; a window that has run waits for its end.</summary>
internal sealed class ObserveNeeds(FactLog log) : INeeds
{
    public async Task<IReadOnlyList<Need>> Of(Retirement retirement, DateTimeOffset now, CancellationToken cancel)
    {
        if (retirement.Stage is not (Stage.Close or Stage.Observe))
            return [];
        var page = $"/retirements/{retirement.Id}/observe";
        var needs = (await log.Entries(retirement.Id, cancel)).Where(entry => entry.Watch.Case is { IsOpen: true }).Select(entry => new Need(
            entry.Watch.Case!.OpenedAt < now.AddDays(-2) ? Urgency.Late : Urgency.Soon, Stage.Observe,
            new Text($"{entry.Name.En} still calls a module that is closed", $"{entry.Name.Zh}仍在调用已下线的模块"),
            new Text($"{retirement.Title.En}. {Text.Many(entry.Watch.Case.Calls, "refused call")} by {Text.Many(entry.Watch.Case.Users, "user")} when the case was opened.", $"{retirement.Title.Zh}。个案建立时有 {entry.Watch.Case.Users:N0} 位用户的 {entry.Watch.Case.Calls:N0} 次调用被拒绝。"),
            new Text("Open case", "打开个案"), $"{page}#case-{entry.Customer}", entry.Watch.Case.Owner, [Role.Success, Role.Support], Permission.Follow)).ToList();
        needs.AddRange(retirement.Observing.Anomalies.Where(anomaly => UseAfterClosing.IsOf(anomaly) && anomaly.SettledAt is null).Select(anomaly => new Need(Urgency.Late, Stage.Observe,
            new Text($"{retirement.Title.En}: closed, and still in use", $"{retirement.Title.Zh}：已下线，仍有人使用"), anomaly.What,
            new Text("Look", "查看"), $"{page}#still-using", null, [Role.Product, Role.Engineering, Role.Operations], Permission.Contribute)));
        if (retirement.ObservationEndsOn is { } end && Days.DayOf(now, Days.Zone(retirement.Schedule?.Zone)) > end)
            needs.Add(new Need(Urgency.Soon, Stage.Observe,
                new Text($"Observation of {retirement.Title.En} has run its days", $"{retirement.Title.Zh}的观察期已满"),
                new Text("See what still prevents the end, write what was learnt, and say thank you.", "查看仍阻碍结束的事项，写下经验，并致谢。"),
                new Text("End it", "结束观察"), page, retirement.Owner, [Role.Product], Permission.Close));
        return needs;
    }
}

internal sealed class ObserveBlockers(Watch watch) : IBlockers
{
    public async Task<IReadOnlyList<Blocker>> Of(Retirement retirement, IReadOnlyList<LedgerEntry> entries, DateTimeOffset now, CancellationToken cancel)
    {
        if (retirement.Stage != Stage.Observe)
            return [];
        var seen = await watch.Look(retirement, entries, now, cancel);
        return [.. seen.Exit.Where(line => !line.Holds).Select(line => new Blocker(Stage.Observe, line.Sentence, retirement.Owner, $"/retirements/{retirement.Id}/observe"))];
    }
}
