using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Sunsetter.Server.Platform;

/// <summary>Which database: PostgreSQL where <c>SUNSETTER_DATABASE</c> holds a connection string, else a SQLite file under <c>--data</c>.</summary>
internal sealed record StorageOptions(string DataDirectory, string? PostgresConnection)
{
    public string SqliteFile => Path.Combine(DataDirectory, "sunsetter.db");
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
