using Microsoft.EntityFrameworkCore;

namespace Sunsetter.Server.Platform;

/// <summary>The bearer tokens of people: makes, lists and revokes them.</summary>
internal sealed class ApiTokens(IDbContextFactory<SunsetterDb> databases, TimeProvider clock)
{
    /// <summary>The secret of a new token; it is shown once and never stored.</summary>
    public async Task<Outcome<(ApiToken Token, string Secret)>> Make(Actor owner, Actor maker, MakeToken wanted, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        if (wanted.Forbids(owner, maker, now) is { } refusal)
            return refusal;
        var secret = ApiToken.NewSecret(BearerTokens.Prefix);
        var token = new ApiToken
        {
            Id = Guid.CreateVersion7(), Name = wanted.Name.Trim(), Hash = ApiToken.HashOf(secret), Person = owner.Id, MadeBy = maker.Id,
            Scopes = string.Join(' ', wanted.Scopes.Select(scope => scope.Scope())), CreatedAt = now, ExpiresAt = wanted.EndsAt(now),
        };
        await using var db = await databases.CreateDbContextAsync(cancel);
        db.Add(token);
        await db.SaveChangesAsync(cancel);
        return (token, secret);
    }

    /// <summary>One's own tokens, or everybody's for an administrator; the newest first.</summary>
    public async Task<IReadOnlyList<ApiToken>> SeenBy(Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var everybodys = actor.May(Permission.Administer);
        return await db.ApiTokens.AsNoTracking().Where(token => everybodys || token.Person == actor.Id).OrderByDescending(token => token.CreatedAt).ToListAsync(cancel);
    }

    /// <summary>Revokes a token of one's own, or any token for an administrator; null when done.</summary>
    public async Task<Refusal?> Revoke(Guid id, Actor by, CancellationToken cancel)
    {
        if (by.Token is not null && !by.May(Permission.Administer))
            return new Refusal("token.by-token", "A token revokes no tokens. Sign in to the console and do it there.", "令牌不能撤销令牌，请登录控制台操作。", StatusCodes.Status403Forbidden);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var token = await db.ApiTokens.FirstOrDefaultAsync(token => token.Id == id, cancel);
        if (token is null || token.Person != by.Id && !by.May(Permission.Administer))
            return Refusal.NotFound("token", "令牌", id.ToString());
        token.RevokedAt ??= clock.GetUtcNow();
        await db.SaveChangesAsync(cancel);
        return null;
    }
}
