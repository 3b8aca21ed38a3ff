using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Close;

/// <summary>A certificate that was written with the deletion itself; it becomes a fact right after.</summary>
internal sealed class DeletionRow
{
    public required Guid Id { get; init; }
    public required RetirementId Retirement { get; init; }
    public required DataDeleted Certificate { get; init; }
    public DateTimeOffset? RecordedAt { get; set; }
}

internal sealed class DeletionTables : IStoredTables
{
    public static void Configure(ModelBuilder model)
    {
        model.Entity<DeletionRow>().HasKey(row => row.Id);
        model.Entity<DeletionRow>().Property(row => row.Certificate).StoredAsJson();
    }
}

/// <summary>
/// Deletes what has outlived its retention, and leaves a certificate of it (C2). Deletion and certificate are one transaction; the certificate then becomes
/// a fact, once. The retirement's row is locked meanwhile, so that a legal hold is placed either before, and wins, or after. Some customers at a time: on SQLite
/// nobody else writes meanwhile.
/// </summary>
internal sealed class DeleteWhatIsDue(FactLog log, Settings settings, IDbContextFactory<SunsetterDb> databases, IEnumerable<IKeptData> data, TimeProvider clock) : IDueStep
{
    public const int AtOnce = 100;

    public string Name => "close/retention";

    public TimeSpan Every => TimeSpan.FromMinutes(10);

    public async Task Run(DateTimeOffset now, CancellationToken cancel)
    {
        await Record(cancel);
        var rules = await settings.Get<RetentionRules>(cancel);
        var attempts = new Attempts();
        foreach (var retirement in (await log.All(cancel)).Where(retirement => retirement.Stage == Stage.Finished))
            foreach (var kind in data.GroupBy(one => one.Kind))
                await attempts.Try(async () =>
                {
                    while (await Delete(retirement.Id, kind, rules, now, cancel))
                        await Record(cancel);
                });
        await attempts.Try(() => Record(cancel));
        attempts.End();
    }

    /// <returns>Whether more is due.</returns>
    private async Task<bool> Delete(RetirementId id, IGrouping<DataKind, IKeptData> kind, RetentionRules rules, DateTimeOffset now, CancellationToken cancel)
    {
        if (await log.Find(id, cancel) is not { } seen)
            return false;
        var done = seen.Closing.Deletions.Where(deletion => deletion.Kind == kind.Key).SelectMany(deletion => deletion.Customers).ToHashSet();
        if (Due(seen, await log.Entries(id, cancel), kind.Key, rules, done, now).Count == 0)
            return false;

        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await db.Database.ExecuteSqlAsync($"update retirement set version = version where id = {id.ToString()}", cancel);
        // One deletion of a kind at a time: what was destroyed and does not stand in the facts yet would be destroyed, and certified, once more.
        if ((await db.Set<DeletionRow>().AsNoTracking().Where(row => row.Retirement == id && row.RecordedAt == null).ToListAsync(cancel)).Exists(row => row.Certificate.Kind == kind.Key))
            return false;
        var retirement = States.Read<Retirement>(await db.Set<RetirementRow>().AsNoTracking().Where(row => row.Id == id).Select(row => row.State).SingleAsync(cancel));
        var entries = (await db.Set<EntryRow>().AsNoTracking().Where(row => row.Retirement == id).OrderBy(row => row.Customer).Select(row => row.State).ToListAsync(cancel)).ConvertAll(States.Read<LedgerEntry>);
        var all = Due(retirement, entries, kind.Key, rules, done, now);
        if (all.Count == 0)
            return false;
        var due = all.Take(AtOnce).ToList();
        var customers = due.Select(kept => kept.Customer).OfType<CustomerKey>().ToImmutableArray();
        var destroyed = await Destroy(db, kind, retirement, customers, cancel);
        db.Add(new DeletionRow
        {
            Id = Guid.CreateVersion7(), Retirement = id,
            Certificate = new DataDeleted(Guid.CreateVersion7(), kind.Key, destroyed.Count, due.Max(kept => kept.KeptUntil), destroyed.Sha256, retirement.Closing.Archive?.Sha256 ?? "")
            {
                Customers = customers, RetentionDays = rules.DaysOf(kind.Key),
            },
        });
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return all.Count > due.Count;
    }

    /// <summary>Several rooms may keep data of one kind: it goes at once, under one certificate.</summary>
    private static async Task<Destroyed> Destroy(SunsetterDb db, IEnumerable<IKeptData> kind, Retirement retirement, IReadOnlyCollection<CustomerKey> customers, CancellationToken cancel)
    {
        var destroyed = new List<Destroyed>();
        foreach (var one in kind)
            destroyed.Add(await one.Destroy(db, retirement, customers, cancel));
        return destroyed.Count == 1 ? destroyed[0]
            : new Destroyed(destroyed.Sum(one => one.Count), Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Concat(destroyed.Select(one => one.Sha256 + "\n"))))));
    }

    private static IReadOnlyList<KeptFor> Due(Retirement retirement, IReadOnlyList<LedgerEntry> entries, DataKind kind, RetentionRules rules, HashSet<CustomerKey> done, DateTimeOffset now)
    {
        var today = Days.DayOf(now, Days.Zone(retirement.Schedule?.Zone));
        return [.. Retention.Of(retirement, entries, rules).Where(kept => kept.Kind == kind && kept.EndedOn(today) && kept.Keeps == Keeps.Nothing
            && (kept.Customer is { } customer ? !done.Contains(customer) : retirement.Closing.Deletions.All(deletion => deletion.Kind != kind)))];
    }

    private async Task Record(CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        foreach (var row in await db.Set<DeletionRow>().Where(row => row.RecordedAt == null).OrderBy(row => row.Id).ToListAsync(cancel))
        {
            var outcome = await log.Change(row.Retirement, Actor.Clock.Id, retirement =>
                retirement.Closing.Deletions.Any(deletion => deletion.Id == row.Certificate.Id) ? Decision.Nothing : row.Certificate, cancel);
            if (outcome.Refusal is not null)
                continue;
            row.RecordedAt = clock.GetUtcNow();
            await db.SaveChangesAsync(cancel);
        }
    }
}
