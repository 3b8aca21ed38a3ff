using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Close;

/// <summary>Makes and verifies the archive of what Sunsetter holds for a retirement (C2).</summary>
internal sealed class Archives(IDbContextFactory<SunsetterDb> databases, FactLog log, UseFiles use, TimeProvider clock)
{
    public async Task<Outcome<Archive>> Make(RetirementId id, string by, CancellationToken cancel)
    {
        if (await log.Find(id, cancel) is not { } retirement)
            return Refusal.NotFound("retirement", "退役", id.ToString());
        if (Gone(retirement))
            return Destroyed;
        var (now, files) = (clock.GetUtcNow(), await Files(retirement, cancel));
        var content = Package.Make($"retirement {id} of {retirement.Module}", now, by, files);
        var (archive, sha) = (Guid.CreateVersion7(), Package.Sha256(content));
        await using (var db = await databases.CreateDbContextAsync(cancel))
        {
            db.Add(new ArchiveFileRow { Id = archive, Retirement = id, MadeAt = now, Sha256 = sha, Content = content });
            await db.SaveChangesAsync(cancel);
        }
        var outcome = await log.Change(id, by, current => Gone(current) ? Destroyed : new ArchiveMade(archive, sha, content.Length, files.Count), cancel);
        if (!outcome.Refused(out var refusal))
            return outcome.Value.Closing.Archive!;
        // No fact names it, so nothing would ever delete it.
        await using (var db = await databases.CreateDbContextAsync(cancel))
            await db.Set<ArchiveFileRow>().Where(file => file.Id == archive).ExecuteDeleteAsync(cancel);
        return refusal;
    }

    private static bool Gone(Retirement retirement) => retirement.Closing.Deletions.Any(deletion => deletion.Kind == DataKind.Archives);

    private static readonly Refusal Destroyed = new(
        "archive.destroyed", "The archives of this retirement have outlived their retention and were destroyed; the certificate stands with its data. There is no new one.",
        "该退役的归档已超过保留期并被销毁，证书见其数据页。不能再生成新的归档。", StatusCodes.Status409Conflict);

    /// <summary>Reads the newest archive back from where it lies and compares every checksum.</summary>
    public async Task<Outcome<Archive>> Verify(RetirementId id, string by, CancellationToken cancel)
    {
        if (await log.Find(id, cancel) is not { Closing.Archive: { } archive })
            return new Refusal("archive.none", "Make an archive first.", "请先生成归档。");
        if (await Content(id, cancel) is not { } content || Package.Sha256(content) != archive.Sha256)
            return new Refusal("archive.damaged", "The stored archive is missing or differs from what was written. Make a new one.", "存储的归档缺失或与写入内容不符，请重新生成。");
        if (Package.FirstBad(content) is { } bad)
            return new Refusal("archive.damaged", $"“{bad}” in the archive does not match its checksum. Make a new one.", $"归档中的“{bad}”与校验和不符，请重新生成。");
        var outcome = await log.Change(id, by, _ => new ArchiveVerified(archive.Id, archive.Sha256), cancel);
        return outcome.Refused(out var refusal) ? refusal : outcome.Value.Closing.Archive!;
    }

    /// <summary>The newest archive's file; null where none lies here.</summary>
    public async Task<byte[]?> Content(RetirementId id, CancellationToken cancel)
    {
        if (await log.Find(id, cancel) is not { Closing.Archive: { } archive })
            return null;
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Set<ArchiveFileRow>().AsNoTracking().Where(file => file.Id == archive.Id).Select(file => file.Content).FirstOrDefaultAsync(cancel);
    }

    private async Task<List<(string, string)>> Files(Retirement retirement, CancellationToken cancel)
    {
        var entries = await log.Entries(retirement.Id, cancel);
        var history = await log.History(retirement.Id, null, cancel);
        var until = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        var weeks = await use.Weeks(retirement.Module, until, cancel);
        return
        [
            ("retirement.json", States.Write(retirement)),
            ("entries.ndjson", string.Concat(entries.Select(entry => States.Write(entry) + "\n"))),
            ("facts.ndjson", string.Concat(history.Select(fact => Line(fact) + "\n"))),
            ("ledger.csv", CsvCell.Line("customer", "name", "tier", "state", "use_known", "closes_on", "closed_at")
                + string.Concat(entries.Select(entry => CsvCell.Line(entry.Customer.Value, entry.Name.En, entry.Tier, entry.Move.State.ToString(), entry.Move.State == MoveState.Unknown ? "no" : "yes", Iso(entry.ClosesOn(retirement)), entry.ClosedAt?.ToString("O"))))),
            ("usage.csv", CsvCell.Line("customer", "week_ending", "users", "known") + string.Concat(weeks.SelectMany(customer => customer.Value.Select(week =>
                CsvCell.Line(customer.Key.Value, Iso(week.Until), week.Users.ToString(System.Globalization.CultureInfo.InvariantCulture), week.Known ? "yes" : "no"))))),
            await use.Coverage(retirement, until, cancel),
        ];
    }

    private static string Line(Recorded fact) => JsonSerializer.Serialize(new
    {
        customer = fact.Customer?.Value, version = fact.Version, at = fact.At, by = fact.Signed, kind = FactKinds.NameOf(fact.Fact.GetType()), body = JsonSerializer.SerializeToElement(fact.Fact, fact.Fact.GetType(), Json.Stored),
    }, Json.Stored);

    private static string? Iso(DateOnly? day) => day is { } known ? Days.Iso(known) : null;
}
