using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Migrate;

/// <summary>Somebody makes a request for help their own.</summary>
internal sealed record TakeHelp(Guid Id, string Owner)
{
    /// <param name="nobody">Why nothing can be given to the owner; null where it can.</param>
    public Decision Decide(LedgerEntry entry, Refusal? nobody) => AnswerHelp.Open(entry, Id) is { } refusal
        ? refusal
        : Required.Words(Owner, "owner", new("who will answer", "由谁答复"), 200) is { } missing ? missing : nobody is not null ? nobody : Decision.Of(entry.Customer, new HelpTaken(Id, Owner.Trim()));
}

/// <summary>The answer that closes a request for help. The customer reads it in the portal.</summary>
internal sealed record AnswerHelp(Guid Id, string Answer)
{
    public Decision Decide(LedgerEntry entry)
    {
        if (Open(entry, Id) is { } refusal)
            return refusal;
        if (Required.Words(Answer, "answer", new("the answer the customer will read", "客户将看到的答复"), 4000) is { } missing)
            return missing;
        return Decision.Of(entry.Customer, new HelpAnswered(Id, Answer.Trim()));
    }

    internal static Refusal? Open(LedgerEntry entry, Guid id) =>
        entry.Move.Help.FirstOrDefault(request => request.Id == id) switch
        {
            null => Refusal.NotFound("request for help", "求助请求", id.ToString("N")),
            { AnsweredAt: not null } => new Refusal("help.answered", "This request is answered already. Log a follow-up if there is more to say.", "该请求已有答复。如需补充，请记录一次跟进。"),
            _ => null,
        };
}
