using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Close;

/// <summary>Nothing may be deleted while it lasts: of the whole retirement, or of one customer. It wins over every retention period.</summary>
internal sealed record PlaceLegalHold(Guid Id, CustomerKey? Customer, string Reason)
{
    public Decision Decide(Retirement retirement, IReadOnlyList<LedgerEntry> entries)
    {
        if (Required.Words(Reason, "reason", new("the reason, such as the case it serves", "原因，例如所涉案件")) is { } missing)
            return missing;
        if (Customer is { } customer && entries.All(entry => entry.Customer != customer))
            return new Refusal("entry.unknown", $"“{customer}” is not affected by this retirement.", $"该退役不影响客户“{customer}”。", StatusCodes.Status404NotFound);
        return new LegalHoldPlaced(Id, Customer, Reason.Trim());
    }
}

internal sealed record LiftLegalHold(Guid Id, string Reason)
{
    public Decision Decide(Retirement retirement) =>
        Required.Words(Reason, "reason", new("why it may be lifted", "解除原因")) is { } missing ? missing
        : retirement.Closing.HoldsInForce.Any(hold => hold.Id == Id) ? new LegalHoldLifted(Id, Reason.Trim())
        : new Refusal("hold.none", "No such hold is in force.", "没有生效的此项法律保全。");
}

/// <summary>Somebody has brought the module's backup back somewhere and looked.</summary>
internal sealed record VerifyBackup(string Evidence, string? Link)
{
    public Decision Decide(Retirement retirement) =>
        Required.Words(Evidence, "evidence", new("what was brought back where, with which result", "恢复的内容、位置与结果")) is { } missing ? missing
        : Required.Short(Link, "link", 1000) is { } tooLong ? tooLong
        : retirement.Ended ? new Refusal("backup.ended", "This retirement has ended.", "该退役已结束。")
        : new BackupVerified(Evidence.Trim(), string.IsNullOrWhiteSpace(Link) ? null : Link.Trim());
}
