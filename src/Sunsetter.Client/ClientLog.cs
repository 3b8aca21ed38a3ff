using Microsoft.Extensions.Logging;

namespace Sunsetter.Client;

internal static partial class ClientLog
{
    [LoggerMessage(1, LogLevel.Information, "Obeying gate snapshot {Version}, received by {Means}.")]
    public static partial void Obeying(this ILogger log, long version, string means);

    [LoggerMessage(2, LogLevel.Warning, "The server is out of reach ({Reason}); the last snapshot ({Version}) still holds. Next try in {Delay}.")]
    public static partial void OutOfReach(this ILogger log, string reason, long version, TimeSpan delay);

    [LoggerMessage(3, LogLevel.Error, "A gate snapshot was refused whole, the one before it still holds: {Errors}")]
    public static partial void SnapshotRefused(this ILogger log, string errors);

    [LoggerMessage(4, LogLevel.Warning, "The stored snapshot could not be read; starting without it.")]
    public static partial void StoredSnapshotUnreadable(this ILogger log, Exception problem);

    [LoggerMessage(5, LogLevel.Warning, "The snapshot could not be stored; after a restart without the server there will be none.")]
    public static partial void SnapshotNotStored(this ILogger log, Exception problem);

    [LoggerMessage(6, LogLevel.Error, "The server does not accept the key ({Status}). Check SunsetterOptions.Key; the last snapshot still holds.")]
    public static partial void KeyRefused(this ILogger log, int status);

    [LoggerMessage(7, LogLevel.Warning, "The outbox could not be written; some usage is lost.")]
    public static partial void OutboxWriteFailed(this ILogger log, Exception problem);

    [LoggerMessage(8, LogLevel.Warning, "The outbox could not be read; trying again later.")]
    public static partial void OutboxReadFailed(this ILogger log, Exception problem);

    [LoggerMessage(9, LogLevel.Warning, "The outbox holds more than {Limit} bytes; its oldest entry was dropped.")]
    public static partial void OutboxFull(this ILogger log, long limit);

    [LoggerMessage(10, LogLevel.Error, "The server will never take a request to {Path} ({Status}); it was dropped.")]
    public static partial void OutboxRefused(this ILogger log, string path, int status);

    [LoggerMessage(11, LogLevel.Error, "A background task of the client failed and is starting again.")]
    public static partial void TaskFailed(this ILogger log, Exception problem);

    [LoggerMessage(12, LogLevel.Error, "A gate could not be decided; the declared default was given.")]
    public static partial void DecisionFailed(this ILogger log, Exception problem);

    [LoggerMessage(13, LogLevel.Error, "A subscriber of the client's Changed event failed.")]
    public static partial void SubscriberFailed(this ILogger log, Exception problem);

    [LoggerMessage(14, LogLevel.Warning, "{Directory} cannot be written; snapshot and usage are kept in memory only.")]
    public static partial void NoDisk(this ILogger log, string directory, Exception problem);

    [LoggerMessage(15, LogLevel.Warning, "In-app notices are not to be had just now: {Reason}.")]
    public static partial void NoticesUnavailable(this ILogger log, string reason);
}
