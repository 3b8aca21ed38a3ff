using System.Data.Common;

namespace Sunsetter.Server.Usage;

/// <summary>What became of a batch because of its key.</summary>
internal enum BatchFate
{
    New,

    /// <summary>It was counted before and changes nothing.</summary>
    Repeated,

    /// <summary>Another batch was counted under its key; this one is not.</summary>
    KeyReused,
}

/// <summary>Writes down the keys of the batches of a group, and so finds out which of them were counted before.</summary>
internal static class ClaimBatches
{
    public static async Task<BatchFate[]> Of(IReadOnlyList<UsageDelivery> group, DbConnection connection, DbTransaction transaction, CancellationToken cancel)
    {
        // In the order of the keys, so that two nodes with the same batches wait for each other instead of dying together.
        var batches = group.DistinctBy(delivery => delivery.Key).OrderBy(delivery => delivery.Key, StringComparer.Ordinal).ToList();
        var claimed = new HashSet<string>();
        await new RowsStatement(connection, transaction, """
            insert into usage_batch (key, source, received_at, events, rejected, content) values {rows} on conflict (key) do nothing returning key
            """).Read(
            [.. batches.Select(delivery => (object[])[delivery.Key, delivery.Source, delivery.ReceivedAt.ToUnixTimeMilliseconds(), delivery.Events, delivery.Rejected, delivery.Content])],
            reader => claimed.Add(reader.GetString(0)), cancel);

        var contents = batches.Where(delivery => claimed.Contains(delivery.Key)).ToDictionary(delivery => delivery.Key, delivery => delivery.Content);
        await new RowsStatement(connection, transaction, """
            with wanted (key) as (values {rows}) select stored.key, stored.content from wanted join usage_batch stored on stored.key = wanted.key
            """).Read([.. batches.Where(delivery => !claimed.Contains(delivery.Key)).Select(delivery => (object[])[delivery.Key])],
            reader => contents[reader.GetString(0)] = reader.GetString(1), cancel);
        return [.. group.Select(delivery => claimed.Remove(delivery.Key) ? BatchFate.New
            : contents.GetValueOrDefault(delivery.Key, "") is { Length: > 0 } counted && delivery.Content.Length > 0 && delivery.Content != counted ? BatchFate.KeyReused
            : BatchFate.Repeated)];
    }
}
