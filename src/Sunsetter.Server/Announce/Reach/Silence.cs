using Sunsetter.Server.Announce.Telling;
using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Announce.Reach;

/// <summary>What happens when nobody answers (N6): another contact, another channel, then a person.</summary>
internal static class Silence
{
    public static ReachEscalated? Next(Retirement retirement, LedgerEntry entry, IReadOnlyList<Contact> contacts, int silenceDays, DateTimeOffset now)
    {
        var reach = entry.Reach;
        if (reach.Latest is not { Kind: not NoticeKind.CalledOff } || reach.Escalation == Escalation.Person || entry.ClosedAt is not null || retirement.Ended || retirement.Stage == Stage.Deferred)
            return null;
        var person = entry.AccountManager ?? "support";
        var alive = Audience.Alive(contacts, reach);
        if (alive.Count == 0)
            return new ReachEscalated(Escalation.Person, person, new Text("Every contact has left or cannot be reached by mail.", "所有联系人均已离开或邮件无法送达。"));
        if (reach.AcknowledgedAt is not null || reach.ReadAt is not null && entry.Class == CustomerClass.Standard)
            return null;

        // A key customer has to say so. Who has read it and says nothing is not reached by one more letter, but by a person.
        if (reach.ReadAt is { } read)
            return now - read < TimeSpan.FromDays(silenceDays) ? null
                : new ReachEscalated(Escalation.Person, person, new Text($"They have read it, and nobody has acknowledged it for {Text.Many(silenceDays, "day")}.", $"对方已阅读，但 {silenceDays} 天内无人确认。"));


        if (Since(reach) is not { } since || now - since < TimeSpan.FromDays(silenceDays))
            return null;
        var why = new Text($"Nobody has opened the notice for {Text.Many(silenceDays, "day")}.", $"{silenceDays} 天内无人打开通知。");
        if (reach.Escalation < Escalation.AnotherContact && Further(entry, contacts) is { } further)
            return new ReachEscalated(Escalation.AnotherContact, further.Email, why);
        if (reach.Escalation < Escalation.AnotherChannel && alive.FirstOrDefault(contact => ChatOf(contact) is not null) is { } reachable)
            return new ReachEscalated(Escalation.AnotherChannel, reachable.Email, why);
        return new ReachEscalated(Escalation.Person, person, why);
    }

    /// <summary>Who would be written to besides, were another contact tried.</summary>
    private static Contact? Further(LedgerEntry entry, IReadOnlyList<Contact> contacts) =>
        Audience.Of(entry with { Reach = entry.Reach with { Escalation = Escalation.AnotherContact } }, contacts).Except(Audience.Of(entry, contacts)).FirstOrDefault();

    /// <summary>Silence counts from the first letter with the day that holds that arrived, and anew from each step up since.</summary>
    public static DateTimeOffset? Since(EntryReach reach)
    {
        var promise = reach.Promise;
        var sent = reach.Deliveries.Where(delivery => delivery.On is not null && delivery.Edition >= (promise?.Edition ?? 0)).Select(delivery => (DateTimeOffset?)delivery.At).Min();
        return reach.EscalatedAt is { } up && (promise is null || up >= promise.At) && (sent is null || up > sent) ? up : sent;
    }

    /// <summary>The team-chat robot behind a contact's messaging address; null where it is none.</summary>
    public static string? ChatOf(Contact contact) =>
        !Uri.TryCreate(contact.ImAddress, UriKind.Absolute, out var address) || address.Scheme is not ("https" or "http") ? null : address.Host switch
        {
            "qyapi.weixin.qq.com" => "wecom",
            "oapi.dingtalk.com" => "dingtalk",
            "open.feishu.cn" or "open.larksuite.com" => "feishu",
            _ => "slack",
        };
}
