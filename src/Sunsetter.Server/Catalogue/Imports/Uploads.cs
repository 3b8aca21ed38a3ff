using System.Threading.Channels;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Catalogue;

/// <summary>Files uploaded in the console, read one after the other while their page shows how far they are.</summary>
internal sealed partial class Uploads(Imports imports, StorageOptions storage, ILogger<Uploads> log) : BackgroundService
{
    private readonly Channel<(ImportRequest Request, string Path)> waiting = Channel.CreateUnbounded<(ImportRequest, string)>();

    /// <summary>Keeps the file until it has been read. Null when it waits for its turn.</summary>
    public async Task<Refusal?> Take(ImportRequest request, Stream file, ImportSettings bounds, CancellationToken cancel)
    {
        Directory.CreateDirectory(Folder);
        var path = Path.Combine(Folder, request.Id.ToString("N"));
        var bounded = new BoundedStream(file, bounds.MostMegabytes * 1024L * 1024);
        var kept = false;
        try
        {
            await using (var copy = File.Create(path))
                await bounded.CopyToAsync(copy, cancel);
            if (bounded.Exceeded)
                return ImportFile.OverSize(bounds);
            if (await imports.Announce(request with { Size = bounded.Count }, cancel) is { } refusal)
                return refusal;
            await waiting.Writer.WriteAsync((request, path), cancel);
            kept = true;
            return null;
        }
        finally
        {
            if (!kept)
                File.Delete(path);
        }
    }

    private string Folder => Path.Combine(storage.DataDirectory, "uploads");

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        // What a stop or a crash left behind: its page says "interrupted", and the file is imported again by its owner.
        if (Directory.Exists(Folder))
            foreach (var left in Directory.EnumerateFiles(Folder))
                File.Delete(left);
        try
        {
            await foreach (var (request, path) in waiting.Reader.ReadAllAsync(stopping))
                await Read(request, path, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The server stops: that is no failure of the import, and its page says "interrupted".
        }
    }

    private async Task Read(ImportRequest request, string path, CancellationToken stopping)
    {
        try
        {
            await using var file = File.OpenRead(path);
            await imports.Run(request, file, stopping);
        }
        catch (Exception failure) when (!stopping.IsCancellationRequested)
        {
            Failed(failure, request.Id);
            await imports.Abandon(request.Id, stopping);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The import {Import} failed.")]
    private partial void Failed(Exception failure, Guid import);
}
