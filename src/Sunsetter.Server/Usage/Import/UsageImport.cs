using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Usage;

/// <summary>
/// Imports a file of usage through the same intake as everything else, part by part, in memory that does not grow with the file. A part is known by
/// the fingerprint of the file up to its end, so that importing a file again, or one that has grown, counts nothing twice; equal lines within a
/// file are separate calls.
/// </summary>
internal sealed class UsageImport(UsageIntake intake, UnknownKeys keys, IDbContextFactory<SunsetterDb> databases, Settings settings, TimeProvider clock)
{
    /// <summary>Lines of a part. Part of what makes a file known again: never to be changed.</summary>
    public const int LinesOfPart = 250_000;

    /// <param name="file">Plain, gzip or zstd. Read once, from where it stands; not closed.</param>
    /// <param name="rejects">Takes rejected lines as CSV with the columns line, code, reason, content; null where nobody wants them.</param>
    /// <param name="progress">Told after each part.</param>
    public async Task<Outcome<UsageImportResult>> Run(
        Stream file, UsageMapping mapping, TextWriter? rejects, IProgress<UsageImportProgress>? progress, CancellationToken cancel)
    {
        var bounds = await settings.Get<ImportSettings>(cancel);
        try
        {
            await using var lines = await FileLines.Open(file, quotes: mapping.Separator != ' ', bounds.MostUnpackedMegabytes * 1024L * 1024, cancel);
            await lines.Fill(cancel);
            if (lines.Unreadable is { } unreadable)
                return unreadable;
            var reader = UsageFileReader.For(mapping, mapping.Header ? await Header(lines, cancel) : []);
            return reader.Refused(out var refusal) ? refusal : await Parts(lines, reader.Value, mapping.Source, mapping.Written, rejects, progress, cancel);
        }
        catch (BodyTooLargeException)
        {
            return ImportFile.OverSizeUnpacked(bounds);
        }
        catch (Exception broken) when (broken is InvalidDataException or ZstdSharp.ZstdException)
        {
            return new Refusal("import.unpack", "The file is packed and damaged: what could be read was counted, the rest could not be unpacked. Import a whole copy; what was counted is not counted again.", "压缩文件已损坏：可读部分已计入，其余无法解压。请导入完整文件；已计入的不会重复计数。");
        }
    }

    private async Task<Outcome<UsageImportResult>> Parts(
        FileLines lines, UsageFileReader reader, string source, string mapping, TextWriter? rejects, IProgress<UsageImportProgress>? progress, CancellationToken cancel)
    {
        var total = new UsageImportResult(0, 0, 0, 0, [], []);
        if (rejects is not null)
            await rejects.WriteLineAsync("line,code,reason,content");
        // Parts take turns with two sets of tallies: fresh ones each time would be a lot of memory to find again.
        UsageTally[][] tallies = [.. Enumerable.Range(0, 2).Select(_ => Enumerable.Range(0, PartReader.Threads).Select(_ => new UsageTally()).ToArray())];
        TallyNames[] names = [.. Enumerable.Range(0, PartReader.Threads).Select(_ => new TallyNames())];
        Task<Outcome<bool>>? storing = null;
        IReadOnlyList<UsageLines>? stored = null;
        var parts = 0;
        while (await lines.Fill(cancel))
        {
            var start = Key(lines, mapping);
            var ends = await Ends(start, cancel);
            for (var thread = 0; thread < names.Length; thread++)
                names[thread] = names[thread].IsLarge ? new() : names[thread];
            var part = await ReadPart(lines, reader, ends, mapping, tallies[parts++ % 2], names, rejects, cancel);
            // One part is stored while the next is read, never more: that bounds memory.
            if (storing is not null && Counted(await storing, stored!, ref total).Refused(out var refusal))
                return refusal;
            progress?.Report(new(lines.Number, lines.Passed, total.Accepted, total.Rejected));
            (storing, stored) = (Store(start, part, source, cancel), part.Lines);
        }
        if (storing is not null && Counted(await storing, stored!, ref total).Refused(out var last))
            return last;
        progress?.Report(new(lines.Number, lines.Passed, total.Accepted, total.Rejected));
        return total;
    }

    private static async Task<byte[]> Header(FileLines lines, CancellationToken cancel) =>
        await lines.Fill(cancel) && lines.TryTake(out var first) ? first.ToArray() : [];

