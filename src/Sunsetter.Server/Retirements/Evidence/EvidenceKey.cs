using System.Security.Cryptography;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Retirements;

/// <summary>The workspace's own signing key for evidence files, made at first use.</summary>
internal sealed record EvidenceKey : ISettings
{
    static string ISettings.Name => "evidence-key";

    /// <summary>PKCS#8, base64; empty before first use.</summary>
    public string PrivateKey { get; init; } = "";

    public static async Task<ECDsa> Of(Settings settings, CancellationToken cancel)
    {
        var stored = await settings.Get<EvidenceKey>(cancel);
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        // Two who need it first at once must end with the same one: what the loser has sealed could not be told from a forgery.
        if (stored.PrivateKey.Length == 0)
            stored = await settings.First(new EvidenceKey { PrivateKey = Convert.ToBase64String(key.ExportPkcs8PrivateKey()) }, Actor.Clock.Id, cancel);
        key.ImportPkcs8PrivateKey(Convert.FromBase64String(stored.PrivateKey), out _);
        return key;
    }

    /// <summary>What an auditor compares: the first 16 bytes of the SHA-256 of the public key, in groups of four digits.</summary>
    public static string Fingerprint(byte[] publicKey) =>
        string.Join(' ', Convert.ToHexStringLower(SHA256.HashData(publicKey).AsSpan(0, 16)).Chunk(4).Select(group => new string(group)));
}
