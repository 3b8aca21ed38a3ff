using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Close;

/// <summary>A customer asks for what Sunsetter holds about it; the file is made when it is fetched (C2).</summary>
internal sealed record RequestExport(Guid Id, string Contact)
{
    /// <summary>At a time: nobody needs more, and a link that fell into wrong hands fills no ledger.</summary>
    public const int Most = 20;

    public Decision Decide(LedgerEntry entry, DateTimeOffset now)
    {
        if (Required.Words(Contact, "contact", new("who asks", "申请人"), 200) is { } nobody)
            return nobody;
        if (entry.Closure.Exports.Any(export => export.Id == Id))
            return Decision.Nothing;
        return entry.Closure.Exports.Count(export => export.At + CustomerExport.Fetchable > now) >= Most
            ? new Refusal("export.too-many", $"{Most} exports can be fetched already. Fetch one of them.", $"已有 {Most} 份导出可供下载，请直接下载。")
            : Decision.Of(entry.Customer, new ExportRequested(Id, Contact.Trim()));
    }
}
