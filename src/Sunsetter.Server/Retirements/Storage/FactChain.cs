using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Sunsetter.Server.Retirements;

/// <summary>
/// Links each fact of a stream to the one before: SHA-256 over the previous hash (32 zero bytes for the first) and the fields
/// retirement, customer, version, kind, at (Unix milliseconds), by and body, each as UTF-8 behind its length (4 bytes, big-endian).
/// </summary>
internal static class FactChain
{
    public static readonly byte[] Start = new byte[32];

    public static byte[] Link(byte[] previous, string retirement, string customer, int version, string kind, long at, string by, string body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(previous);
        foreach (var field in (ReadOnlySpan<string>)
            [retirement, customer, version.ToString(System.Globalization.CultureInfo.InvariantCulture), kind, at.ToString(System.Globalization.CultureInfo.InvariantCulture), by, body])
            Append(hash, field);
        return hash.GetHashAndReset();
    }

    private static void Append(IncrementalHash hash, string field)
    {
        var bytes = Encoding.UTF8.GetBytes(field);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
