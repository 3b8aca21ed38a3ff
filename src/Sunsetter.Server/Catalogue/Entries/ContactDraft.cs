using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Catalogue;

/// <summary>What somebody says about a customer's contact, in a file or in a request. Null: not said, so it stays as it is.</summary>
internal sealed record ContactDraft
{
    public string? Customer { get; init; }
    public string? Email { get; init; }
    public string? Name { get; init; }
    public string? Role { get; init; }
    public string? Locale { get; init; }
    public string? Phone { get; init; }
    public string? ImAddress { get; init; }

    public Refusal? Check() => Checks.First(
        Checks.CustomerKey(Customer, "customer"),
        Checks.Email(Email, "email", required: true),
        Checks.Text(Name, "name", 120), Checks.Text(Role, "role", 40), Checks.Locale(Locale), Checks.Text(Phone, "phone", 40), Checks.Text(ImAddress, "im_address", 200));

    public void WriteTo(Contact contact)
    {
        contact.Name = Name ?? contact.Name;
        contact.Role = Role is { Length: > 0 } ? Role.ToLowerInvariant() : contact.Role;
        contact.Locale = Locale is { Length: > 0 } ? Locale : contact.Locale;
        contact.Phone = Phone switch { null => contact.Phone, "" => null, var phone => phone };
        contact.ImAddress = ImAddress switch { null => contact.ImAddress, "" => null, var address => address };
    }
}
