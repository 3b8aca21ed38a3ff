using System.Security.Cryptography;
using System.Text;

namespace Sunsetter.Server.Usage;

/// <summary>How user ids are kept: as they come, or as keyed hashes (HMAC-SHA256) that nobody can turn back without the key.</summary>
internal sealed class UserNaming
{
    /// <summary>A hashed id starts with this, so that a page knows not to show it as a name; so does one that was deleted. No id from outside does.</summary>
    public const string HashedPrefix = "hmac:";

    /// <summary>Bytes of a key.</summary>
    public const int KeyLength = 32;

    public static ReadOnlySpan<byte> HashedBytes => "hmac:"u8;

    private readonly byte[]? key;

    private UserNaming(byte[]? key) => this.key = key;

    public bool Hashes => key is not null;

    public static UserNaming By(UsageSettings settings)
    {
        if (settings.HashUsers != true)
            return new(null);
        var key = Convert.FromBase64String(settings.HashKey);
        return key.Length >= KeyLength ? new(key) : throw new InvalidDataException($"The key of the users' hashes must have {KeyLength} bytes.");
    }

    /// <summary>The bytes under which a user of a customer is stored. The same person at two customers has two hashes.</summary>
    public ReadOnlySpan<byte> Stored(ReadOnlySpan<byte> customer, ReadOnlySpan<byte> user)
    {
        if (key is null || user.SequenceEqual(UsageLimits.NoUser) || user.StartsWith(HashedBytes))
            return user;
        var text = new byte[customer.Length + 1 + user.Length];
        customer.CopyTo(text);
        user.CopyTo(text.AsSpan(customer.Length + 1));
        return Encoding.ASCII.GetBytes(HashedPrefix + Convert.ToHexStringLower(HMACSHA256.HashData(key, text).AsSpan(0, 16)));
    }
}
