using System.Security.Cryptography;

namespace Sunsetter.Server.Close;

/// <summary>Passes on what is written, counts it and hashes it; flush it at the end. The stream behind it stays open.</summary>
internal sealed class HashedStream(Stream inner) : Stream
{
    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly MemoryStream headers = new();

    public long Count { get; private set; }

    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    /// <summary>Of everything written so far, lower-case hexadecimal.</summary>
    public string Sha256() => Convert.ToHexStringLower(hash.GetCurrentHash());

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        hash.AppendData(buffer.Span);
        Count += buffer.Length;
        await Pass(cancellationToken);
        await inner.WriteAsync(buffer, cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        await Pass(cancellationToken);
        await inner.FlushAsync(cancellationToken);
    }

    // A zip writes its few headers without waiting, and a web server's response takes only writes that wait: they go out with the next of those.
    public override void Write(byte[] buffer, int offset, int count)
    {
        hash.AppendData(buffer, offset, count);
        Count += count;
        headers.Write(buffer, offset, count);
    }

    public override void Flush()
    {
    }

    private async Task Pass(CancellationToken cancel)
    {
        if (headers.Length == 0)
            return;
        var bytes = headers.ToArray();
        headers.SetLength(0);
        await inner.WriteAsync(bytes, cancel);
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        hash.Dispose();
        headers.Dispose();
        base.Dispose(disposing);
    }
}
