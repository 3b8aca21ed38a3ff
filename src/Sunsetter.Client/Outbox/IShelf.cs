namespace Sunsetter.Client.Outbox;

/// <summary>Where entries wait, oldest first.</summary>
internal interface IShelf
{
    long Bytes { get; }

    IReadOnlyList<Guid> Waiting();

    void Put(OutboxEntry entry);

    /// <summary>Null when the entry is gone, or was damaged and has been removed.</summary>
    OutboxEntry? Take(Guid id);

    void Remove(Guid id);
}
