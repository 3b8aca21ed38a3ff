using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Migrate;

/// <summary>A customer asks for help; it stays open until somebody answers it (G4).</summary>
/// <param name="Contact">Whom to answer, as they gave it; the signed-in contact where they gave nothing.</param>
internal sealed record RequestHelp(Guid Id, string Question, string Contact)
{
    /// <summary>More would be a queue nobody reads; the customer is better served by a call.</summary>
    public const int MostOpen = 20;

    public Decision Decide(Retirement retirement, LedgerEntry entry)
    {
        if (Required.Words(Question, "question", new("your question, in a sentence or two", "您的问题，一两句话即可"), 4000) is { } missing)
            return missing;
        if (Required.Words(Contact, "contact", new("whom we should answer", "我们应答复的联系人"), 200) is { } nobody)
            return nobody;
        if (retirement.Ended)
            return new Refusal("help.over", "This retirement has ended. Please write to support.", "该退役已结束，请联系客服支持。");
        if (entry.Move.Help.Any(request => request.Id == Id))
            return Decision.Nothing;
        if (entry.Move.OpenHelp.Count() >= MostOpen)
            return new Refusal("help.too-many", "Your earlier questions are still open. Please call your contact person.", "您之前的问题仍在处理中，请直接致电您的联系人。");
        return Decision.Of(entry.Customer, new HelpRequested(Id, Question.Trim(), Contact.Trim()));
    }
}
