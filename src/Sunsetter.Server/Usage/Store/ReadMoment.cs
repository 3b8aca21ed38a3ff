using System.Data;
using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Sunsetter.Server.Usage;

/// <summary>A transaction in which everything is read as of one moment, and in nobody's way.</summary>
internal static class ReadMoment
{
    public static async Task<DbTransaction> Begin(DbConnection connection, CancellationToken cancel) => connection is SqliteConnection sqlite
        // Not deferred, it would take the turn of the one writer and wait for it.
        ? sqlite.BeginTransaction(deferred: true)
        : await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancel);
}
