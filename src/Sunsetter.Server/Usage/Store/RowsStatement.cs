using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Sunsetter.Server.Usage;

/// <summary>
/// Runs one statement for many rows. <c>values {rows}</c> in its text becomes what suits the database: PostgreSQL takes thousands of rows at once, each column as one
/// array; SQLite is in the process and fastest with one prepared row.
/// </summary>
internal sealed class RowsStatement(DbConnection connection, DbTransaction? transaction, string text)
{
    private const int RowsForPostgres = 4_000;

    /// <summary>Runs it for every row; returns how many rows it changed.</summary>
    public async Task<int> Run(IReadOnlyList<object[]> rows, CancellationToken cancel)
    {
        var changed = 0;
        await Each(rows, async command => changed += await command.ExecuteNonQueryAsync(cancel));
        return changed;
    }

    /// <summary>Runs it for every row and reads each row that it returns.</summary>
    public Task Read(IReadOnlyList<object[]> rows, Action<DbDataReader> read, CancellationToken cancel) => Each(rows, async command =>
    {
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
            read(reader);
    });

    private async Task Each(IReadOnlyList<object[]> rows, Func<DbCommand, Task> run)
    {
        if (rows.Count == 0)
            return;
        var sqlite = connection is SqliteConnection;
        await using var command = Command(rows[0].Length, sqlite);
        for (var start = 0; start < rows.Count; start += sqlite ? 1 : RowsForPostgres)
        {
            for (var column = 0; column < rows[0].Length; column++)
                command.Parameters[column].Value = sqlite ? rows[start][column] : Column(rows, column, start, Math.Min(RowsForPostgres, rows.Count - start));
            await run(command);
        }
    }

    private DbCommand Command(int columns, bool sqlite)
    {
        var command = connection.CreateCommand();
        if (transaction is not null)
            command.Transaction = transaction;
        var list = string.Join(", ", Enumerable.Range(1, columns).Select(number => $"${number}"));
        for (var number = 1; number <= columns; number++)
        {
            var parameter = command.CreateParameter();
            // Npgsql takes $1 by its place, SQLite by its name.
            if (sqlite)
                parameter.ParameterName = $"${number}";
            command.Parameters.Add(parameter);
        }
        command.CommandText = text.Replace("values {rows}", sqlite ? $"values ({list})" : $"select * from unnest({list})", StringComparison.Ordinal);
        return command;
    }

    private static object Column(IReadOnlyList<object[]> rows, int column, int start, int count) => rows[start][column] switch
    {
        int => Cells<int>(rows, column, start, count),
        long => Cells<long>(rows, column, start, count),
        string => Cells<string>(rows, column, start, count),
        byte[] => Cells<byte[]>(rows, column, start, count),
        var other => throw new NotSupportedException($"Rows hold no {other.GetType().Name}."),
    };

    private static T[] Cells<T>(IReadOnlyList<object[]> rows, int column, int start, int count)
    {
        var cells = new T[count];
        for (var row = 0; row < count; row++)
            cells[row] = (T)rows[start + row][column];
        return cells;
    }
}
