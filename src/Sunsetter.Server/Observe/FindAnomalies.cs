using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Usage;

namespace Sunsetter.Server.Observe;

/// <summary>Looks for what changed with the closing beside refused calls: customers who stopped using the product, callers whom nobody knew, help that is asked for more often.</summary>
internal sealed class FindAnomalies(FactLog log, UsageQuestions usage, Watch watch, CatalogueNames names) : IDueStep
{
    // A week, so that a weekend is not taken for a farewell.
    private const int Silence = 7;
    private const int Weeks = 26;
    private const int FewRequests = 5;

    public string Name => "observe/find-anomalies";

    public TimeSpan Every => TimeSpan.FromMinutes(10);

    public async Task Run(DateTimeOffset now, CancellationToken cancel)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var observed = (await log.All(cancel)).Where(retirement => retirement.Stage is Stage.Close or Stage.Observe).ToList();
        if (observed.Count == 0)
            return;
        var lastUses = await usage.LastUses(today, 7 * Weeks, cancel);
        await Attempts.Each(observed, async retirement =>
        {
            var entries = await log.Entries(retirement.Id, cancel);
            foreach (var stranger in (await watch.Look(retirement, entries, now, cancel)).Strangers)
                await Raise(retirement, Unknown(stranger, await names.Of(stranger.Customer, cancel)), cancel);
            // The rest is told from what everybody does, so only when everybody is closed.
            if (retirement.Stage != Stage.Observe)
                return;
            foreach (var finding in await GoneSilent(retirement, entries, lastUses, today, cancel))
                await Raise(retirement, finding, cancel);
            if (MoreHelp(entries, now) is { } help)
                await Raise(retirement, help, cancel);
        });
    }

    private async Task<IReadOnlyList<RaiseAnomaly>> GoneSilent(Retirement retirement, IReadOnlyList<LedgerEntry> entries, IReadOnlyDictionary<CustomerKey, DateOnly> lastUses, DateOnly today, CancellationToken cancel)
    {
        var found = new List<RaiseAnomaly>();
        foreach (var entry in entries.Where(entry => entry.ClosedAt is { } closed && DateOnly.FromDateTime(closed.UtcDateTime).AddDays(Silence) < today))
        {
            if (retirement.Observing.Anomalies.Any(anomaly => anomaly.Id == SilentId(entry)))
                continue;
            var closedOn = DateOnly.FromDateTime(entry.ClosedAt!.Value.UtcDateTime);
            // On the closing day itself the module was still open: only what came after it is a sign of life.
            if (!lastUses.TryGetValue(entry.Customer, out var last) || last > closedOn)
                continue;
            // Where a source stopped with the closing, everybody seems to have left.
            if (!await Known(await usage.OfCustomer(entry.Customer, today, Weeks, cancel), closedOn, today, cancel))
                continue;

            found.Add(new RaiseAnomaly(SilentId(entry), new Text(
                $"{entry.Name.En} has used nothing at all since it was closed on {Days.En(closedOn)}. Call them: they may be leaving.",
                $"{entry.Name.Zh}自 {Days.Zh(closedOn)}下线后再未使用任何功能。请致电了解：客户可能正在流失。")));
        }
        return found;
    }

    private async Task<bool> Known(IReadOnlyList<CustomerModuleUse> used, DateOnly closedOn, DateOnly today, CancellationToken cancel) =>
        (await usage.Coverages(used.Select(module => module.Module), closedOn, today, cancel)).Values.All(coverage => coverage.Sufficient);

    private static RaiseAnomaly Unknown(RefusedCustomer stranger, Text name) => new($"stranger/{stranger.Customer}", new Text(
        $"{name.En} is not in the ledger and calls the closed module: {stranger.Calls} refused calls by {stranger.UserCount} users when they were seen. Find out who they are and whether they need it.",
        $"{name.Zh}不在台账中，却在调用已下线的模块：发现时有 {stranger.UserCount:N0} 位用户的 {stranger.Calls:N0} 次调用被拒绝。请查明其身份与需求。"));

    private static RaiseAnomaly? MoreHelp(IReadOnlyList<LedgerEntry> entries, DateTimeOffset now)
    {
        if (entries.Max(entry => entry.ClosedAt) is not { } closed)
            return null;
        var window = now - closed;
        var requests = entries.SelectMany(entry => entry.Move.Help).Select(request => request.At).ToList();
        var after = requests.Count(at => at >= closed);
        var before = requests.Count(at => at < closed && at >= closed - window);
        return after >= FewRequests && after > 2 * before
            ? new RaiseAnomaly("help", new Text(
                $"{after} requests for help since closing, {before} in as many days before it. Read them: they may have one cause.",
                $"下线后共有 {after} 次求助，此前相同天数内为 {before} 次。请查看：它们可能有共同原因。"))
            : null;
    }

    private Task Raise(Retirement retirement, RaiseAnomaly finding, CancellationToken cancel) =>
        log.Change(retirement.Id, Actor.Clock.Id, finding.Decide, cancel);

    private static string SilentId(LedgerEntry entry) => $"silent/{entry.Customer}";
}
