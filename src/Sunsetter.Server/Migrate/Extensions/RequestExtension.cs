using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Migrate;

/// <summary>A customer asks to stay open until the end of a day (G7). Nothing changes until somebody grants it.</summary>
internal sealed record RequestExtension(Guid Id, DateOnly Until, string Reason, string Contact)
{
    public Decision Decide(Retirement retirement, LedgerEntry entry, MigrationRules rules, DateTimeOffset now)
    {
        if (Required.Words(Reason, "reason", new("why more time is needed", "需要更多时间的原因")) is { } missing)
            return missing;
        if (Required.Words(Contact, "contact", new("whom we should answer", "我们应答复的联系人"), 200) is { } nobody)
            return nobody;
        if (GrantExtension.Bounds(retirement, entry, rules, Until, now) is { } refusal)
            return refusal;
        if (entry.Move.Extension is not null)
            return new Refusal("extension.waiting", "An earlier request still waits for our answer. You need not ask again.", "您之前的申请仍在处理中，无需重复提交。");
        return Decision.Of(entry.Customer, new ExtensionRequested(Id, Until, Reason.Trim(), Contact.Trim()));
    }
}
