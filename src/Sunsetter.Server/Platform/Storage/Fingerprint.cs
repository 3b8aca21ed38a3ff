using System.Security.Cryptography;
using System.Text.Json;

namespace Sunsetter.Server.Platform;

/// <summary>A short name of what somebody was shown. A form sends it back, so that nobody changes what they have not seen.</summary>
internal static class Fingerprint
{
    public static string Of<T>(T shown) => Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(shown, Json.Stored)).AsSpan(0, 8));
}
