namespace Sunsetter.Client.Live;

/// <summary>One server-sent event: its name, its id if it had one, and its data.</summary>
internal readonly record struct ServerEvent(string Name, string? Id, ReadOnlyMemory<byte> Data);
