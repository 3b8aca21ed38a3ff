using System.IO.Compression;
using System.Security.Cryptography;
using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Platform;
using ZstdSharp;

namespace Sunsetter.Server.Usage;

/// <summary>
/// The lines of a file, one at a time, in a buffer that does not grow with the file. Unpacks gzip and zstd by their first bytes, drops a byte order
/// mark, takes LF and CRLF, and keeps a line break inside quotes within its line. A quote that never closes costs its own line only. Hashes what it has passed.
/// </summary>
internal sealed class FileLines : IAsyncDisposable
{
    /// <summary>A line longer than this is cut off and refused.</summary>
    public const int LongestLine = 64 << 10;

    // Small enough for a processor's own cache, large enough that handing it over costs nothing.
    private const int MostOfBlock = 128 << 10;

    private readonly IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly Stream content;
    private readonly LimitedStream file;
    private readonly bool quotes;
    private byte[] buffer = new byte[1 << 20];
    private int start, end, hashed;
    private bool finished, begun, ended;
    private byte[]? lineBreak;

    private FileLines(Stream content, long most, bool quotes) => (this.content, file, this.quotes) = (content, new LimitedStream(content, most), quotes);

    /// <summary>Why this is no text of lines, once its beginning has been read; null where it is.</summary>
    public Refusal? Unreadable { get; private set; }

    /// <summary>Number of the line last taken, from 1; a record with line breaks in it has the number of its first.</summary>
    public long Number { get; private set; }

    /// <summary>Bytes taken so far, unpacked.</summary>
    public long Passed { get; private set; }

    private int breaksInside;

