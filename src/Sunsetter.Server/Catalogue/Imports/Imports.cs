using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Usage;

namespace Sunsetter.Server.Catalogue;

/// <summary>A file to import.</summary>
/// <param name="Id">Chosen by the sender, so that progress can be asked for while the file is on its way.</param>
/// <param name="Map">Lines such as <c>name=Company</c>; usage has a richer language, see <see cref="UsageMapping"/>.</param>
internal sealed record ImportRequest(Guid Id, ImportKind Kind, string FileName, string By, IReadOnlyList<string> Map, long? Size)
{
    public string MapOfUsage => string.Join(',', Map);
}

/// <summary>
/// Carries files into the catalogue, batch by batch: a batch is one transaction, a bad line goes to the rejects, and reading a file again changes
/// nothing. Memory does not grow with the file.
/// </summary>
internal sealed class Imports(IDbContextFactory<SunsetterDb> databases, Settings settings, ImportRejects rejects, UsageRecords usage, TimeProvider clock)
{
    private const int BatchSize = 500;
    private const int RejectsOfAPart = 1000;
    private const int FirstRejects = 20;

    /// <summary>Notes that a file is on its way. Null when done.</summary>
    public async Task<Refusal?> Announce(ImportRequest request, CancellationToken cancel)
    {
        if ((request.Kind == ImportKind.Usage ? UsageMapping.Parse(request.MapOfUsage).Refusal : Mapping.Of(request.Map).Refusal) is { } wrong)
            return wrong;
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (await db.Set<ImportRun>().AnyAsync(run => run.Id == request.Id, cancel))
            return new Refusal("import.id-used", "This import id was used before. Choose a new one.", "该导入编号已被使用，请换一个。", StatusCodes.Status409Conflict);
        var now = clock.GetUtcNow();
        db.Add(new ImportRun
        {
            Id = request.Id, Kind = request.Kind, FileName = request.FileName.Length > 200 ? request.FileName[..200] : request.FileName, By = request.By, StartedAt = now, TouchedAt = now, Size = request.Size,
        });
        await db.SaveChangesAsync(cancel);
        return null;
    }

    /// <summary>Reads the announced file to its end.</summary>
    public async Task<ImportRun> Run(ImportRequest request, Stream body, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var run = await db.Set<ImportRun>().FirstAsync(run => run.Id == request.Id, cancel);
        var bounds = await settings.Get<ImportSettings>(cancel);
        if (request.Kind == ImportKind.Usage)
            return await usage.Run(request, run, db, body, bounds, cancel);
        var file = await ImportFile.Open(body, bounds, cancel);
        Refusal? problem;
        try
        {
            problem = file.IsWorkbook ? Workbook : await Read(request, file, run, () => Save(db, run, file, cancel), cancel);
        }
        catch (InvalidDataException)
        {
            problem = new Refusal("import.bad-gzip", "The compressed file is damaged or cut off. Some of it may have been taken; import a whole copy, what is known already stays as it is.", "压缩文件已损坏或不完整。部分内容可能已导入；请导入完整的文件，已导入的内容不会改变。", StatusCodes.Status400BadRequest);
        }
        problem = file.TooLarge(bounds) ?? problem;
        run.State = problem is null ? ImportState.Finished : ImportState.Failed;
        run.Problem = problem is null ? null : new ImportProblem(problem.Code, problem.Sentence, problem.Status);
        run.FinishedAt = clock.GetUtcNow();
        await Save(db, run, file, cancel);
        return run;
    }

    /// <summary>Marks a run that ended by a fault of ours.</summary>
    public async Task Abandon(Guid id, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var run = await db.Set<ImportRun>().FirstAsync(run => run.Id == id, cancel);
        run.State = ImportState.Failed;
        run.Problem = new ImportProblem("import.fault", new Text("The server met a fault while reading the file; its log tells more. What was taken until then is kept; import the file again.", "服务器读取文件时出现故障，详情见服务器日志。此前已导入的内容保留，请重新导入该文件。"), StatusCodes.Status500InternalServerError);
        run.FinishedAt = clock.GetUtcNow();
        await db.SaveChangesAsync(cancel);
    }

    public async Task<ImportRun?> Find(Guid id, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Set<ImportRun>().AsNoTracking().FirstOrDefaultAsync(run => run.Id == id, cancel);
    }

