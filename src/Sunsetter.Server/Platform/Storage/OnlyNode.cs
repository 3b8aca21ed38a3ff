namespace Sunsetter.Server.Platform;

/// <summary>On SQLite one server at a time: a lock on a file beside the database, which the system gives back when the process ends, however it ends.</summary>
internal sealed class OnlyNode(StorageOptions options) : IDisposable
{
    private FileStream? held;

    /// <summary>Throws with a sentence where another server runs on the same data. On PostgreSQL nodes share the work, and nothing is locked.</summary>
    public void Claim()
    {
        if (options.PostgresConnection is not null)
            return;
        try
        {
            held ??= new FileStream(Path.Combine(options.DataDirectory, "sunsetter.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
        }
        catch (IOException taken)
        {
            throw new CannotStart(
                new Refusal(
                    "start.data-in-use", $"Another server runs on the data in {options.DataDirectory}. Stop it, choose another directory with --data, or set SUNSETTER_DATABASE: on PostgreSQL several servers share the work.",
                    $"{options.DataDirectory} 中的数据正被另一个服务器使用。请停止它，或用 --data 指定其他目录，或设置 SUNSETTER_DATABASE：在 PostgreSQL 上多个服务器可以共同工作。"), taken);
        }
    }

    public void Dispose() => held?.Dispose();
}
