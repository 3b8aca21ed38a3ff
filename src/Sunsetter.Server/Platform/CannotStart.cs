using Microsoft.AspNetCore.Connections;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace Sunsetter.Server.Platform;

/// <summary>What whoever starts the server has to mend: a sentence for the terminal instead of a stack of calls.</summary>
internal sealed class CannotStart(Refusal refusal, Exception? cause = null) : Exception(refusal.Sentence.En, cause)
{
    public Refusal Refusal => refusal;

    /// <summary>What stands behind a failure before the first request; null: nothing known, and so a fault of ours that must be seen whole.</summary>
    public static Refusal? Behind(Exception failure, StartOptions? start) => failure switch
    {
        CannotStart known => known.Refusal,
        IOException { InnerException: AddressInUseException } when start is not null => new(
            "start.port-in-use", $"Another program listens on {start.Urls} already. End it, or choose another port with --port N.", $"{start.Urls} 已被其他程序占用。请结束该程序，或用 --port N 指定其他端口。"),
        PostgresException refused => new(
            "start.database-refused", $"PostgreSQL refused: {refused.MessageText} Look at SUNSETTER_DATABASE and at what its user may do.", $"PostgreSQL 拒绝了请求：{refused.MessageText}。请检查 SUNSETTER_DATABASE 以及该用户的权限。"),
        NpgsqlException unreachable => new(
            "start.database-unreachable", $"PostgreSQL cannot be reached: {unreachable.Message} Look at SUNSETTER_DATABASE, and whether the server runs.", $"无法连接 PostgreSQL：{unreachable.Message}。请检查 SUNSETTER_DATABASE，并确认数据库正在运行。"),
        SqliteException or IOException or UnauthorizedAccessException when start is not null => new(
            "start.data-directory", $"The data in {start.DataDirectory} cannot be used: {failure.Message} See that the directory is there, is yours to write, and that the disk has room; or choose another with --data DIR.",
            $"无法使用 {start.DataDirectory} 中的数据：{failure.Message} 请确认该目录存在、可写且磁盘未满；或用 --data DIR 指定其他目录。"),
        // Entity Framework wraps what may pass by itself.
        InvalidOperationException { InnerException: NpgsqlException inner } => Behind(inner, start),
        _ => null,
    };
}
