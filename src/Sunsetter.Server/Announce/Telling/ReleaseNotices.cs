using Sunsetter.Server.Announce.Texts;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Announce.Telling;

/// <summary>Lets the notices go. From then on each customer is told when their turn comes.</summary>
internal sealed record ReleaseNotices
{
    /// <param name="broken">Customers whose notice the lint would hold back, with its first finding.</param>
    /// <param name="lost">Why a promised day cannot stay; null where all can.</param>
    public Decision Decide(Retirement retirement, IReadOnlyList<LedgerEntry> entries, IReadOnlyList<(Text Customer, LintFinding Finding)> broken, Refusal? lost)
    {
        if (retirement.Stage is not (Stage.Announce or Stage.Migrate or Stage.Close))
            return new Refusal("notices.not-approved", "Customers are told of an approved retirement only. Have it approved first.", "只有获批的退役才能通知客户，请先完成审批。");
        if (retirement.Schedule is null)
            return new Refusal("notices.no-date", "There is no closing day yet. Set it on Decide.", "尚无下线日，请先在“评估决策”中确定。");
        if (lost is not null)
            return lost;
        if (!retirement.Announcing.SupportIsReady)
            return new Refusal("notices.support-not-ready", "Support has not confirmed its talk tracks. Customers will call: let support be ready first.", "客服尚未确认口径。客户会来电咨询，请先让客服准备就绪。");
        if (broken.Count > 0)
            return new Refusal("notices.lint", $"The notice to {broken[0].Customer.En} cannot be sent: {broken[0].Finding.Sentence.En} ({broken.Count} of {entries.Count} customers.)",
                $"发给{broken[0].Customer.Zh}的通知无法发送：{broken[0].Finding.Sentence.Zh}（共 {entries.Count} 位客户，{broken.Count} 位有问题。）");
        return retirement.Announcing.ReleasedAt is not null ? Decision.Nothing : new NoticesReleased();
    }
}

/// <summary>Holds everything that has not been sent. A rehearsal that not everybody knows of yet is called off with it: it would come without a word.</summary>
internal sealed record PauseNotices(string Reason)
{
    public Decision Decide(Retirement retirement, IReadOnlyList<LedgerEntry> entries, DateOnly today)
    {
        if (string.IsNullOrWhiteSpace(Reason) || Reason.Length > 500)
            return new Refusal("notices.no-reason", "Say why, in at most 500 characters.", "请说明原因，最多 500 字。") { Field = "reason" };
        return retirement.Announcing.ReleasedAt is null ? Decision.Nothing : Decision.Of([new NoticesPaused(Reason.Trim()), .. Untold(retirement, entries, today)]);
    }

    private static IEnumerable<RetirementFact> Untold(Retirement retirement, IReadOnlyList<LedgerEntry> entries, DateOnly today) =>
        retirement.Brownouts.Where(brownout => brownout.Day >= today && !entries.Where(entry => entry.ClosedAt is null).All(entry => Knows(entry.Reach, brownout)))
            .Select(brownout => new BrownoutWithdrawn(brownout, "Notices are held back, and not everybody knows of it · 通知已暂停，并非所有客户均已获知"));

    private static bool Knows(EntryReach reach, Brownout brownout) =>
        reach.Notices.FirstOrDefault(notice => notice.Rehearsals?.Contains(brownout) == true) is { } told && reach.Deliveries.Any(delivery => delivery.On is not null && delivery.Edition >= told.Edition);
}

/// <summary>Puts the announcement on the public page, into the feed and the calendar.</summary>
internal sealed record PublishAnnouncement
{
    public Decision Decide(Retirement retirement, IReadOnlyList<LintFinding> findings)
    {
        if (retirement.Stage is not (Stage.Announce or Stage.Migrate or Stage.Close or Stage.Observe) || retirement.Schedule is null)
            return new Refusal("announcement.not-approved", "An announcement needs an approved retirement with a closing day.", "公告需要已获批且有下线日的退役。");
        if (!retirement.Announcing.SupportIsReady)
            return new Refusal("notices.support-not-ready", "Support has not confirmed its talk tracks. Let support be ready first.", "客服尚未确认口径，请先让客服准备就绪。");
        if (findings.Count > 0)
            return new Refusal("notices.lint", new Text($"The announcement cannot be published: {findings[0].Sentence.En}", $"公告无法发布：{findings[0].Sentence.Zh}"));
        return retirement.Announcing.PublishedAt is not null ? Decision.Nothing : new AnnouncementPublished();
    }
}
