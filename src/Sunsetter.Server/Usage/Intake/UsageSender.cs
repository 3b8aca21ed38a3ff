using System.Security.Claims;
using System.Text;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Usage;

/// <summary>Who sends usage, and for whom they may count.</summary>
/// <param name="Source">The name under which coverage shows them.</param>
/// <param name="OnlyCustomer">Null: for every customer. A browser key counts only for the customer of its signed context.</param>
/// <param name="OnlyUser">The user of the signed context.</param>
internal sealed record UsageSender(string Source, string? OnlyCustomer = null, string? OnlyUser = null)
{
    /// <summary>Claims by which an authentication that knows one customer and user says so.</summary>
    public const string CustomerClaim = "sunsetter:customer", UserClaim = "sunsetter:user";

    private readonly byte[]? customerName = OnlyCustomer is null ? null : Encoding.UTF8.GetBytes(OnlyCustomer);
    private readonly byte[]? userName = OnlyUser is null ? null : Encoding.UTF8.GetBytes(OnlyUser);

    /// <summary>It speaks for one customer only: what is everybody's, the names of modules and which days are known, is not its to say.</summary>
    public bool IsBound => customerName is not null;

    // Two gateways with two tokens of one person are two sources: where one falls silent, the other does not speak for it.
    public static UsageSender Of(ClaimsPrincipal principal) => new(
        principal.FindFirstValue("sunsetter:key") ?? Actor.Of(principal).By, principal.FindFirstValue(CustomerClaim), principal.FindFirstValue(UserClaim));

    /// <summary>Fills in the bound customer and user; refuses a line that names others.</summary>
    public Refusal? Bind(ref ReadOnlySpan<byte> customer, ref ReadOnlySpan<byte> user)
    {
        if (customerName is null)
            return null;
        if ((!customer.IsEmpty && !customer.SequenceEqual(customerName)) || (!user.IsEmpty && !user.SequenceEqual(userName)))
            return new("usage.not-yours", "This key counts only for the customer and user of its signed context.", "此密钥只能为其签名上下文中的客户和用户计数。");
        customer = customerName;
        user = userName;
        return null;
    }
}
