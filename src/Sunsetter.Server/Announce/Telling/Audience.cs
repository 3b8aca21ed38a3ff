using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Announce.Telling;

/// <summary>Who at a customer is written to (N2): one living contact; up to three administrators of a key customer; one more after silence; and whoever was written to before. One who proves dead, or hands over, is replaced by the next.</summary>
internal static class Audience
{
    private const int MostAtKeyCustomer = 3;

    /// <summary>Contacts who are there and look after it, in the order in which they are tried.</summary>
    public static IReadOnlyList<Contact> Alive(IEnumerable<Contact> contacts, EntryReach reach) =>
    [
        .. contacts.Where(contact => contact.DeadSince is null && !reach.IsDead(contact.Email) && !reach.HasHandedOver(contact.Email))
            .OrderByDescending(contact => reach.Contacts.TryGetValue(contact.Email, out var known) ? known.NamedAt ?? DateTimeOffset.MinValue : DateTimeOffset.MinValue)
            .ThenBy(contact => Rank(contact.Role)).ThenBy(contact => contact.Email, StringComparer.Ordinal),
    ];

    public static IReadOnlyList<Contact> Of(LedgerEntry entry, IEnumerable<Contact> contacts)
    {
        var alive = Alive(contacts, entry.Reach);
        var count = entry.Class == CustomerClass.Standard ? 1 : Math.Clamp(alive.Count(contact => Rank(contact.Role) == 0 || IsNamed(contact, entry.Reach)), 1, MostAtKeyCustomer);
        if (entry.Reach.Escalation >= Escalation.AnotherContact)
            count++;
        // Whoever has a letter of ours knows a day: they hear when it moves, whoever was named beside them or came into the catalogue since.
        return [.. alive.Where((contact, at) => at < count || HasALetter(contact, entry.Reach))];
    }

    private static bool HasALetter(Contact contact, EntryReach reach) => reach.Deliveries.Any(delivery => delivery.Recipient == contact.Email && delivery.On is not null);

    /// <summary>One whom a colleague named stands beside the administrators, or in the place of the one who handed over.</summary>
    private static bool IsNamed(Contact contact, EntryReach reach) => reach.Contacts.TryGetValue(contact.Email, out var known) && known.NamedAt is not null;

    private static int Rank(string role) => role switch
    {
        "administrator" => 0,
        "technical" => 1,
        "business" => 2,
        _ => 3,
    };
}
