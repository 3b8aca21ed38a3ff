using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Gates;

/// <summary>
/// Changes of single customers, such as a restore, in one statement: it sees one state of the store without a transaction around it, and an application
/// waits for one round trip instead of four. Everything else is left to <see cref="GateReader"/>.
/// </summary>
internal sealed class GateNews(IDbContextFactory<SunsetterDb> databases, StorageOptions storage) : IDisposable
{
    // A pool of its own: nothing is ever left behind on these connections that would have to be reset before each question.
    private readonly string? postgres = storage.PostgresConnection is { } connection
        ? new NpgsqlConnectionStringBuilder(connection) { NoResetOnClose = true, ApplicationName = "sunsetter-gates" }.ConnectionString : null;

    private readonly ConcurrentDictionary<RetirementId, (int Version, GateTerms Terms)> known = new();

    /// <summary>What has changed since a position, null if nothing has. Not told: it cannot be told in this way.</summary>
    public async Task<(bool Told, GateReading? News)> Since(long position, CancellationToken cancel)
    {
        await using var db = postgres is null ? await databases.CreateDbContextAsync(cancel) : null;
        await using var connection = db is null ? new NpgsqlConnection(postgres) : db.Database.GetDbConnection();
        await connection.OpenAsync(cancel);
        await using var command = connection.CreateCommand();
        command.CommandText = Statement(postgres is not null);
        var since = command.CreateParameter();
        (since.ParameterName, since.Value) = ("since", position);
        command.Parameters.Add(since);
        // Once per connection: planning these joins takes longer than carrying them out.
        await command.PrepareAsync(cancel);

        var changes = new List<(long Position, DateTimeOffset At, bool Restores)>();
        var retirements = new Dictionary<RetirementId, (int Version, GateTerms Terms, Dictionary<CustomerKey, EntryGateTerms> Entries)>();
        await using var rows = await command.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel))
        {
            // A change of everybody, or of no retirement (names, calendars, drills), needs more than its own rows.
            if (rows.GetString(2) == GatePosition.Everybody || rows.IsDBNull(5))
                return (false, null);
            if (changes.Count == 0 || changes[^1].Position != rows.GetInt64(0))
                changes.Add((rows.GetInt64(0), DateTimeOffset.FromUnixTimeMilliseconds(rows.GetInt64(4)), rows.GetInt32(3) == 1));
            var id = new RetirementId(Guid.Parse(rows.GetString(1)));
            if (!retirements.TryGetValue(id, out var retirement))
                retirements.Add(id, retirement = (rows.GetInt32(5), Terms(id, rows.GetInt32(5), rows), []));
            if (!rows.IsDBNull(7) && States.Read<LedgerEntry>(rows.GetString(7)) is var entry)
                retirement.Entries[entry.Customer] = EntryGateTerms.Of(entry);
        }

        // Old changes are forgotten, but for restores; a gap means that this node slept through some.
        if (changes.Count == 0 || changes[^1].Position - position != changes.Count)
            return (changes.Count == 0, null);
        return (true, new GateReading(
            changes[^1].Position, changes[^1].At, Whole: false, Basis: null,
            [.. retirements.Select(one => new RetirementReading(one.Key, one.Value.Version, one.Value.Terms, WholeLedger: false, [.. one.Value.Entries]))],
            [.. Enumerable.Reverse(changes).Where(change => change.Restores).Select(change => new RestorePressed(change.Position, change.At))], Shadow: null));
    }

    /// <summary>After everything was read anew: a store that was set back gives a version another content.</summary>
    public void Forget() => known.Clear();

    public void Dispose()
    {
        if (postgres is null)
            return;
        using var any = new NpgsqlConnection(postgres);
        NpgsqlConnection.ClearPool(any);
    }

    /// <summary>One customer's change leaves the retirement as it was: its state is not read again.</summary>
    private GateTerms Terms(RetirementId id, int version, DbDataReader rows)
    {
        if (known.TryGetValue(id, out var before) && before.Version == version)
            return before.Terms;
        var terms = GateTerms.Of(States.Read<Retirement>(rows.GetString(6)));
        known[id] = (version, terms);
        return terms;
    }

    // The entry is looked up for each name, not joined: a prepared plan does not know that the changes are few, and would read whole ledgers for a join.
    private static string Statement(bool postgres) => $"""
        select c.position, c.retirement, c.customers, c.restores, c.at, r.version, r.state,
               (select e.state from entry e where e.retirement = c.retirement and e.customer = k.value)
        from gate_change c
        left join retirement r on r.id = c.retirement
        left join {(postgres ? "lateral json_array_elements_text(case when c.customers = '*' then '[]' else c.customers end::json) as k(value) on true" : "json_each(case when c.customers = '*' then '[]' else c.customers end) as k")}
        where c.position > @since
        order by c.position
        """;
}
