using System.IO.Compression;
using System.Text;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Catalogue;

/// <summary>The text of an uploaded file, packed or not, within its bounds.</summary>
internal sealed class ImportFile
{
    private readonly BoundedStream sent;
    private readonly BoundedStream unpacked;

    private ImportFile(BoundedStream sent, BoundedStream unpacked, bool isWorkbook) => (this.sent, this.unpacked, IsWorkbook) = (sent, unpacked, isWorkbook);

    /// <summary>Bytes of the file read so far.</summary>
    public long Bytes => sent.Count;

    public bool IsWorkbook { get; }

    public Stream Content => unpacked;

    /// <summary>Set once a bound was passed.</summary>
    public Refusal? TooLarge(ImportSettings settings) =>
        sent.Exceeded ? OverSize(settings)
        : unpacked.Exceeded ? OverSizeUnpacked(settings)
        : null;

    public static Refusal OverSizeUnpacked(ImportSettings settings) => new(
        "import.too-large-unpacked", $"Unpacked, the file is larger than {settings.MostUnpackedMegabytes} MB. Split it.", $"解压后的文件超过 {settings.MostUnpackedMegabytes} MB，请拆分。", StatusCodes.Status413PayloadTooLarge);

    public static Refusal OverSize(ImportSettings settings) => new(
        "import.too-large", $"The file is larger than {settings.MostMegabytes} MB. Compress it (.gz) or split it; an administrator can raise the bound.",
        $"文件超过 {settings.MostMegabytes} MB。请压缩（.gz）或拆分；管理员可调高上限。", StatusCodes.Status413PayloadTooLarge);

    public StreamReader Text() => new(unpacked, new UTF8Encoding(false), detectEncodingFromByteOrderMarks: true, bufferSize: 64 * 1024);

    public static async Task<ImportFile> Open(Stream body, ImportSettings settings, CancellationToken cancel)
    {
        var sent = new BoundedStream(body, settings.MostMegabytes * 1024L * 1024);
        var start = new byte[4];
        var read = await sent.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancel);
        Stream whole = new StartedStream(start.AsMemory(0, read), sent);
        var packed = read >= 2 && start[0] == 0x1f && start[1] == 0x8b;
        var workbook = read == 4 && start is [(byte)'P', (byte)'K', 3, 4];
        var content = packed ? new GZipStream(whole, CompressionMode.Decompress) : whole;
        return new ImportFile(sent, new BoundedStream(content, settings.MostUnpackedMegabytes * 1024L * 1024), workbook);
    }

    /// <summary>Gives back first what was read to find out what the file is.</summary>
    private sealed class StartedStream(ReadOnlyMemory<byte> start, Stream rest) : Stream
    {
        private ReadOnlyMemory<byte> start = start;

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => start.Length > 0 ? Start(buffer.AsMemory(offset, count)) : rest.Read(buffer, offset, count);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            start.Length > 0 ? new(Start(buffer)) : rest.ReadAsync(buffer, cancellationToken);

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        private int Start(Memory<byte> buffer)
        {
            var count = Math.Min(buffer.Length, start.Length);
            start[..count].CopyTo(buffer);
            start = start[count..];
            return count;
        }
    }
}
