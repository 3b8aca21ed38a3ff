using System.Security.Cryptography;
using System.Text;

namespace Sunsetter.Server.Platform;

/// <summary>A bearer token for the API. Only its hash is kept; it acts in the name of a person, with some of their permissions.</summary>
internal sealed class ApiToken
{
    public required Guid Id { get; init; }
    public required string Name { get; init; }
    public required byte[] Hash { get; init; }

    /// <summary>The e-mail address of the person in whose name it acts.</summary>
    public required string Person { get; init; }

    /// <summary>Who made it: that person, an administrator for them, or the bootstrap token; empty where that was not written down yet.</summary>
    public required string MadeBy { get; init; }

    /// <summary>Space-separated names of permissions, see <see cref="Permissions.Scope"/>.</summary>
    public required string Scopes { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? ExpiresAt { get; init; }
    public DateTimeOffset? RevokedAt { get; set; }

    public bool UsableAt(DateTimeOffset now) => RevokedAt is null && (ExpiresAt is null || now < ExpiresAt);

    /// <summary>A new secret of 256 bits with a prefix that secret scanners can recognise.</summary>
    public static string NewSecret(string prefix) => prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    public static byte[] HashOf(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
