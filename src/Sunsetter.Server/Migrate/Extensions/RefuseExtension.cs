using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Migrate;

/// <summary>A request for more time is answered with no, and why.</summary>
internal sealed record RefuseExtension(string Reason)
{
    public Decision Decide(LedgerEntry entry)
    {
        if (Required.Words(Reason, "reason", new("the reason the customer will read", "客户将看到的理由")) is { } missing)
            return missing;
        if (entry.Move.Extension is null)
            return new Refusal("extension.none", "No request for more time waits for an answer.", "没有待答复的延期申请。");
        return Decision.Of(entry.Customer, new ExtensionRefused(Reason.Trim()));
    }
}
