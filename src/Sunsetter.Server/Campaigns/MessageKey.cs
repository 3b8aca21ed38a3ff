using System.Security.Cryptography;
using System.Text;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Campaigns;

/// <summary>What makes a message one and the same however often it is asked for: retirement, customer, step, recipient, channel.</summary>
/// <param name="Customer">Null for a message that concerns no single customer.</param>
/// <param name="Step">Which notice, such as <c>notice-3</c>.</param>
internal readonly record struct MessageKey(RetirementId Retirement, CustomerKey? Customer, string Step, string Recipient, string Channel)
{
    /// <summary>Stored and unique. Each part is escaped, so that no part can spill into the next.</summary>
    public override string ToString() =>
        string.Join('/', new[] { Retirement.ToString(), Customer?.Value ?? "", Step, Channel, Recipient }.Select(Uri.EscapeDataString));

    /// <summary>32 hexadecimal digits that are always the same for the same message: also one that is asked for again after the store was restored from a backup carries its old Message-ID.</summary>
    public string Hash => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(ToString())).AsSpan(0, 16));
}
