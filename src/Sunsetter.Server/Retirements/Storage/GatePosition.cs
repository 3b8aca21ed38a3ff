using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Retirements;

/// <summary>
/// Numbers every change that applications must hear of, in the order of commits: the position is raised in the transaction of the change itself and
/// its row is locked until that commits, so that whoever sees a position sees every change up to it. Nodes agree on it without asking each other.
/// </summary>
internal static class GatePosition
{
    /// <summary>The channel of PostgreSQL's NOTIFY: a hint to look now.</summary>
    public const string Channel = "sunsetter_gates";

    /// <summary>What a notification says that is about keys.</summary>
    public const string Keys = "keys";

    /// <summary>Stands in <c>customers</c> where all may have changed.</summary>
    public const string Everybody = "*";

    // More names than this are not worth listing: all entries are read again.
    private const int MostListed = 200;

    /// <summary>The last statement before the commit: its lock makes others wait.</summary>
    public static Task Raise(SunsetterDb db, RetirementId? retirement, IReadOnlyCollection<CustomerKey> customers, bool restores, DateTimeOffset at, CancellationToken cancel)
    {
        var names = customers.Count > MostListed ? Everybody : JsonSerializer.Serialize(customers, Json.Stored);
        var id = retirement?.ToString() ?? "";
        var millis = at.ToUnixTimeMilliseconds();
        var counted = restores ? 1 : 0;
        return db.IsPostgres
            ? db.Database.ExecuteSqlAsync($"""
                with moved as (update gate_position set value = value + 1 where name = 'gates' returning value),
                     added as (insert into gate_change select value, {id}, {names}, {counted}, {millis} from moved returning position)
                select pg_notify('sunsetter_gates', 'gates') from added
                """, cancel)
            : db.Database.ExecuteSqlAsync($"""
                update gate_position set value = value + 1 where name = 'gates';
                insert into gate_change select value, {id}, {names}, {counted}, {millis} from gate_position where name = 'gates'
                """, cancel);
    }

    /// <summary>The same for keys: their holders are told nothing, but every node must look.</summary>
    public static Task RaiseKeys(SunsetterDb db, CancellationToken cancel) => db.IsPostgres
        ? db.Database.ExecuteSqlRawAsync("with moved as (update gate_position set value = value + 1 where name = 'keys' returning value) select pg_notify('sunsetter_gates', 'keys') from moved", cancel)
        : db.Database.ExecuteSqlRawAsync("update gate_position set value = value + 1 where name = 'keys'", cancel);
}
