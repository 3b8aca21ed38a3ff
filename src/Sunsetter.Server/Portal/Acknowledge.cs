using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Portal;

/// <summary>The contact says: we know, and we will act. Only by the button; opening the page is not enough.</summary>
internal sealed record Acknowledge(string Contact)
{
    public Decision Decide(LedgerEntry entry)
    {
        var edition = entry.Reach.Latest?.Edition ?? 0;
        return entry.Reach.Contacts.TryGetValue(Contact, out var known) && known.Knows(entry.Reach.Promise)
            ? Decision.Nothing
            : Decision.Of(entry.Customer, new NoticeAcknowledged(edition, Contact));
    }
}

/// <summary>Another person at the customer, in addition or in place of the one who has the link.</summary>
internal sealed record NameContact(string Email, string Name, bool InsteadOfMe)
{
    private const int MostNamed = 10;

    /// <summary>Lower-cased, as contacts are kept.</summary>
    public string Address => Email.Trim().ToLowerInvariant();

    public Decision Decide(LedgerEntry entry)
    {
        if (Address.Length > 200 || !MimeKit.MailboxAddress.TryParse(Address, out var parsed) || parsed.Address != Address || !Address.Contains('@'))
            return new Refusal("contact.bad-email", "That is not an e-mail address.", "邮箱地址无效。") { Field = "email" };
        if (string.IsNullOrWhiteSpace(Name) || Name.Length > 100)
            return new Refusal("contact.no-name", "Give your colleague's name, at most 100 characters.", "请填写同事姓名，最多 100 字。") { Field = "name" };
        if (entry.Reach.IsDead(Address))
            return new Refusal("contact.gone", "Mail to this address came back. Give another address, or ask us to try it again.", "发往该邮箱的邮件被退回。请填写其他邮箱，或联系我们重新尝试。") { Field = "email" };
        if (entry.Reach.Contacts.Values.Count(contact => contact.NamedAt is not null) >= MostNamed)
            return new Refusal("contact.too-many", $"You have named {MostNamed} colleagues already. Please call us instead.", $"您已指定 {MostNamed} 位同事，请直接致电我们。");
        return Decision.Of(entry.Customer, new ContactNamed(Address, Name.Trim(), InsteadOfMe));
    }
}
