using System.Data;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Gates;

/// <summary>Reads what gates need, all of it as of one position: within one transaction that sees one state of the store.</summary>
internal sealed class GateReader(IDbContextFactory<SunsetterDb> databases)
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
        var position = await db.Database.SqlQuery<long>($"select value as \"Value\" from gate_position where name = 'gates'").SingleAsync(cancel);
        var from = since ?? 0;
        var changes = since is null ? [] : await db.Set<GateChangeRow>().AsNoTracking().Where(change => change.Position > from && change.Position <= position).ToListAsync(cancel);
        var last = await db.Set<GateChangeRow>().AsNoTracking().Where(change => change.Position == position).FirstOrDefaultAsync(cancel);
        var basis = await KeepGateBasis.Stored(db, cancel);
        var restores = await db.Set<GateChangeRow>().AsNoTracking().Where(change => change.Restores == 1 && change.Position > from).OrderByDescending(change => change.Position).Take(RestoresKept).ToListAsync(cancel);
        var drill = await db.Set<GateDrillRow>().AsNoTracking().OrderByDescending(row => row.StartedAt).FirstOrDefaultAsync(cancel);
        return new GateReading(
            position, last?.At ?? DateTimeOffset.UnixEpoch, since is null, basis is null ? GateBasis.Empty : GateBasis.Read(basis),
            since is null ? await Everything(db, cancel) : await Changed(db, changes, cancel),
            [.. restores.Select(change => new RestorePressed(change.Position, change.At))],
            drill is null ? null : new ShadowModule(drill.StartedAt, drill.OpenedAt));
    }

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
        return new RetirementReading(row.Id, GateTerms.Of(States.Read<Retirement>(row.State)), WholeLedger: true, [.. states.Select(Terms)]);
    }

    private static async Task<RetirementReading> Some(SunsetterDb db, RetirementRow row, IReadOnlyList<CustomerKey> customers, CancellationToken cancel)
    {
        var states = customers.Count == 0 ? [] : await db.Set<EntryRow>().AsNoTracking().Where(entry => entry.Retirement == row.Id && customers.Contains(entry.Customer)).Select(entry => entry.State).ToListAsync(cancel);
        return new RetirementReading(row.Id, GateTerms.Of(States.Read<Retirement>(row.State)), WholeLedger: false, [.. states.Select(Terms)]);
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
