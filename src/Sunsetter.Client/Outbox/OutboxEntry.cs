namespace Sunsetter.Client.Outbox;

/// <summary>One request that has to reach the server, perhaps much later: where to, and what.</summary>
/// <param name="Id">Also the idempotency key: sent again after a lost answer, it counts once.</param>
/// <param name="Path">Relative to the server's address.</param>
/// <param name="Body">JSON, not compressed.</param>
internal sealed record OutboxEntry(Guid Id, string Path, byte[] Body);
