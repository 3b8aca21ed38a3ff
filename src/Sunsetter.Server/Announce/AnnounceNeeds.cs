using Sunsetter.Server.Announce.Reach;
using Sunsetter.Server.Announce.Telling;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Announce;

/// <summary>What waits for somebody in the announce stage: duties, the release, customers whom only a person can reach.</summary>
internal sealed class AnnounceNeeds(FactLog log, NoticeDesks desks, Looks looks, Settings settings) : INeeds, IBlockers
{
    private const int MostCustomers = 20;

    public async Task<IReadOnlyList<Need>> Of(Retirement retirement, DateTimeOffset now, CancellationToken cancel)
    {
        if (retirement.Stage is not (Stage.Announce or Stage.Migrate or Stage.Close or Stage.Observe or Stage.Deferred or Stage.Cancelled))
            return [];
        var (page, today) = ($"/retirements/{retirement.Id}/announce", Today.Of(retirement, now));
        var needs = new List<Need>();
        if (await Held(retirement, cancel) is { } held)
            needs.Add(new Need(Urgency.Late, Stage.Announce, held, new Text($"{retirement.Title.En}: it was released, and goes out within a minute once it is mended.", $"{retirement.Title.Zh}：已批准发送，修改后一分钟内发出。"),
                new Text("Mend the notice", "修改通知"), $"{page}#notice", retirement.Owner.Length > 0 ? retirement.Owner : null, [Role.Product], Permission.Announce));
        if (retirement.Stage is Stage.Deferred or Stage.Cancelled)
            return needs;
        // Customers are being told, and call; support must know what it says now.
        if (retirement.Announcing is { TalkTracks: not null, SupportIsReady: false } && (retirement.Announcing.ReleasedAt ?? retirement.Announcing.PublishedAt) is not null)
            needs.Add(new Need(Urgency.Soon, Stage.Announce, new Text("The talk tracks have changed: confirm them", "客服口径已修改，请确认"),
                new Text($"{retirement.Title.En}: customers are being told; the notices go on.", $"{retirement.Title.Zh}：正在通知客户，通知不会因此暂停。"),
                new Text("Read and confirm", "阅读并确认"), $"{page}#talk-tracks", null, [Role.Support], Permission.Support));
        if (retirement.Stage == Stage.Observe)
            return needs;
        needs.AddRange(retirement.Announcing.Duties.Where(duty => duty.DoneAt is null).Select(duty => OfDuty(retirement, duty, page, today)));
        if (retirement.Stage == Stage.Announce && retirement.Announcing is { SupportIsReady: true, ReleasedAt: null } && retirement.Schedule is not null)
            needs.Add(new Need(Urgency.Soon, Stage.Announce, new Text("The notices wait for their release", "通知等待批准发送"), new Text("Support is ready; no customer has been written to.", "客服已就绪，尚未通知任何客户。"),
                new Text("Check and release", "核对并批准"), $"{page}#notice", retirement.Owner.Length > 0 ? retirement.Owner : null, [Role.Product], Permission.Announce));
        if (retirement.Announcing.ReleasedAt is not null)
            needs.AddRange(await OfCustomers(retirement, page, now, cancel));
        return needs;
    }

    public async Task<IReadOnlyList<Blocker>> Of(Retirement retirement, IReadOnlyList<LedgerEntry> entries, DateTimeOffset now, CancellationToken cancel)
    {
        var page = $"/retirements/{retirement.Id}/announce";
        var blockers = new List<Blocker>();
        if (await Held(retirement, cancel) is { } held)
            blockers.Add(new(retirement.Stage, held, retirement.Owner, $"{page}#notice"));
        // Where nobody is affected there is nobody to tell.
        if (retirement.Stage == Stage.Announce && entries.Count > 0)
        {
            if (!retirement.Announcing.SupportIsReady)
                blockers.Add(new(Stage.Announce, new Text("Support has not confirmed its talk tracks.", "客服尚未确认口径。"), null, $"{page}#talk-tracks"));
            else if (retirement.Announcing.ReleasedAt is null)
                blockers.Add(new(Stage.Announce, new Text("The notices are not released.", "通知尚未批准发送。"), retirement.Owner, $"{page}#notice"));
            var missing = entries.Count(entry => !StartMigration.IsTold(retirement, entry));
            if (missing > 0)
                blockers.Add(new(Stage.Announce, new Text(missing == 1 ? "1 customer is not told yet." : $"{missing:N0} customers are not told yet.", $"{missing} 位客户尚未告知。"), null, $"{page}#reach"));
        }
        return blockers;
    }

    /// <summary>That notices are held back, with an example; null where none is.</summary>
    private async Task<Text?> Held(Retirement retirement, CancellationToken cancel)
    {
        var held = await looks.HeldBack(retirement, cancel);
        if (held.Count == 0)
            return null;
        var (customer, finding) = held.MinBy(one => one.Key.Value, StringComparer.Ordinal);
        var name = (await log.FindEntry(retirement.Id, customer, cancel))?.Name ?? Text.Same(customer.Value);
        return new Text($"{Text.Many(held.Count, "notice")} held back, such as the one to {name.En}: {finding.En}", $"{held.Count} 份通知被拦下，例如发给{name.Zh}的：{finding.Zh}");
    }

    private static Need OfDuty(Retirement retirement, DutyState state, string page, DateOnly today)
    {
        var left = state.Duty.By.DayNumber - today.DayNumber;
        var urgency = left < 0 ? Urgency.Late : left <= 7 ? Urgency.Soon : Urgency.Calm;
        var by = new Text($"{retirement.Title.En}, by {Days.En(state.Duty.By)}", $"{retirement.Title.Zh}，{Days.Zh(state.Duty.By)}前");
        var action = state.AcknowledgedAt is null ? new Text("Acknowledge", "确认知悉") : new Text("Report as done", "报告完成");
        return new Need(urgency, Stage.Announce, state.Duty.What, state.AcknowledgedAt is null ? new Text($"{by.En}; not acknowledged yet", $"{by.Zh}；尚未确认知悉") : by, action, $"{page}#duties", state.Assignee, [state.Duty.Team], Permission.Contribute);
    }

    private async Task<IEnumerable<Need>> OfCustomers(Retirement retirement, string page, DateTimeOffset now, CancellationToken cancel)
    {
        var (desk, ladder) = (await desks.Open(retirement, cancel), await settings.Get<ReminderLadder>(cancel));
        return (await log.Entries(retirement.Id, cancel)).Where(entry => entry.ClosedAt is null)
            .Select(entry => (Entry: entry, State: ReachState.Of(retirement, entry, desk.Contacts[entry.Customer], ladder.SilenceDays, now)))
            .Where(one => one.State.NeedsPerson).OrderByDescending(one => one.Entry.Class).Take(MostCustomers)
            .Select(one => new Need(one.State.Level == 0 ? Urgency.Late : Urgency.Soon, Stage.Announce,
                new Text($"{one.Entry.Name.En}: {one.State.Words.En}", $"{one.Entry.Name.Zh}：{one.State.Words.Zh}"),
                new Text($"{retirement.Title.En}: mail alone does not reach this customer; call them and log the call.", $"{retirement.Title.Zh}：仅靠邮件无法触达该客户，请电话联系并记录。"),
                new Text("Log the call", "记录沟通"), $"{page}?customer={Uri.EscapeDataString(one.Entry.Customer.Value)}#log", one.Entry.AccountManager, [Role.Support, Role.Success], Permission.Contribute));
    }
}
