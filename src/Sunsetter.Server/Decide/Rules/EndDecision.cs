using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Decide;

/// <summary>Says no, in the name of a role whose approval is asked for. The record stays.</summary>
internal sealed record RejectRetirement(string Reason)
{
    public Decision Decide(Retirement retirement, NoticePolicy policy, Actor by) =>
        retirement.Stage != Stage.Decide ? new Refusal("decision.over", "The decision is made. Cancel the retirement instead.", "决策已作出。如需停止请取消退役。")
        : !(retirement.Deciding.Submission?.Required ?? policy.Approvals).Any(by.Roles.Contains) ? new Refusal("decision.not-your-role", "Only a role whose approval is asked for may reject.", "只有被要求批准的角色可以否决。", StatusCodes.Status403Forbidden)
        : Given.Missing(Reason, "reason") is { } missing ? missing
        : new RetirementRejected(Reason.Trim());
}

/// <summary>Puts the decision off until a day; what was gathered stays.</summary>
internal sealed record DeferRetirement(DateOnly Until, string Reason)
{
    public Decision Decide(Retirement retirement, DateOnly today) =>
        retirement.Stage != Stage.Decide ? new Refusal("decision.over", "The decision is made; only an open one can be put off.", "决策已作出，无法暂缓。")
        : Until <= today || Until > today.AddYears(3) ? new Refusal("defer.day", "Choose a day in the next three years.", "请选择未来三年内的日期。") { Field = "until" }
        : Given.Missing(Reason, "reason") is { } missing ? missing
        : new RetirementDeferred(Until, Reason.Trim());
}

internal sealed record ResumeRetirement(string Reason)
{
    public Decision Decide(Retirement retirement) =>
        retirement.Stage != Stage.Deferred ? new Refusal("decision.not-deferred", "Only a decision that was put off can be taken up again.", "只有已暂缓的决策可以恢复。")
        : Given.Missing(Reason, "reason") is { } missing ? missing
        : new RetirementResumed(Reason.Trim());
}

/// <summary>
/// Gives up the retirement. The record stays, and customers who were told must hear of it. Where somebody is closed the module is first brought back for
/// them by a restore: giving up then keeps it open for good.
/// </summary>
internal sealed record CancelRetirement(string Reason)
{
    public Decision Decide(Retirement retirement, IReadOnlyCollection<LedgerEntry> entries, DateTimeOffset now) =>
        retirement.Ended ? new Refusal("decision.ended", "The retirement has come to its end and cannot be cancelled.", "退役已结束，无法取消。")
        : entries.Count(entry => IsClosed(retirement, entry, now)) is > 0 and var closed ? new Refusal("cancel.closed",
            $"{(closed == 1 ? "1 customer is" : $"{closed:N0} customers are")} closed. Bring the module back for them on Close first; to cancel then keeps it open for good.", $"已有 {closed} 个客户下线。请先在“下线收尾”中为其恢复模块；之后取消即可长期保留。")
        : Given.Missing(Reason, "reason") is { } missing ? missing
        : new RetirementCancelled(Reason.Trim());

    private static bool IsClosed(Retirement retirement, LedgerEntry entry, DateTimeOffset now) =>
        entry.ClosedAt is not null && retirement.Restore?.InForceAt(now) != true && entry.Restore?.InForceAt(now) != true;
}
