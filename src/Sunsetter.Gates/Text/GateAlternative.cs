namespace Sunsetter.Gates;

/// <summary>What to use instead of a retiring module.</summary>
/// <param name="Module">The replacement's module key.</param>
/// <param name="Name">Its name for people.</param>
/// <param name="Url">An absolute http(s) address that tells how to move.</param>
public sealed record GateAlternative(string? Module, LocalizedText? Name, string? Url)
{
    internal bool Same(GateAlternative other) =>
        Module == other.Module && Url == other.Url && (Name is null ? other.Name is null : other.Name is not null && Name.Same(other.Name));
}
