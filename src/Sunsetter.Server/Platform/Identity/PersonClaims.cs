using System.Security.Claims;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Sunsetter.Server.Platform;

/// <summary>What a signed-in person carries: who they are, their roles, what they may do.</summary>
internal sealed class PersonClaims(IDbContextFactory<SunsetterDb> databases) : IUserClaimsPrincipalFactory<Person>
{
    public const string RoleClaim = "role";

    public async Task<ClaimsPrincipal> CreateAsync(Person user)
    {
        var identity = new ClaimsIdentity(IdentityConstants.ApplicationScheme);
        identity.AddClaims(await Of(user, null, CancellationToken.None));
        // Identity signs people out everywhere when this changes: password, roles, leaving.
        identity.AddClaim(new Claim("AspNet.Identity.SecurityStamp", user.SecurityStamp ?? ""));
        return new ClaimsPrincipal(identity);
    }

    public async Task<IReadOnlyList<Claim>> Of(Person person, IReadOnlyCollection<string>? scopes, CancellationToken cancel)
    {
        var roles = await RolesOf(person.Id, cancel);
        var permissions = Permissions.Of(roles).Where(permission => scopes is null || scopes.Contains(permission.Scope()));
        return
        [
            new Claim(ClaimTypes.NameIdentifier, person.Id.ToString()),
            new Claim(ClaimTypes.Email, person.Email ?? ""),
            new Claim(ClaimTypes.Name, person.Name),
            .. roles.Select(role => new Claim(ClaimTypes.Role, role.ToString())),
            .. permissions.Select(permission => new Claim(Actor.PermissionClaim, permission.ToString())),
        ];
    }

    public async Task<IReadOnlyList<Role>> RolesOf(Guid person, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var stored = await db.UserClaims.AsNoTracking().Where(claim => claim.UserId == person && claim.ClaimType == RoleClaim).Select(claim => claim.ClaimValue).ToListAsync(cancel);
        return [.. stored.Select(name => Enum.TryParse<Role>(name, out var role) ? role : (Role?)null).OfType<Role>()];
    }

    /// <summary>The automation that set <c>SUNSETTER_ADMIN_TOKEN</c>: it may do everything but be a second pair of eyes, for it has no role.</summary>
    public static IReadOnlyList<Claim> Bootstrap() =>
    [
        new Claim(ClaimTypes.Email, Actor.Bootstrap),
        new Claim(ClaimTypes.Name, "Bootstrap token"),
        new Claim(Actor.TokenClaim, "bootstrap"),
        .. Enum.GetValues<Permission>().Select(permission => new Claim(Actor.PermissionClaim, permission.ToString())),
    ];
}
