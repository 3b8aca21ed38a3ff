using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sunsetter.Client;

/// <summary>Signs for a browser who its signed-in person is.</summary>
internal static class ContextToken
{
    public static string Sign(string key, string customer, string user, DateTimeOffset expires)
    {
        var kid = key.Split('_') is [_, _, var id, ..] ? id : "";
        var claims = new ContextClaims(customer, user, expires.ToUnixTimeSeconds(), kid);
        var payload = Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(claims, ContextJson.Default.ContextClaims));
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.ASCII.GetBytes(payload));
        return payload + "." + Base64Url.EncodeToString(signature);
    }
}

internal sealed record ContextClaims(string Customer, string User, long Exp, string Kid);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ContextClaims))]
internal sealed partial class ContextJson : JsonSerializerContext;
