namespace Sunsetter.Server.Platform;

/// <summary>A one-time link that signs a person in; only the hash of its secret is kept.</summary>
internal sealed class SignInLink
{
    public required byte[] Hash { get; init; }
    public required Guid PersonId { get; init; }
    public required DateTimeOffset ExpiresAt { get; init; }
    public DateTimeOffset? UsedAt { get; set; }
}
