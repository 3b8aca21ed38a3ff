using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Announce.Reach;

/// <summary>The account manager writes down a call or a visit.</summary>
internal sealed record LogConversation(ConversationKind Kind, DateOnly On, string With, string Outcome, bool Told, bool Acknowledged)
{
    public Decision Decide(LedgerEntry entry, DateOnly today)
    {
        if (string.IsNullOrWhiteSpace(With) || With.Length > 200)
            return new Refusal("conversation.no-partner", "Say with whom you spoke, in at most 200 characters.", "请填写沟通对象，最多 200 字。") { Field = "with" };
        if (string.IsNullOrWhiteSpace(Outcome) || Outcome.Length > 2000)
            return new Refusal("conversation.no-outcome", "Say how it ended, in at most 2,000 characters.", "请填写沟通结果，最多 2,000 字。") { Field = "outcome" };
        if (On > today)
            return new Refusal("conversation.future", "A talk is logged after it took place.", "请在沟通之后再记录。") { Field = "on" };
        if (On < today.AddDays(-90))
            return new Refusal("conversation.too-old", "A talk is logged within 90 days.", "请在 90 天内记录沟通。") { Field = "on" };
        return Decision.Of(entry.Customer, new ConversationLogged(Kind, On, With.Trim(), Outcome.Trim(), Told || Acknowledged, Acknowledged));
    }
}

/// <summary>Somebody inside learnt that a contact has left: who was told is an open question again.</summary>
internal sealed record LoseContact(string Email, string Reason)
{
    public Decision Decide(LedgerEntry entry) =>
        !Email.Contains('@') || Email.Length > 200 ? new Refusal("contact.bad-email", "That is not an e-mail address.", "邮箱地址无效。") { Field = "email" }
        : string.IsNullOrWhiteSpace(Reason) || Reason.Length > 500
            ? new Refusal("contact.no-reason", "Say how you know, in at most 500 characters.", "请说明依据，最多 500 字。") { Field = "reason" }
            : entry.Reach.IsDead(Email) ? Decision.Nothing : Decision.Of(entry.Customer, new ContactLost(Email, Reason.Trim()));
}
