using System.Data.Common;
using System.Text;
using Microsoft.Data.Sqlite;

namespace Sunsetter.Server.Usage;

/// <summary>
/// Runs one statement for many rows. <c>{rows}</c> in its text becomes as many value lists as suit the database: PostgreSQL
/// saves round trips with hundreds at once, SQLite is in the process and fastest with one prepared row.
/// </summary>
internal sealed class RowsStatement(DbConnection connection, DbTransaction? transaction, string text)
{
    private const int RowsForPostgres = 400;

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
        var most = sqlite ? 1 : RowsForPostgres;
        DbCommand? command = null;
        var prepared = 0;
        try
        {
            for (var start = 0; start < rows.Count; start += most)
            {
                var count = Math.Min(most, rows.Count - start);
                if (count != prepared)
                {
                    if (command is not null)
                        await command.DisposeAsync();
                    command = Command(count, rows[0].Length, sqlite);
                    prepared = count;
                }
                for (var row = 0; row < count; row++)
                    for (var column = 0; column < rows[0].Length; column++)
                        command!.Parameters[row * rows[0].Length + column].Value = rows[start + row][column];
                await run(command!);
            }
        }
        finally
        {
            if (command is not null)
                await command.DisposeAsync();
        }
    }

    private DbCommand Command(int rows, int columns, bool sqlite)
    {
        var command = connection.CreateCommand();
        if (transaction is not null)
            command.Transaction = transaction;
        var lists = new StringBuilder();
        for (var number = 1; number <= rows * columns; number++)
        {
            lists.Append(number % columns == 1 || columns == 1 ? (number > 1 ? ",(" : "(") : ",").Append('$').Append(number);
            if (number % columns == 0)
                lists.Append(')');
            var parameter = command.CreateParameter();
            // Npgsql takes $1 by its place, SQLite by its name.
            if (sqlite)
                parameter.ParameterName = $"${number}";
            command.Parameters.Add(parameter);
        }
        command.CommandText = text.Replace("{rows}", lists.ToString(), StringComparison.Ordinal);
        return command;
    }
}
