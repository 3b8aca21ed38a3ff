using System.IO.Compression;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Catalogue;

/// <summary>The rejects file of a run: a CSV in gzipped pieces in the database, so that any node can hand it out. Nothing is left out.</summary>
internal sealed class ImportRejects(IDbContextFactory<SunsetterDb> databases)
{
    /// <summary>A byte order mark, so that spreadsheets read the Chinese, and the header.</summary>
    private const string Head = "\uFEFFline,code,reason,reason_zh,record\r\n";

    public Task Store(Guid run, int part, IReadOnlyList<ImportReject> rejects, CancellationToken cancel) =>
        Store(run, part, string.Concat(rejects.Select(reject =>
            CsvCell.Line([reject.Line.ToString(System.Globalization.CultureInfo.InvariantCulture), reject.Code, reject.Reason.En, reject.Reason.Zh, reject.Record]))), cancel);

    public async Task Store(Guid run, int part, string text, CancellationToken cancel)
    {
        var packed = new MemoryStream();
        await using (var writer = new StreamWriter(new GZipStream(packed, CompressionLevel.Fastest), new UTF8Encoding(false)))
            await writer.WriteAsync(text);
        await using var db = await databases.CreateDbContextAsync(cancel);
        db.Add(new ImportRejectPart { Run = run, Part = part, Content = packed.ToArray() });
        await db.SaveChangesAsync(cancel);
    }

    public async Task Write(ImportRun of, Stream to, CancellationToken cancel)
    {
        var run = of.Id;
        await to.WriteAsync(Encoding.UTF8.GetBytes(of.Kind == ImportKind.Usage ? "\uFEFFline,code,reason,content\r\n" : Head), cancel);
        for (var part = 0; ; part++)
        {
            await using var db = await databases.CreateDbContextAsync(cancel);
            if (await db.Set<ImportRejectPart>().AsNoTracking().FirstOrDefaultAsync(row => row.Run == run && row.Part == part, cancel) is not { } piece)
                return;
            await using var unpacked = new GZipStream(new MemoryStream(piece.Content), CompressionMode.Decompress);
            await unpacked.CopyToAsync(to, cancel);
        }
    }
}
