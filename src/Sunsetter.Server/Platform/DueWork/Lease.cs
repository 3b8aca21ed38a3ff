namespace Sunsetter.Server.Platform;

/// <summary>The right of one node to do one kind of work until an instant; the fence rises with each new holder.</summary>
internal sealed class Lease
{
    public required string Name { get; init; }
    public string Holder { get; set; } = "";
    public DateTimeOffset Until { get; set; }
    public long Fence { get; set; }
}
