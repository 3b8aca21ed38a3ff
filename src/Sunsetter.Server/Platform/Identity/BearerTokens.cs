using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Sunsetter.Server.Platform;

/// <summary>Signs in a request that carries <c>Authorization: Bearer</c>: the bootstrap token of the environment, or a token of a person.</summary>
internal sealed class BearerTokens(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logs, UrlEncoder encoder,
    IDbContextFactory<SunsetterDb> databases, PersonClaims claims, IConfiguration configuration, TimeProvider clock)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, logs, encoder)
{
    public const string SchemeName = "Bearer";

    /// <summary>An API token starts with this; other kinds of key are left to their own rooms.</summary>
    public const string Prefix = "sst_api_";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Request.Headers.Authorization.ToString() is not ['B', 'e', 'a', 'r', 'e', 'r', ' ', .. var secret])
            return AuthenticateResult.NoResult();

        var hash = ApiToken.HashOf(secret);
        if (configuration["SUNSETTER_ADMIN_TOKEN"] is { Length: > 0 } bootstrap && ApiToken.HashOf(bootstrap).AsSpan().SequenceEqual(hash))
            return Success(PersonClaims.Bootstrap());

        await using var db = await databases.CreateDbContextAsync(Context.RequestAborted);
        var token = await db.ApiTokens.AsNoTracking().FirstOrDefaultAsync(token => token.Hash == hash, Context.RequestAborted);
        if (token is null || !token.UsableAt(clock.GetUtcNow()))
            return AuthenticateResult.Fail("The token is unknown, expired or revoked.");

        var person = await db.Users.AsNoTracking().FirstOrDefaultAsync(person => person.Email == token.Person, Context.RequestAborted);
        return person is null || person.LeftAt is not null
            ? AuthenticateResult.Fail("The person in whose name the token acts has left.")
            : Success([.. await claims.Of(person, token.Scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries), Context.RequestAborted), new Claim(Actor.TokenClaim, token.Name)]);
    }

    private AuthenticateResult Success(IEnumerable<Claim> of) =>
        AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new ClaimsIdentity(of, SchemeName)), SchemeName));
}
