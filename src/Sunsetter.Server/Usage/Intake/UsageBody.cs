using System.Buffers;
using System.IO.Compression;
using Sunsetter.Server.Platform;
using ZstdSharp;

namespace Sunsetter.Server.Usage;

/// <summary>A request's body, unpacked, in memory of a bounded size: a body that unpacks to more is refused as soon as it is seen.</summary>
internal sealed class UsageBody : IDisposable
{
    /// <summary>Bytes of a body, packed or not.</summary>
    public const int MostReceived = 16 << 20;

    /// <summary>Bytes of a body when it is unpacked.</summary>
    public const int MostUnpacked = 32 << 20;

    /// <summary>Bytes of a browser's body: what it sends at most while its page closes.</summary>
    public const int MostOfBrowser = 64 << 10;

    private const int LargestWindowLog = 23;

    // Grows with what has come, not with what was announced, so that nobody holds memory with a number.
    private const int FirstBuffer = 256 << 10;

    private readonly ByteBudget budget;
    private byte[] buffer = [];
    private int length;

    private UsageBody(ByteBudget budget) => this.budget = budget;

    public ReadOnlySpan<byte> Json => buffer.AsSpan(0, length);

    /// <param name="budget">Holds what the body takes while it is read and parsed.</param>
    /// <returns>The body; the caller disposes of it.</returns>
    public static async Task<Outcome<UsageBody>> Read(HttpRequest request, bool browser, ByteBudget budget, CancellationToken cancel)
    {
        var (received, unpacked) = browser ? (MostOfBrowser, MostOfBrowser) : (MostReceived, MostUnpacked);
        if (request.ContentLength > received)
            return TooLarge(browser);
        var encoding = request.Headers.ContentEncoding.ToString();
        await using var limited = new LimitedStream(request.Body, received);
        await using Stream? content = encoding.ToLowerInvariant() switch
        {
            "" or "identity" => limited,
            "gzip" => new GZipStream(limited, CompressionMode.Decompress),
            "zstd" => Zstd(limited),
            _ => null,
        };
        if (content is null)
            return new Refusal("usage.encoding", $"The content encoding “{encoding}” is not supported. Send gzip, zstd or none.", $"不支持内容编码“{encoding}”。请使用 gzip、zstd 或不压缩。", StatusCodes.Status415UnsupportedMediaType);

        var body = new UsageBody(budget);
        var refusal = UsageIntake.Busy;
        try
        {
            refusal = await body.Fill(content, unpacked, cancel) switch { Filling.Done => null, Filling.TooLarge => TooLarge(browser), _ => refusal };
        }
        catch (Exception broken) when (broken is InvalidDataException or ZstdException or EndOfStreamException or BodyTooLargeException)
        {
            refusal = broken is BodyTooLargeException ? TooLarge(browser)
                : new("usage.unpack", "The body cannot be unpacked: it is damaged or not in the encoding that Content-Encoding names.", "无法解压正文：数据损坏，或与 Content-Encoding 不符。", StatusCodes.Status400BadRequest);
        }
        finally
        {
            if (refusal is not null)
                body.Dispose();
        }
        return refusal is null ? body : refusal;
    }

    public void Dispose()
    {
        Replace([]);
        length = 0;
    }

    private async Task<Filling> Fill(Stream content, int most, CancellationToken cancel)
    {
        if (!Grow(Math.Min(FirstBuffer, most)))
            return Filling.NoRoom;
        for (int read; (read = await content.ReadAsync(buffer.AsMemory(length), cancel)) > 0;)
        {
            length += read;
            if (length > most)
                return Filling.TooLarge;
            if (length == buffer.Length && !Grow(2 * buffer.Length))
                return Filling.NoRoom;
        }
        return Filling.Done;
    }

    private bool Grow(int size)
    {
        var larger = ArrayPool<byte>.Shared.Rent(size);
        if (!budget.TryTake(larger.Length))
        {
            ArrayPool<byte>.Shared.Return(larger);
            return false;
        }
        Replace(larger);
        return true;
    }

    private void Replace(byte[] with)
    {
        buffer.AsSpan(0, Math.Min(length, with.Length)).CopyTo(with);
        if (buffer.Length > 0)
        {
            budget.GiveBack(buffer.Length);
            ArrayPool<byte>.Shared.Return(buffer);
        }
        buffer = with;
    }

    private enum Filling
    {
        Done,
        TooLarge,
        NoRoom,
    }

    // A frame may ask for a window of 128 MB before it unpacks a byte; RFC 9659 allows 8 MB in a body.
    private static DecompressionStream Zstd(Stream packed)
    {
        var unpacked = new DecompressionStream(packed);
        unpacked.SetParameter(ZstdSharp.Unsafe.ZSTD_dParameter.ZSTD_d_windowLogMax, LargestWindowLog);
        return unpacked;
    }

    private static Refusal TooLarge(bool browser) => browser
        ? new("usage.body-too-large", "The body is larger than 64 KB, which is what a browser key may send. Send smaller batches.", "正文超过 64 KB（浏览器密钥的上限）。请发送更小的批次。", StatusCodes.Status413PayloadTooLarge)
        : new("usage.body-too-large", "The body is larger than 16 MB, or larger than 32 MB when unpacked. Send smaller batches.", "正文超过 16 MB，或解压后超过 32 MB。请发送更小的批次。", StatusCodes.Status413PayloadTooLarge);
}

internal sealed class BodyTooLargeException() : IOException("The body is larger than allowed.");
