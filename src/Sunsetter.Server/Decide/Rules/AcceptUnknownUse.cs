using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Decide;

/// <summary>Says why it may be decided although too little is known of who uses the module.</summary>
internal sealed record AcceptUnknownUse(string Reason)
{
    public Decision Decide(Retirement retirement) =>
        (Gathering.NotNow(retirement) ?? Given.Missing(Reason, "reason")) is { } refusal ? refusal : new UnknownUseAccepted(Reason.Trim());
}
