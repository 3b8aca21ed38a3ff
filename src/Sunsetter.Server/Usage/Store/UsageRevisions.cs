using System.Data.Common;

namespace Sunsetter.Server.Usage;

/// <summary>
/// How often each customer's use was written, by their number. Revisions only grow and customers are never removed: where their sum and their number are the same, all are, and
/// thousands of rows need not be read to see that nothing has changed.
/// </summary>
internal sealed class UsageRevisions
{
    private volatile Known? known;

    public async Task<IReadOnlyDictionary<int, long>> Of(DbConnection connection, CancellationToken cancel)
    {
        var (sum, count) = await Sum(connection, cancel);
        if (known is { } before && before.Sum == sum && before.Revisions.Count == count)
            return before.Revisions;
        var revisions = new Dictionary<int, long>();
        await using var command = connection.CreateCommand();
        command.CommandText = "select id, revision from usage_customer";
        await using var reader = await command.ExecuteReaderAsync(cancel);
        while (await reader.ReadAsync(cancel))
            revisions.Add(reader.GetInt32(0), reader.GetInt64(1));
        // Its own sum, not the one asked for before: somebody may have written in between.
        known = new(revisions.Values.Sum(), revisions);
        return revisions;
    }

    /// <summary>Grows with every write of use, refused calls and deletions to any customer.</summary>
    public async Task<long> Stamp(DbConnection connection, CancellationToken cancel) => (await Sum(connection, cancel)).Sum;

    private static async Task<(long Sum, long Count)> Sum(DbConnection connection, CancellationToken cancel)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "select cast(coalesce(sum(revision), 0) as bigint), count(*) from usage_customer";
        await using var reader = await command.ExecuteReaderAsync(cancel);
        await reader.ReadAsync(cancel);
        return (reader.GetInt64(0), reader.GetInt64(1));
    }

    private sealed record Known(long Sum, IReadOnlyDictionary<int, long> Revisions);
}
