using System.Threading.Channels;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Catalogue;

/// <summary>Files uploaded in the console, read one after the other while their page shows how far they are.</summary>
internal sealed partial class Uploads(Imports imports, StorageOptions storage, ILogger<Uploads> log) : BackgroundService
{
    private readonly Channel<(ImportRequest Request, FileStream File)> waiting = Channel.CreateUnbounded<(ImportRequest, FileStream)>();

    /// <summary>Keeps the file until it has been read. Null when it waits for its turn.</summary>
    public async Task<Refusal?> Take(ImportRequest request, Stream file, ImportSettings bounds, CancellationToken cancel)
    {
        Directory.CreateDirectory(Folder);
        var bounded = new BoundedStream(file, bounds.MostMegabytes * 1024L * 1024);
        var copy = Open(Path.Combine(Folder, request.Id.ToString("N")), FileMode.CreateNew);
        var kept = false;
        try
        {
            await bounded.CopyToAsync(copy, cancel);
            if (bounded.Exceeded)
                return ImportFile.OverSize(bounds);
            if (await imports.Announce(request with { Size = bounded.Count }, cancel) is { } refusal)
                return refusal;
            copy.Position = 0;
            await waiting.Writer.WriteAsync((request, copy), cancel);
            kept = true;
            return null;
        }
        finally
        {
            if (!kept)
                await copy.DisposeAsync();
        }
    }

    private string Folder => Path.Combine(storage.DataDirectory, "uploads");

    // Open for as long as it waits, and gone when it is closed: a file that can be opened belongs to nobody any more.
    private static FileStream Open(string path, FileMode mode) => new(path, mode, FileAccess.ReadWrite, FileShare.None, 64 << 10, FileOptions.Asynchronous | FileOptions.DeleteOnClose);

    protected override async Task ExecuteAsync(CancellationToken stopping)
    {
        DeleteLeft();
        try
        {
            await foreach (var (request, file) in waiting.Reader.ReadAllAsync(stopping))
                await Read(request, file, stopping);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The server stops: that is no failure of the import, and its page says "interrupted".
        }
        finally
        {
            while (waiting.Reader.TryRead(out var left))
                await left.File.DisposeAsync();
        }
    }

    // What a crash left behind: its page says "interrupted", and the file is imported again by its owner. What another node still holds stays.
    private void DeleteLeft()
    {
        foreach (var left in Directory.Exists(Folder) ? Directory.EnumerateFiles(Folder) : [])
        {
            try
            {
                Open(left, FileMode.Open).Dispose();
            }
            catch (Exception held) when (held is IOException or UnauthorizedAccessException)
            {
                NotDeleted(held, left);
            }
        }
    }

    private async Task Read(ImportRequest request, FileStream file, CancellationToken stopping)
    {
        try
        {
            await using (file)
                await imports.Run(request, file, stopping);
        }
        catch (Exception failure) when (!stopping.IsCancellationRequested)
        {
            Failed(failure, request.Id);
            await Abandon(request.Id, stopping);
        }
    }

    private async Task Abandon(Guid import, CancellationToken stopping)
    {
        try
        {
            await imports.Abandon(import, stopping);
        }
        catch (Exception failure) when (!stopping.IsCancellationRequested)
        {
            // The database is away, as it was a moment ago: the page says "interrupted" soon, and the next file may do better.
            Failed(failure, import);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The import {Import} failed.")]
    private partial void Failed(Exception failure, Guid import);

    [LoggerMessage(Level = LogLevel.Information, Message = "The uploaded file {File} is left where it is: another node still holds it.")]
    private partial void NotDeleted(Exception held, string file);
}
