namespace Sunsetter.Client.Outbox;

/// <summary>For hosts without a disk of their own: what waits here is lost with the process.</summary>
internal sealed class MemoryShelf : IShelf
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, OutboxEntry> _entries = new(StringComparer.Ordinal);

    public long Bytes { get { lock (_lock) return _entries.Values.Sum(entry => (long)entry.Body.Length); } }

    public IReadOnlyList<Guid> Waiting() { lock (_lock) return [.. _entries.Values.Select(entry => entry.Id)]; }

    public void Put(OutboxEntry entry) { lock (_lock) _entries[entry.Id.ToString()] = entry; }

    public OutboxEntry? Take(Guid id) { lock (_lock) return _entries.GetValueOrDefault(id.ToString()); }

    public void Remove(Guid id) { lock (_lock) _entries.Remove(id.ToString()); }
}
