using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Observe;

/// <summary>A customer knocks: opens their case, or opens it again. Safe to repeat.</summary>
internal sealed record OpenCase(long Calls, int Users, DateTimeOffset LastCall)
{
    public Decision Decide(Retirement retirement, LedgerEntry entry)
    {
        if (Calls == 0 || entry.ClosedAt is null)
            return Decision.Nothing;
        if (entry.Watch.Case is not { } known)
            return Decision.Of(entry.Customer, new CaseOpened(entry.AccountManager ?? retirement.Owner, Calls, Users, LastCall));
        // Calls are known by the hour: only a later hour than that of the closing is surely new.
        return known.ClosedAt is { } closed && LastCall > closed
            ? Decision.Of(entry.Customer, new CaseReopened(Calls, Users, LastCall))
            : Decision.Nothing;
    }
}

internal sealed record AssignCase(string Owner)
{
    /// <param name="nobody">Why nothing can be given to the owner; null where it can.</param>
    public Decision Decide(LedgerEntry entry, Refusal? nobody) => entry.Watch.Case switch
    {
        null => NoCase(entry),
        { IsOpen: false } => new Refusal("case.closed", "This case is closed; it opens again by itself when the customer knocks.", "该个案已关闭；客户再次调用时会自动重新打开。"),
        _ when Owner?.Contains('@') != true || Owner.Length > 200 => new Refusal("case.no-owner", "Give the e-mail address of the person who follows the case.", "请填写负责人的邮箱地址。"),
        _ when nobody is not null => nobody,
        { } open when open.Owner == Owner => Decision.Nothing,
        _ => Decision.Of(entry.Customer, new CaseAssigned(Owner)),
    };

    internal static Refusal NoCase(LedgerEntry entry) => new(
        "case.unknown", $"{entry.Name.En} has no case: nobody of theirs has knocked.", $"{entry.Name.Zh}没有个案：没有被拒绝的调用。", StatusCodes.Status404NotFound);
}

internal sealed record CloseCase(CaseEnding Ending, string Note)
{
    public Decision Decide(LedgerEntry entry) => entry.Watch.Case switch
    {
        null => AssignCase.NoCase(entry),
        { IsOpen: false } => Decision.Nothing,
        _ when string.IsNullOrWhiteSpace(Note) || Note.Length > 4000 => new Refusal("case.no-note", "Say how it ended, in at most 4,000 characters.", "请说明处理结果，最多 4,000 个字符。"),
        _ => Decision.Of(entry.Customer, new CaseClosed(Ending, Note.Trim())),
    };
}
