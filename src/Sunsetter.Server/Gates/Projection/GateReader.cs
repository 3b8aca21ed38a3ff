using System.Data;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Gates;

/// <summary>Reads what gates need, all of it as of one position: within one transaction that sees one state of the store.</summary>
internal sealed class GateReader(IDbContextFactory<SunsetterDb> databases, GateNews quick)
{
    // Restores older than this many are of no interest to a receipt that comes in now.
    private const int RestoresKept = 100;

    /// <summary>Where gates and keys stand: the cheap question, asked often.</summary>
    public async Task<(long Gates, long Keys)> Positions(CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var connection = db.Database.GetDbConnection();
        await connection.OpenAsync(cancel);
        await using var command = connection.CreateCommand();
        command.CommandText = "select (select value from gate_position where name = 'gates'), (select value from gate_position where name = 'keys')";
        await using var reader = await command.ExecuteReaderAsync(cancel);
        await reader.ReadAsync(cancel);
        return (reader.GetInt64(0), reader.GetInt64(1));
    }

    /// <param name="since">The position the caller has; null: read everything.</param>
    public async Task<GateReading> Read(long? since, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await OneState(db, cancel);
        return (since is { } position ? await After(db, position, cancel) : null) ?? await All(db, cancel);
    }

    /// <summary>The same for one who was told that there is news: null where there is none.</summary>
    public async Task<GateReading?> News(long since, CancellationToken cancel)
    {
        var (told, news) = await quick.Since(since, cancel);
        if (told)
            return news;
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await OneState(db, cancel);
        return await After(db, since, cancel);
    }

    private async Task<GateReading> All(SunsetterDb db, CancellationToken cancel)
    {
        quick.Forget();
        var position = await db.Database.SqlQuery<long>($"select value as \"Value\" from gate_position where name = 'gates'").SingleAsync(cancel);
        var last = await db.Set<GateChangeRow>().AsNoTracking().Where(change => change.Position == position).FirstOrDefaultAsync(cancel);
        var restores = await db.Set<GateChangeRow>().AsNoTracking().Where(change => change.Restores == 1).OrderByDescending(change => change.Position).Take(RestoresKept).ToListAsync(cancel);
        return new GateReading(position, last?.At ?? DateTimeOffset.UnixEpoch, Whole: true, await Basis(db, cancel), await Everything(db, cancel), Pressed(restores), await Shadow(db, cancel));
    }

    /// <summary>The changes themselves say what has to be read; for one customer's change that is two rows.</summary>
    private async Task<GateReading?> After(SunsetterDb db, long position, CancellationToken cancel)
    {
        var changes = await db.Set<GateChangeRow>().AsNoTracking().Where(change => change.Position > position).OrderBy(change => change.Position).ToListAsync(cancel);
        if (changes.Count == 0)
            return null;
        // Old changes are forgotten, but for restores; a gap means that this node slept through some.
        if (changes[^1].Position - position != changes.Count)
            return await All(db, cancel);
        var common = changes.Exists(change => change.Retirement.Length == 0);
        return new GateReading(
            changes[^1].Position, changes[^1].At, Whole: false, common ? await Basis(db, cancel) : null, await Changed(db, changes, cancel),
            Pressed(changes.Where(change => change.Restores == 1).Reverse()), common ? await Shadow(db, cancel) : null);
    }

    private static async Task<GateBasis> Basis(SunsetterDb db, CancellationToken cancel) => await KeepGateBasis.Stored(db, cancel) is { } json ? GateBasis.Read(json) : GateBasis.Empty;

    private static async Task<ShadowModule?> Shadow(SunsetterDb db, CancellationToken cancel) =>
        await db.Set<GateDrillRow>().AsNoTracking().OrderByDescending(row => row.StartedAt).FirstOrDefaultAsync(cancel) is { } drill ? new ShadowModule(drill.StartedAt, drill.OpenedAt) : null;

    private static IReadOnlyList<RestorePressed> Pressed(IEnumerable<GateChangeRow> changes) => [.. changes.Select(change => new RestorePressed(change.Position, change.At))];

    private static async Task<IReadOnlyList<RetirementReading>> Everything(SunsetterDb db, CancellationToken cancel)
    {
        var readings = new List<RetirementReading>();
        foreach (var row in await db.Set<RetirementRow>().AsNoTracking().OrderBy(row => row.Id).ToListAsync(cancel))
            readings.Add(await Whole(db, row, cancel));
        return readings;
    }

    private static async Task<IReadOnlyList<RetirementReading>> Changed(SunsetterDb db, IEnumerable<GateChangeRow> changes, CancellationToken cancel)
    {
        var readings = new List<RetirementReading>();
        foreach (var changed in changes.Where(change => Guid.TryParse(change.Retirement, out _)).GroupBy(change => change.Retirement))
        {
            var id = new RetirementId(Guid.Parse(changed.Key));
            var row = await db.Set<RetirementRow>().AsNoTracking().SingleAsync(row => row.Id == id, cancel);
            readings.Add(changed.Any(change => change.Customers == GatePosition.Everybody)
                ? await Whole(db, row, cancel)
                : await Some(db, row, [.. changed.SelectMany(change => JsonSerializer.Deserialize<List<CustomerKey>>(change.Customers, Json.Stored)!).Distinct()], cancel));
        }
        return readings;
    }

    private static async Task<RetirementReading> Whole(SunsetterDb db, RetirementRow row, CancellationToken cancel)
    {
        var states = await db.Set<EntryRow>().AsNoTracking().Where(entry => entry.Retirement == row.Id).Select(entry => entry.State).ToListAsync(cancel);
        return new RetirementReading(row.Id, row.Version, GateTerms.Of(States.Read<Retirement>(row.State)), WholeLedger: true, [.. states.Select(Terms)]);
    }

    private static async Task<RetirementReading> Some(SunsetterDb db, RetirementRow row, IReadOnlyList<CustomerKey> customers, CancellationToken cancel)
    {
        var states = customers.Count == 0 ? [] : await db.Set<EntryRow>().AsNoTracking().Where(entry => entry.Retirement == row.Id && customers.Contains(entry.Customer)).Select(entry => entry.State).ToListAsync(cancel);
        return new RetirementReading(row.Id, row.Version, GateTerms.Of(States.Read<Retirement>(row.State)), WholeLedger: false, [.. states.Select(Terms)]);
    }

    private static KeyValuePair<CustomerKey, EntryGateTerms> Terms(string state)
    {
        var entry = States.Read<LedgerEntry>(state);
        return new(entry.Customer, EntryGateTerms.Of(entry));
    }

    private static async Task<IDbContextTransaction> OneState(SunsetterDb db, CancellationToken cancel)
    {
        if (db.IsPostgres)
            return await db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancel);
        await db.Database.OpenConnectionAsync(cancel);
        // Deferred: a reader must not take the write lock.
        return (await db.Database.UseTransactionAsync(((SqliteConnection)db.Database.GetDbConnection()).BeginTransaction(deferred: true), cancel))!;
    }
}
