using System.Security.Claims;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Gates;

/// <summary>Who asks at the edge: a key, and for a browser the customer and user of its signed context.</summary>
internal sealed record EdgeCaller(string Kid, string Name, EdgeKeyKind Kind, IReadOnlyList<string> Scopes, string? Customer, string? User)
{
    public const string KeyClaim = "sunsetter:key", CustomerClaim = "sunsetter:customer", UserClaim = "sunsetter:user";

    /// <summary>For a browser: until when its signed context holds, and which server key has signed it.</summary>
    public DateTimeOffset? ContextEnds { get; init; }

    public string? Signer { get; init; }

    public bool IsBrowser => Kind == EdgeKeyKind.Browser;

    /// <summary>As a principal: for endpoints of other rooms that ask for a permission.</summary>
    public ClaimsPrincipal Principal()
    {
        List<Claim> claims = [new(KeyClaim, Name), new(ClaimTypes.Email, $"key:{Name}"), new(ClaimTypes.Name, Name)];
        if (Scopes.Contains(EdgeScopes.Usage))
            claims.Add(new Claim(Actor.PermissionClaim, nameof(Permission.WriteUsage)));
        if (Customer is not null)
            claims.Add(new Claim(CustomerClaim, Customer));
        if (User is not null)
            claims.Add(new Claim(UserClaim, User));
        return new ClaimsPrincipal(new ClaimsIdentity(claims, Access.EdgeScheme));
    }
}
