namespace Sunsetter.Server.Platform;

/// <summary>One named document of settings, as JSON: the notice policy, the workspace's name, a channel's address.</summary>
internal sealed class Setting
{
    public required string Name { get; init; }
    public required string Json { get; set; }
    public required DateTimeOffset ChangedAt { get; set; }
    public required string ChangedBy { get; set; }
}