    private async Task<Part> ReadPart(
        FileLines lines, UsageFileReader reader, Dictionary<int, HashSet<string>> ends, string mapping, UsageTally[] tallies, TallyNames[] names, TextWriter? rejects, CancellationToken cancel)
    {
        var part = new PartReader(reader, await keys.Snapshot(cancel), clock.GetUtcNow(), tallies, names, rejects);
        var taken = 0;
        var end = false;
        while (!end && taken < LinesOfPart && await lines.Fill(cancel))
        {
            // Up to where an earlier import ended, to see whether this is the same file.
            var next = ends.Keys.Where(lines => lines > taken).DefaultIfEmpty(LinesOfPart).Min();
            if (!lines.TryTakeBlock(Math.Min(next, LinesOfPart) - taken, out var block))
                continue;
            taken += block.Lines;
            await part.Read(block);
            end = ends.TryGetValue(taken, out var known) && known.Contains(Key(lines, mapping));
        }
        await part.Finish();
        return new(part.Lines, Key(lines, mapping), taken);
    }

    /// <summary>Stores a part, waiting while the intake is busy with others.</summary>
    private async Task<Outcome<bool>> Store(string start, Part part, string source, CancellationToken cancel)
    {
        var delivery = new UsageDelivery(part.Key, source, clock.GetUtcNow(), part.Lines[0].Tally, part.Lines.Sum(lines => lines.RejectedCount))
        {
            Further = [.. part.Lines.Skip(1).Select(lines => lines.Tally)],
        };
        if (part.Taken < LinesOfPart)
            await KeepEnd(start, part, cancel);
        Outcome<bool> stored;
        while ((stored = await intake.Store(delivery, cancel)).Refusal == UsageIntake.Busy)
            await Task.Delay(TimeSpan.FromMilliseconds(200), cancel);
        return stored;
    }

    private static Outcome<bool> Counted(Outcome<bool> stored, IReadOnlyList<UsageLines> parts, ref UsageImportResult total)
    {
        if (stored.Refused(out var refusal))
            return refusal;
        foreach (var lines in parts)
        {
            var unknown = lines.UnknownNames();
            total = total with
            {
                Accepted = total.Accepted + lines.Tally.Events,
                Repeated = total.Repeated + (stored.Value ? 0 : lines.Tally.Events),
                Rejected = total.Rejected + lines.RejectedCount,
                Lines = total.Lines + lines.Tally.Events + lines.RejectedCount,
                UnknownModules = [.. total.UnknownModules.Union(unknown.Modules).Take(20)],
                UnknownCustomers = [.. total.UnknownCustomers.Union(unknown.Customers).Take(20)],
            };
        }
        return true;
    }

    /// <summary>
    /// Remembers where a file ended, under the place where its last part began: when the file has grown, its next import finds
    /// the same end inside its longer part and goes on from there.
    /// </summary>
    private async Task KeepEnd(string start, Part part, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.Database.ExecuteSqlAsync($"insert into usage_file_end (start, lines, key) values ({start}, {part.Taken}, {part.Key}) on conflict do nothing", cancel);
    }

    /// <summary>Earlier ends of parts that began here: how many lines each had, and its key.</summary>
    private async Task<Dictionary<int, HashSet<string>>> Ends(string start, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var ends = await db.Database.SqlQuery<FileEnd>($"select lines, key from usage_file_end where start = {start} limit 10000").ToListAsync(cancel);
        return ends.GroupBy(end => end.Lines, end => end.Key).ToDictionary(end => end.Key, end => end.ToHashSet());
    }

    // Everything up to here, and how it was read.
    private static string Key(FileLines lines, string mapping) =>
        "file-" + Convert.ToHexStringLower(SHA256.HashData([.. lines.Fingerprint(), .. Encoding.UTF8.GetBytes(mapping)]).AsSpan(0, 20));

    private sealed record FileEnd(int Lines, string Key);

    private sealed record Part(IReadOnlyList<UsageLines> Lines, string Key, int Taken);
}

/// <param name="Lines">Lines with content, without the header.</param>
/// <param name="Accepted">Lines that are counted now, by this import or an earlier one.</param>
/// <param name="Repeated">Of these, lines that an earlier import had counted.</param>
/// <param name="UnknownModules">Counted, but not in the catalogue; the first 20.</param>
/// <param name="UnknownCustomers">Counted, but not in the catalogue; the first 20.</param>
internal sealed record UsageImportResult(
    long Lines, long Accepted, long Repeated, long Rejected, IReadOnlyList<string> UnknownModules, IReadOnlyList<string> UnknownCustomers);

/// <param name="Bytes">Bytes read so far, unpacked.</param>
internal sealed record UsageImportProgress(long Lines, long Bytes, long Accepted, long Rejected);
