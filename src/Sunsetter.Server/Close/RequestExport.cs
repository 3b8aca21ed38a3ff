using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Close;

/// <summary>A customer asks for what Sunsetter holds about it; the file is made when it is fetched (C2).</summary>
internal sealed record RequestExport(Guid Id, string Contact)
{
    public Decision Decide(LedgerEntry entry)
    {
        if (Required.Words(Contact, "contact", new("who asks", "申请人"), 200) is { } nobody)
            return nobody;
        return entry.Closure.Exports.Any(export => export.Id == Id) ? Decision.Nothing : Decision.Of(entry.Customer, new ExportRequested(Id, Contact.Trim()));
    }
}
