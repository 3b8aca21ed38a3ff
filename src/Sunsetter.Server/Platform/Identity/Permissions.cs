using System.Collections.Frozen;

namespace Sunsetter.Server.Platform;

/// <summary>Who may do what, in one table.</summary>
internal static class Permissions
{
    private static readonly Permission[] Everyone = [Permission.Read, Permission.Contribute];

    private static readonly FrozenDictionary<Role, Permission[]> ByRole = new Dictionary<Role, Permission[]>
    {
        [Role.Product] = [.. Everyone, Permission.EditCatalogue, Permission.Propose, Permission.Approve, Permission.Announce, Permission.Follow, Permission.Close],
        [Role.Engineering] = [.. Everyone, Permission.EditCatalogue, Permission.WriteUsage, Permission.Approve, Permission.Close],
        [Role.Qa] = [.. Everyone, Permission.Approve, Permission.SignOff],
        [Role.Operations] = [.. Everyone, Permission.EditCatalogue, Permission.WriteUsage, Permission.Approve, Permission.Close],
        [Role.Support] = [.. Everyone, Permission.Approve, Permission.Support, Permission.Follow, Permission.SeeUsers],
        [Role.Success] = [.. Everyone, Permission.EditCatalogue, Permission.Approve, Permission.Announce, Permission.Follow, Permission.SeeUsers],
        [Role.Sales] = [.. Everyone, Permission.Approve],
        [Role.Compliance] = [.. Everyone, Permission.Approve, Permission.Comply, Permission.SeeUsers],
        [Role.Administrator] = Enum.GetValues<Permission>(),
    }.ToFrozenDictionary();

    public static IReadOnlyList<Permission> Of(Role role) => ByRole[role];

    public static FrozenSet<Permission> Of(IEnumerable<Role> roles) => roles.SelectMany(Of).ToFrozenSet();

    /// <summary>The name of a permission as a token's scope and in refusals: <c>edit-catalogue</c>.</summary>
    public static string Scope(this Permission permission) =>
        string.Concat(permission.ToString().Select((letter, at) => char.IsUpper(letter) ? $"{(at > 0 ? "-" : "")}{char.ToLowerInvariant(letter)}" : $"{letter}"));

    public static Permission? FromScope(string scope) =>
        Enum.GetValues<Permission>().Where(permission => permission.Scope() == scope).Select(permission => (Permission?)permission).FirstOrDefault();
}
