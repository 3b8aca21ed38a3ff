using System.Buffers;
using System.IO.Compression;
using Sunsetter.Server.Platform;
using ZstdSharp;

namespace Sunsetter.Server.Usage;

/// <summary>Reads a request's body, unpacked, into memory of a bounded size: a body that unpacks to more is refused as soon as it is seen.</summary>
internal static class UsageBody
{
    /// <summary>Bytes of a body, packed or not.</summary>
    public const int MostReceived = 16 << 20;

    /// <summary>Bytes of a body when it is unpacked.</summary>
    public const int MostUnpacked = 32 << 20;

    private const int LargestWindowLog = 23;

    /// <returns>A rented buffer and the length of what is in it; the caller returns the buffer to the shared pool.</returns>
    public static async Task<Outcome<(byte[] Buffer, int Length)>> Read(HttpRequest request, CancellationToken cancel)
    {
        if (request.ContentLength > MostReceived)
            return TooLarge;
        var encoding = request.Headers.ContentEncoding.ToString();
        await using var limited = new LimitedStream(request.Body, MostReceived);
        await using Stream? body = encoding.ToLowerInvariant() switch
        {
            "" or "identity" => limited,
            "gzip" => new GZipStream(limited, CompressionMode.Decompress),
            "zstd" => Zstd(limited),
            _ => null,
        };
        if (body is null)
            return new Refusal("usage.encoding", $"The content encoding “{encoding}” is not supported. Send gzip, zstd or none.", $"不支持内容编码 “{encoding}”。请使用 gzip、zstd 或不压缩。", StatusCodes.Status415UnsupportedMediaType);

        var buffer = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(request.ContentLength ?? 0, 64 << 10, MostReceived) + 1);
        var length = 0;
        Refusal? refusal = null;
        try
        {
            for (int read; (read = await body.ReadAsync(buffer.AsMemory(length), cancel)) > 0;)
            {
                length += read;
                if (length > MostUnpacked)
                {
                    refusal = TooLarge;
                    break;
                }
                if (length == buffer.Length)
                    buffer = Grow(buffer);
            }
        }
        catch (Exception broken) when (broken is InvalidDataException or ZstdException or EndOfStreamException or BodyTooLargeException)
        {
            refusal = broken is BodyTooLargeException ? TooLarge
                : new("usage.unpack", "The body cannot be unpacked: it is damaged or not in the encoding that Content-Encoding names.", "无法解压正文：数据损坏，或与 Content-Encoding 不符。", StatusCodes.Status400BadRequest);
        }
        if (refusal is null)
            return (buffer, length);
        ArrayPool<byte>.Shared.Return(buffer);
        return refusal;
    }

    // A frame may ask for a window of 128 MB before it unpacks a byte; RFC 9659 allows 8 MB in a body.
    private static DecompressionStream Zstd(Stream packed)
    {
        var unpacked = new DecompressionStream(packed);
        unpacked.SetParameter(ZstdSharp.Unsafe.ZSTD_dParameter.ZSTD_d_windowLogMax, LargestWindowLog);
        return unpacked;
    }

    private static byte[] Grow(byte[] buffer)
    {
        var larger = ArrayPool<byte>.Shared.Rent(2 * buffer.Length);
        buffer.CopyTo(larger, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    internal static readonly Refusal TooLarge = new(
        "usage.body-too-large", "The body is larger than 16 MB, or larger than 32 MB when unpacked. Send smaller batches.", "正文超过 16 MB，或解压后超过 32 MB。请发送更小的批次。",
        StatusCodes.Status413PayloadTooLarge);
}

internal sealed class BodyTooLargeException() : IOException("The body is larger than allowed.");
