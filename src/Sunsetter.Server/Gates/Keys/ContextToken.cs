using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Sunsetter.Server.Gates;

/// <summary>What an application's back end says of the person it has signed in.</summary>
internal sealed record ContextToken(string Customer, string User, long Exp, string Kid)
{
    private const int LongestToken = 4_000;
    private static readonly TimeSpan LongestLife = TimeSpan.FromHours(24);

    /// <summary>The payload, unverified: the key that must have signed it stands inside.</summary>
    public static ContextToken? Read(string token)
    {
        var dot = token.IndexOf('.');
        if (dot <= 0 || token.Length > LongestToken || !Base64Url.IsValid(token.AsSpan(0, dot)))
            return null;
        try
        {
            var read = JsonSerializer.Deserialize<ContextToken>(Base64Url.DecodeFromChars(token.AsSpan(0, dot)), JsonSerializerOptions.Web);
            return read is { Customer.Length: > 0 and <= 200, User.Length: > 0 and <= 500, Kid.Length: > 0 } ? read : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static bool IsSignedWith(string token, string key)
    {
        var dot = token.IndexOf('.');
        if (!Base64Url.IsValid(token.AsSpan(dot + 1)))
            return false;
        Span<byte> expected = stackalloc byte[32];
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.ASCII.GetBytes(token[..dot]), expected);
        return CryptographicOperations.FixedTimeEquals(expected, Base64Url.DecodeFromChars(token.AsSpan(dot + 1)));
    }

    public bool HoldsAt(DateTimeOffset now) => Exp > now.ToUnixTimeSeconds() && Exp <= now.Add(LongestLife).ToUnixTimeSeconds() + 60;

    public static string Sign(string customer, string user, DateTimeOffset expires, string kid, string key)
    {
        var payload = Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(new ContextToken(customer, user, expires.ToUnixTimeSeconds(), kid), JsonSerializerOptions.Web));
        return payload + "." + Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.ASCII.GetBytes(payload)));
    }
}
