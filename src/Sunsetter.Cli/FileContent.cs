using System.Net;

namespace Sunsetter.Cli;

/// <summary>A file as a request body that tells how much of it has gone out.</summary>
internal sealed class FileContent(FileInfo file, Action<long> sent) : HttpContent
{
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancel)
    {
        await using var from = file.OpenRead();
        var buffer = new byte[128 * 1024];
        for (var total = 0L; await from.ReadAsync(buffer, cancel) is > 0 and var read;)
        {
            await stream.WriteAsync(buffer.AsMemory(0, read), cancel);
            sent(total += read);
        }
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override bool TryComputeLength(out long length)
    {
        length = file.Length;
        return true;
    }
}
