using System.Collections.Frozen;
using System.Security.Claims;

namespace Sunsetter.Server.Platform;

/// <summary>Who acts: a signed-in person, an API token of a person, or the clock.</summary>
/// <param name="Id">Whose deed it is, for every comparison: an e-mail address, <c>token:bootstrap</c> or <c>sunsetter</c>.</param>
internal sealed record Actor(string Id, string Name, FrozenSet<Role> Roles, FrozenSet<Permission> Permissions)
{
    internal const string PermissionClaim = "sunsetter:permission";

    /// <summary>The name of the API token that signed the request in; a person at the console has none.</summary>
    internal const string TokenClaim = "sunsetter:token";

    private const string Through = " (token ";

    /// <summary>The token of the environment. It may begin everything and be nobody's second pair of eyes.</summary>
    public const string Bootstrap = "token:bootstrap";

    /// <summary>What the server does by itself when its time has come.</summary>
    public static readonly Actor Clock = new("sunsetter", "Sunsetter", FrozenSet<Role>.Empty, Enum.GetValues<Permission>().ToFrozenSet());

    /// <summary>The API token of theirs that acts for the person; null: they act themselves.</summary>
    public string? Token { get; init; }

    /// <summary>What facts record: <c>lin@vendor.test</c>, or <c>lin@vendor.test (token nightly import)</c> where a token acted.</summary>
    public string By => Token is null || Id == Bootstrap ? Id : $"{Id}{Through}{Token})";

    /// <summary>Whose deed it was, of what a fact recorded.</summary>
    public static string PersonOf(string by) =>
        by.EndsWith(')') && by.IndexOf(Through, StringComparison.Ordinal) is var at and > 0 ? by[..at] : by;

    public bool May(Permission permission) => Permissions.Contains(permission);

    /// <summary>The actor of a request; one who is not signed in may nothing.</summary>
    public static Actor Of(ClaimsPrincipal user) => new(
        user.FindFirstValue(ClaimTypes.Email) ?? "anonymous",
        user.FindFirstValue(ClaimTypes.Name) ?? "anonymous",
        user.FindAll(ClaimTypes.Role).Select(claim => Enum.TryParse<Role>(claim.Value, out var role) ? role : (Role?)null).OfType<Role>().ToFrozenSet(),
        user.FindAll(PermissionClaim).Select(claim => Enum.TryParse<Permission>(claim.Value, out var may) ? may : (Permission?)null).OfType<Permission>().ToFrozenSet())
    {
        Token = user.FindFirstValue(TokenClaim),
    };
}