    /// <param name="quotes">Quotes hold fields together.</param>
    /// <param name="most">Bytes that the file may have when it is unpacked; one more is a <see cref="BodyTooLargeException"/>.</param>
    public static async Task<FileLines> Open(Stream file, bool quotes, long most, CancellationToken cancel)
    {
        var head = new byte[4];
        var read = await file.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancel);
        var whole = new PrecededStream(head.AsMemory(0, read), file);
        return new FileLines(head switch
        {
            [0x1f, 0x8b, ..] => new GZipStream(whole, CompressionMode.Decompress),
            [0x28, 0xb5, 0x2f, 0xfd] => new DecompressionStream(whole),
            _ => whole,
        }, most, quotes);
    }

    /// <summary>
    /// A fingerprint of everything taken so far. The last line of a file has a break in it that the file may lack: when the file has grown, it will have it.
    /// </summary>
    public byte[] Fingerprint()
    {
        if (finished && start == end && !ended)
        {
            ended = true;
            if (start > 0 && buffer[start - 1] != '\n')
            {
                hash.AppendData(buffer, hashed, start - hashed);
                hashed = start;
                hash.AppendData(lineBreak ?? [(byte)'\n']);
            }
        }
        hash.AppendData(buffer, hashed, start - hashed);
        hashed = start;
        return hash.GetCurrentHash();
    }

    /// <summary>Reads on until a whole line is there. False at the end of the file.</summary>
    public async ValueTask<bool> Fill(CancellationToken cancel)
    {
        while (!finished && LineEnd(buffer.AsSpan(start, end - start), quotes, out _) < 0 && end - start < LongestLine)
        {
            if (end == buffer.Length)
                MakeRoom();
            var read = await file.ReadAsync(buffer.AsMemory(end), cancel);
            finished = read == 0;
            end += read;
            if (!begun && (end >= 4 || finished))
                Begin();
        }
        if (lineBreak is null && buffer.AsSpan(start, end - start).IndexOf((byte)'\n') is var at and >= 0)
            lineBreak = at > 0 && buffer[start + at - 1] == '\r' ? [(byte)'\r', (byte)'\n'] : [(byte)'\n'];
        if (lineBreak is null && buffer.AsSpan(start, end - start).Contains((byte)'\r'))
            Unreadable ??= new("import.line-breaks", "The lines of this file end in CR alone, as on very old computers. Save it with LF or CRLF.", "此文件仅以 CR 换行（旧式格式）。请另存为以 LF 或 CRLF 换行的文件。", StatusCodes.Status415UnsupportedMediaType);
        return start < end;
    }

    private void Begin()
    {
        begun = true;
        var first = buffer.AsSpan(start, end - start);
        if (first.StartsWith("\uFEFF"u8))
            start = hashed = 3;
        else if (first is [0xff, 0xfe, ..] or [0xfe, 0xff, ..])
            Unreadable = new("import.utf-16", "This file of usage is written in UTF-16. Save it as UTF-8 (in Excel “CSV UTF-8”).", "此使用数据文件为 UTF-16 编码。请另存为 UTF-8（Excel 中选择“CSV UTF-8”）。", StatusCodes.Status415UnsupportedMediaType);
        else if (first is [(byte)'P', (byte)'K', 3, 4, ..])
            Unreadable = Imports.Workbook;
    }

    /// <summary>Takes the next line if it is wholly in the buffer; it is valid until the next call. Call <see cref="Fill"/> when there is none.</summary>
    public bool TryTake(out ReadOnlySpan<byte> line)
    {
        if (!TryTakeBlock(1, out var block))
        {
            line = default;
            return false;
        }
        line = block.Bytes.Span.TrimEnd("\r\n"u8);
        return true;
    }

    /// <summary>Takes whole lines that are in the buffer, at most so many; they are valid until the next call. Call <see cref="Fill"/> when there are none.</summary>
    public bool TryTakeBlock(int most, out FileBlock block)
    {
        var rest = buffer.AsSpan(start, Math.Min(end - start, MostOfBlock));
        // Without quotes every break ends a line, and lines need not be looked at one by one.
        var (length, taken, breaks) = quotes && rest.Contains((byte)'"') ? OneByOne(most) : ByBreaks(rest, most);
        if (length == 0)
        {
            if (!(finished || end - start >= LongestLine) || start == end)
            {
                block = default;
                return false;
            }
            (length, taken, breaks) = (Math.Min(end - start, LongestLine), 1, default);
        }
        block = new(buffer.AsMemory(start, length), Number + 1 + breaksInside, taken, quotes);
        start += length;
        Passed += length;
        Number += taken + breaksInside + breaks.Before;
        breaksInside = breaks.InLast;
        return true;
    }

    /// <summary>Length of the next line with its break, or -1 where its end is not there. A quote that does not close in as much as a line may hold ends with its own line.</summary>
    /// <param name="breaks">Line breaks inside quotes.</param>
    internal static int LineEnd(ReadOnlySpan<byte> rest, bool quotes, out int breaks)
    {
        breaks = 0;
        var (length, first) = (0, 0);
        var open = false;
        while (true)
        {
            var at = rest[length..].IndexOf((byte)'\n');
            if (at < 0 && (first == 0 || rest.Length < LongestLine))
                return -1;
            if (at >= 0)
            {
                if (quotes)
                    open ^= rest.Slice(length, at).Count((byte)'"') % 2 == 1;
                length += at + 1;
                if (!open)
                    return length;
                first = first == 0 ? length : first;
            }
            if (at < 0 || length > LongestLine)
            {
                breaks = 0;
                return first;
            }
            breaks++;
        }
    }

    public async ValueTask DisposeAsync()
    {
        hash.Dispose();
        await content.DisposeAsync();
    }

    private static (int Length, int Lines, Breaks Breaks) ByBreaks(ReadOnlySpan<byte> rest, int most)
    {
        if (most == 1)
        {
            var first = rest.IndexOf((byte)'\n') + 1;
            return (first, first > 0 ? 1 : 0, default);
        }
        var length = rest.LastIndexOf((byte)'\n') + 1;
        var lines = rest[..length].Count((byte)'\n');
        if (lines <= most)
            return (length, lines, default);
        length = 0;
        for (lines = 0; lines < most; lines++)
            length += rest[length..].IndexOf((byte)'\n') + 1;
        return (length, lines, default);
    }

    private (int Length, int Lines, Breaks Breaks) OneByOne(int most)
    {
        var (length, lines, breaks) = (0, 0, default(Breaks));
        while (lines < most && length < MostOfBlock)
        {
            var next = LineEnd(buffer.AsSpan(start + length, end - start - length), quotes, out var inside);
            if (next < 0)
                break;
            (length, lines, breaks) = (length + next, lines + 1, new(breaks.Before + breaks.InLast, inside));
        }
        return (length, lines, breaks);
    }

    private void MakeRoom()
    {
        hash.AppendData(buffer, hashed, start - hashed);
        if (end - start > buffer.Length / 2)
            Array.Resize(ref buffer, 2 * buffer.Length);
        Array.Copy(buffer, start, buffer, 0, end - start);
        (start, end, hashed) = (0, end - start, 0);
    }

    /// <param name="Before">Breaks inside the lines before the last.</param>
    private readonly record struct Breaks(int Before, int InLast);

    /// <summary>A stream with the bytes put back that were read to see what it is.</summary>
    private sealed class PrecededStream(ReadOnlyMemory<byte> head, Stream rest) : Stream
    {
        private ReadOnlyMemory<byte> head = head;

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancel = default) =>
            head.IsEmpty ? await rest.ReadAsync(buffer, cancel) : Take(buffer.Span);

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancel) => ReadAsync(buffer.AsMemory(offset, count), cancel).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => head.IsEmpty ? rest.Read(buffer, offset, count) : Take(buffer.AsSpan(offset, count));

        public override void Flush() => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        private int Take(Span<byte> into)
        {
            var taken = Math.Min(into.Length, head.Length);
            head.Span[..taken].CopyTo(into);
            head = head[taken..];
            return taken;
        }
    }
}