    public async Task<IReadOnlyList<ImportRun>> Newest(int count, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Set<ImportRun>().AsNoTracking().OrderByDescending(run => run.StartedAt).Take(count).ToListAsync(cancel);
    }

    private async Task<Refusal?> Read(ImportRequest request, ImportFile file, ImportRun run, Func<Task> save, CancellationToken cancel)
    {
        var taker = TakerOf(request.Kind);
        using var text = file.Text();
        var pending = new PendingRejects(run, rejects);
        var batch = new List<CsvRecord>(BatchSize);
        CsvColumns? columns = null;
        await foreach (var record in new CsvRecords(text).Read(cancel))
        {
            if (columns is null)
            {
                if (record.Problem is { } noHeader)
                    return noHeader;
                if (CsvColumns.Of(record.Cells, Mapping.Of(request.Map).Value, taker.Columns, taker.Required) is var header && header.Refused(out var refusal))
                    return refusal;
                columns = header.Value;
                run.UnknownColumns = [.. columns.Unknown.Take(50)];
                continue;
            }
            if (record.IsBlank)
                continue;
            batch.Add(columns.Checked(record));
            if (batch.Count < BatchSize)
                continue;
            await Take(batch);
        }
        if (columns is null)
            return new Refusal("import.empty", "The file is empty. Its first line names the columns.", "文件为空。第一行应为列名。");
        if (batch.Count > 0)
            await Take(batch);
        await pending.Add(Counted(run, await Patiently(() => taker.Finish(columns, cancel))), cancel);
        await pending.Flush(cancel);
        return null;

        async Task Take(List<CsvRecord> records)
        {
            run.Lines += records.Count;
            await pending.Add(Counted(run, await Patiently(() => taker.Take(records, columns, cancel))), cancel);
            batch.Clear();
            await save();
        }
    }

    private IRecordTaker TakerOf(ImportKind kind) => kind switch
    {
        ImportKind.Modules => new ModuleTaker(databases),
        ImportKind.Customers => new CustomerTaker(databases),
        ImportKind.Contacts => new ContactTaker(databases),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    // Two files that add the same keys at once meet at the unique key: the later one reads again and finds them known.
    private static async Task<BatchResult> Patiently(Func<Task<BatchResult>> take)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await take();
            }
            catch (DbUpdateException) when (attempt < 3)
            {
            }
        }
    }

    private static List<ImportReject> Counted(ImportRun run, BatchResult result)
    {
        run.Added += result.Added;
        run.Changed += result.Changed;
        run.Unchanged += result.Unchanged;
        run.Rejected += result.Rejects.Count;
        result.Rejects.Sort((left, right) => left.Line.CompareTo(right.Line));
        return result.Rejects;
    }

    private Task Save(SunsetterDb db, ImportRun run, ImportFile file, CancellationToken cancel)
    {
        run.Bytes = file.Bytes;
        run.TouchedAt = clock.GetUtcNow();
        return db.SaveChangesAsync(cancel);
    }

    internal static readonly Refusal Workbook = new(
        "import.workbook", "This is an Excel workbook or a ZIP archive, not a CSV file. In Excel choose “Save as”, then “CSV UTF-8”.", "这是 Excel 工作簿或 ZIP 压缩包，不是 CSV 文件。请在 Excel 中选择“另存为”→“CSV UTF-8”。", StatusCodes.Status415UnsupportedMediaType);

    private sealed class PendingRejects(ImportRun run, ImportRejects store)
    {
        private readonly List<ImportReject> waiting = [];
        private int part;

        public async Task Add(List<ImportReject> found, CancellationToken cancel)
        {
            if (run.FirstRejects.Count < FirstRejects)
                run.FirstRejects = [.. run.FirstRejects, .. found.Take(FirstRejects - run.FirstRejects.Count).Select(reject => reject with { Record = Short(reject.Record) })];
            waiting.AddRange(found);
            if (waiting.Count >= RejectsOfAPart)
                await Flush(cancel);
        }

        private static string Short(string record) => record.Length <= 200 ? record : record[..200] + "…";

        public async Task Flush(CancellationToken cancel)
        {
            if (waiting.Count == 0)
                return;
            await store.Store(run.Id, part++, waiting, cancel);
            waiting.Clear();
        }
    }
}
