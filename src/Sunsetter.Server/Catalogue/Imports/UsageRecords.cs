using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Usage;

namespace Sunsetter.Server.Catalogue;

/// <summary>Usage from a file: the usage plane reads and counts it, the run shows how far it is and keeps the rejects.</summary>
internal sealed class UsageRecords(UsageImport import, ImportRejects rejects, IDbContextFactory<SunsetterDb> databases, TimeProvider clock)
{
    private const int FirstRejects = 20;

    /// <param name="db">Tracks <paramref name="run"/>.</param>
    public async Task<ImportRun> Run(ImportRequest request, ImportRun run, SunsetterDb db, Stream body, ImportSettings bounds, CancellationToken cancel)
    {
        // One that throws: a file that merely ended here would count what is left of its last line.
        await using var sent = new LimitedStream(body, bounds.MostMegabytes * 1024L * 1024);
        var kept = new KeptRejects(run.Id, rejects) { NewLine = "\r\n" };
        var latest = new Latest();
        var reading = import.Run(sent, UsageMapping.Parse(request.MapOfUsage).Value, kept, latest, cancel);
        while (await Task.WhenAny(reading, Task.Delay(TimeSpan.FromMilliseconds(500), clock, cancel)) != reading)
            await Show(run.Id, sent.Count, latest.Value, cancel);

        var outcome = await reading;
        var problem = sent.Exceeded ? ImportFile.OverSize(bounds) : outcome.Refusal;
        if (outcome.Refusal is null)
            Write(outcome.Value, run);
        else if (latest.Value is { } part)
            (run.Lines, run.Rejected) = (part.Lines, part.Rejected);
        if (run.Rejected > 0)
            run.FirstRejects = await kept.Finish(FirstRejects, cancel);
        run.Bytes = sent.Count;
        run.State = problem is null ? ImportState.Finished : ImportState.Failed;
        run.Problem = problem is null ? null : new ImportProblem(problem.Code, problem.Sentence, problem.Status);
        run.FinishedAt = run.TouchedAt = clock.GetUtcNow();
        await db.SaveChangesAsync(cancel);
        return run;
    }

    private static void Write(UsageImportResult result, ImportRun run)
    {
        (run.Lines, run.Added, run.Unchanged, run.Rejected) = (result.Lines, result.Accepted - result.Repeated, result.Repeated, result.Rejected);
        run.UnknownKeys = [.. result.UnknownModules.Concat(result.UnknownCustomers)];
    }

    private async Task Show(Guid id, long bytes, UsageImportProgress? progress, CancellationToken cancel)
    {
        var (now, lines, rejected) = (clock.GetUtcNow(), progress?.Lines ?? 0, progress?.Rejected ?? 0);
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.Set<ImportRun>().Where(run => run.Id == id).ExecuteUpdateAsync(set => set
            .SetProperty(run => run.Bytes, bytes).SetProperty(run => run.Lines, lines).SetProperty(run => run.Rejected, rejected).SetProperty(run => run.TouchedAt, now), cancel);
    }

    private sealed class Latest : IProgress<UsageImportProgress>
    {
        private volatile UsageImportProgress? value;

        public UsageImportProgress? Value => value;

        public void Report(UsageImportProgress latest) => value = latest;
    }

    /// <summary>Takes rejected lines as text and stores them in pieces of about a megabyte.</summary>
    private sealed class KeptRejects(Guid run, ImportRejects store) : TextWriter(System.Globalization.CultureInfo.InvariantCulture)
    {
        private const int Piece = 1 << 20, Beginning = 256 << 10;

        private readonly System.Text.StringBuilder waiting = new(), first = new();
        private int part;

        public override System.Text.Encoding Encoding => System.Text.Encoding.UTF8;

        // The reader writes its header this way and rejects the other; ours is written when the file is handed out.
        public override Task WriteLineAsync(string? line) => Task.CompletedTask;

        public override Task WriteAsync(string? rejects)
        {
            waiting.Append(rejects);
            if (first.Length < Beginning)
                first.Append(rejects.AsSpan(0, Math.Min(rejects!.Length, Beginning - first.Length)));
            return waiting.Length < Piece ? Task.CompletedTask : Keep(CancellationToken.None);
        }

        /// <summary>Stores the rest.</summary>
        /// <returns>The first rejects, for the page of the run.</returns>
        public async Task<List<ImportReject>> Finish(int most, CancellationToken cancel)
        {
            await Keep(cancel);
            var rejects = new List<ImportReject>();
            await foreach (var record in new CsvRecords(new StringReader("line,code,reason,content\r\n" + first)).Read(cancel))
                if (rejects.Count < most && record.Cells.Count == 4 && long.TryParse(record.Cells[0], out var line))
                    rejects.Add(new ImportReject(line, record.Cells[1], Text.Same(record.Cells[2]), record.Cells[3].Length <= 200 ? record.Cells[3] : record.Cells[3][..200] + "…"));
            return rejects;
        }

        private async Task Keep(CancellationToken cancel)
        {
            var text = waiting.ToString();
            waiting.Clear();
            if (text.Length > 0)
                await store.Store(run, part++, text, cancel);
        }
    }
}
