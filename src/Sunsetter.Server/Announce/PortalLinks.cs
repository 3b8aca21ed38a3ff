using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Announce;

/// <summary>Whom a link admits: one contact of one customer, in one retirement, until an instant.</summary>
internal sealed record PortalPass(RetirementId Retirement, CustomerKey Customer, string Contact, DateTimeOffset ExpiresAt);

/// <summary>Signs and reads the links of the customers' page. Expiry is our own, on the server's clock; the signature is that of the data protection keys.</summary>
internal sealed class PortalLinks(IDataProtectionProvider protection, TimeProvider clock)
{
    /// <summary>Stands in the place of a link where a notice is only looked at; it opens nobody's page.</summary>
    public const string Preview = "preview";

    private const int LongestToken = 2000;
    private readonly IDataProtector protector = protection.CreateProtector("Sunsetter.Portal", "v1");

    public string TokenFor(PortalPass pass) => Base64Url.EncodeToString(protector.Protect(JsonSerializer.SerializeToUtf8Bytes(pass, Json.Stored)));

    /// <summary>Null where it was not made by us or was changed; else the pass, expired or not.</summary>
    public (PortalPass Pass, bool Expired)? Read(string token)
    {
        if (token.Length is 0 or > LongestToken || !Base64Url.IsValid(token))
            return null;
        try
        {
            var pass = JsonSerializer.Deserialize<PortalPass>(protector.Unprotect(Base64Url.DecodeFromChars(token)), Json.Stored);
            return pass is null ? null : (pass, pass.ExpiresAt <= clock.GetUtcNow());
        }
        catch (Exception foreign) when (foreign is CryptographicException or JsonException or FormatException)
        {
            return null;
        }
    }
}
