using System.Collections.Frozen;
using System.Security.Claims;

namespace Sunsetter.Server.Platform;

/// <summary>Who acts: a signed-in person, an API token of a person, or the clock.</summary>
/// <param name="Id">What facts record as <c>By</c>: an e-mail address, <c>token:NAME</c> or <c>sunsetter</c>.</param>
internal sealed record Actor(string Id, string Name, FrozenSet<Role> Roles, FrozenSet<Permission> Permissions)
{
    internal const string PermissionClaim = "sunsetter:permission";

    /// <summary>The token of the environment. It may begin everything and be nobody's second pair of eyes.</summary>
    public const string Bootstrap = "token:bootstrap";

    /// <summary>What the server does by itself when its time has come.</summary>
    public static readonly Actor Clock = new("sunsetter", "Sunsetter", FrozenSet<Role>.Empty, Enum.GetValues<Permission>().ToFrozenSet());

    public bool May(Permission permission) => Permissions.Contains(permission);

    /// <summary>The actor of a request; one who is not signed in may nothing.</summary>
    public static Actor Of(ClaimsPrincipal user) => new(
        user.FindFirstValue(ClaimTypes.Email) ?? "anonymous",
        user.FindFirstValue(ClaimTypes.Name) ?? "anonymous",
        user.FindAll(ClaimTypes.Role).Select(claim => Enum.TryParse<Role>(claim.Value, out var role) ? role : (Role?)null).OfType<Role>().ToFrozenSet(),
        user.FindAll(PermissionClaim).Select(claim => Enum.TryParse<Permission>(claim.Value, out var may) ? may : (Permission?)null).OfType<Permission>().ToFrozenSet());
}
