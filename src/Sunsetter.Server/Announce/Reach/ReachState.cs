using Sunsetter.Server.Announce.Telling;
using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Announce.Reach;

/// <summary>How far one customer has been reached, and what comes next: a line of the list on Announce.</summary>
/// <param name="Level">0 not told, 1 told, 2 read, 3 acknowledged.</param>
/// <param name="Colour">CSS class of the state.</param>
/// <param name="NeedsPerson">A person must act now.</param>
internal sealed record ReachState(int Level, Text Words, string Colour, Text NextStep, bool NeedsPerson)
{
    private static readonly Text Nothing = Text.Same("—");

    /// <summary>Once they are closed nobody is asked to tell them any more.</summary>
    /// <param name="held">Why their notice is held back; null where it is not.</param>
    public static ReachState Of(Retirement retirement, LedgerEntry entry, IEnumerable<Contact> contacts, int silenceDays, DateTimeOffset now, Text? held = null)
    {
        var state = WhileOpen(retirement, entry, contacts, silenceDays, now, held);
        return entry.ClosedAt is null ? state : state with { NextStep = Nothing, NeedsPerson = false };
    }

    private static ReachState WhileOpen(Retirement retirement, LedgerEntry entry, IEnumerable<Contact> contacts, int silenceDays, DateTimeOffset now, Text? held)
    {
        var reach = entry.Reach;
        var alive = Audience.Alive(contacts, reach);
        var told = entry.ClosesOn(retirement) is { } day && reach.ToldOf(day) is not null;
        var call = new Text($"Call: {entry.AccountManager ?? "support desk"}", $"电话联系：{entry.AccountManager ?? "支持台"}");
        if (told && reach.AcknowledgedAt is { } acknowledged)
            return new(3, Dated("acknowledged", "已确认", acknowledged), "t-ok", Nothing, false);
        if (alive.Count == 0 && !reach.SpokenWith)
            return new(0, new Text("nobody left to write to", "无可用联系人"), "t-bad", call, true);
        // The letter waits for its text to be mended, not for the customer.
        if (held is { } finding && !told)
            return new(0, new Text("notice held back", "通知被拦下"), "t-bad", new Text($"mend the notice: {finding.En}", $"修改通知：{finding.Zh}"), false);
        if (told && reach.ReadAt is { } seen && reach.Escalation == Escalation.Person && !reach.EscalationExhausted && entry.Class != CustomerClass.Standard)
            return new(2, Dated("read, not acknowledged", "已读未确认", seen), "t-warn", call, true);
        if (reach.Escalation == Escalation.Person && !reach.EscalationExhausted && !(told && reach.ReadAt is not null))
            return new(told ? 1 : 0, new Text("silent", "未回应"), "t-bad", call, true);
        if (told && reach.ReadAt is { } read)
            return new(2, Dated("read", "已读", read), "", entry.Class == CustomerClass.Standard ? new Text("wait for the acknowledgement", "等待确认") : new Text("ask for the acknowledgement", "请其确认"), false);
        if (told)
            return new(1, Dated("told", "已告知", reach.Deliveries.Where(delivery => delivery.On is not null).Select(delivery => delivery.At).DefaultIfEmpty(entry.OpenedAt).Min()), "",
                entry.Class != CustomerClass.Standard && !reach.Conversations.Any(talk => talk.Told)
                    ? call : new Text($"next contact after {Text.Many(silenceDays, "day")} of silence", $"{silenceDays} 天未读将联系下一位"), entry.Class != CustomerClass.Standard && !reach.Conversations.Any(talk => talk.Told));
        if (reach.Deliveries.Any(delivery => delivery.Failure is not null))
            return new(0, new Text("bounced", "被退回"), "t-warn", alive.Count > 0 ? new Text($"next contact: {alive[0].Email}", $"下一位联系人：{alive[0].Email}") : call, alive.Count == 0);
        return new(0, new Text("not told yet", "尚未告知"), "s6", Untold(retirement, entry, now), false);
    }

    private static Text Untold(Retirement retirement, LedgerEntry entry, DateTimeOffset now)
    {
        if (retirement.Announcing.ReleasedAt is null)
            return new Text("waits for the release of the notices", "等待批准发送通知");
        return retirement.Deciding.TellingOn is { } day && entry.Reach.Latest is null && Days.DayOf(now, Days.Zone(entry.TimeZone)) < day
            ? new Text($"mail goes out on {Days.En(day)}", $"将于 {Days.Zh(day)}发出邮件") : new Text("mail is on its way", "邮件发送中");
    }

    private static Text Dated(string en, string zh, DateTimeOffset at) =>
        new($"{en} {Days.En(On(at))}", $"{Days.Zh(On(at))}{zh}");

    private static DateOnly On(DateTimeOffset at) => Days.DayOf(at, WorkZone.Current);
}
