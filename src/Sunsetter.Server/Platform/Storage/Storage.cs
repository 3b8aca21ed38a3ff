using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Npgsql;

namespace Sunsetter.Server.Platform;

/// <summary>Which database: PostgreSQL where <c>SUNSETTER_DATABASE</c> holds a connection string, else a SQLite file under <c>--data</c>.</summary>
internal sealed record StorageOptions(string DataDirectory, string? PostgresConnection)
{
    public string SqliteFile => Path.Combine(DataDirectory, "sunsetter.db");

    public string? PostgresConnection { get; } = PostgresConnection is null ? null : Interpreted(PostgresConnection);

    /// <summary>
    /// Our questions touch a few rows, and PostgreSQL takes those with JSON in them for large: it would compile each anew (10 ms and more) to read for one.
    /// Who says something about <c>jit</c> is left alone.
    /// </summary>
    private static string Interpreted(string connection)
    {
        NpgsqlConnectionStringBuilder parts;
        try
        {
            parts = new NpgsqlConnectionStringBuilder(connection);
        }
        catch (ArgumentException malformed)
        {
            // Without what was given: there may be a password in it.
            throw new CannotStart(
                new Refusal(
                    "start.database-address", "SUNSETTER_DATABASE is no connection string. It looks like this: Host=db.example;Database=sunsetter;Username=sunsetter;Password=…",
                    "SUNSETTER_DATABASE 不是有效的连接串。其格式如下：Host=db.example;Database=sunsetter;Username=sunsetter;Password=…"), malformed);
        }
        if (parts.Options?.Contains("jit", StringComparison.OrdinalIgnoreCase) != true)
            parts.Options = $"{parts.Options} -c jit=off".TrimStart();
        return parts.ConnectionString;
    }
}

internal static class Storage
{
    public static void AddStorage(this IServiceCollection services, StorageOptions options)
    {
        services.AddSingleton(options);
        services.AddDbContextFactory<SunsetterDb>(db =>
        {
            // Two who write the same fact meet at its key, and one of them writes again: what the database says then is no failure, and an exception that
            // nobody expects is told where it ends.
            db.ConfigureWarnings(warnings => warnings.Log((RelationalEventId.CommandError, LogLevel.Debug), (CoreEventId.SaveChangesFailed, LogLevel.Debug)));
            if (options.PostgresConnection is { } postgres)
                db.UseNpgsql(postgres);
            else
                db.UseSqlite(new SqliteConnectionStringBuilder { DataSource = options.SqliteFile, ForeignKeys = true, DefaultTimeout = 30 }.ToString());
        });
    }
}
