using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Sunsetter.Server.Platform;

/// <summary>Adds people, gives them roles, makes their sign-in links and API tokens.</summary>
internal sealed class People(IDbContextFactory<SunsetterDb> databases, TimeProvider clock)
{
    private static readonly TimeSpan LinkLife = TimeSpan.FromHours(24);

    public async Task<Outcome<Person>> Add(string email, string name, IReadOnlyCollection<Role> roles, string locale, CancellationToken cancel)
    {
        email = email.Trim().ToLowerInvariant();
        if (!MimeKit.MailboxAddress.TryParse(email, out _) || !email.Contains('@') || email.Length > 200)
            return new Refusal("person.bad-email", $"“{email}” is not an e-mail address.", $"“{email}”不是有效的邮箱地址。") { Field = "email" };
        if (string.IsNullOrWhiteSpace(name) || name.Length > 200)
            return new Refusal("person.no-name", "Give the person's name, at most 200 characters.", "请填写姓名，最多 200 个字符。") { Field = "name" };

        await using var db = await databases.CreateDbContextAsync(cancel);
        if (await db.Users.FirstOrDefaultAsync(person => person.Email == email, cancel) is { } known)
            return known.LeftAt is not null ? await TakeBack(db, known, name.Trim(), roles, cancel) : new Refusal("person.known", $"“{email}” is here already.", $"“{email}”已存在。", StatusCodes.Status409Conflict);
        var person = new Person
        {
            Id = Guid.CreateVersion7(), Email = email, NormalizedEmail = email.ToUpperInvariant(), UserName = email, NormalizedUserName = email.ToUpperInvariant(),
            EmailConfirmed = true, Name = name.Trim(), Locale = locale, LockoutEnabled = true, SecurityStamp = Guid.CreateVersion7().ToString("N"),
        };
        db.Add(person);
        foreach (var role in roles.Distinct())
            db.Add(new IdentityUserClaim<Guid> { UserId = person.Id, ClaimType = PersonClaims.RoleClaim, ClaimValue = role.ToString() });
        await db.SaveChangesAsync(cancel);
        return person;
    }

    /// <summary>Somebody who had left, or was marked so by mistake, is here again: the same person, with the roles of today.</summary>
    private static async Task<Person> TakeBack(SunsetterDb db, Person person, string name, IReadOnlyCollection<Role> roles, CancellationToken cancel)
    {
        (person.LeftAt, person.Name, person.SecurityStamp) = (null, name, Guid.CreateVersion7().ToString("N"));
        db.RemoveRange(db.UserClaims.Where(claim => claim.UserId == person.Id && claim.ClaimType == PersonClaims.RoleClaim));
        foreach (var role in roles.Distinct())
            db.Add(new IdentityUserClaim<Guid> { UserId = person.Id, ClaimType = PersonClaims.RoleClaim, ClaimValue = role.ToString() });
        await db.SaveChangesAsync(cancel);
        return person;
    }

    public async Task<Person?> Find(string email, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Users.AsNoTracking().FirstOrDefaultAsync(person => person.Email == email, cancel);
    }

    /// <summary>Everybody who still works here, with their roles, by name.</summary>
    public async Task<IReadOnlyList<(Person Person, IReadOnlyList<Role> Roles)>> All(CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var people = await db.Users.AsNoTracking().Where(person => person.LeftAt == null).OrderBy(person => person.Name).ToListAsync(cancel);
        var roles = (await db.UserClaims.AsNoTracking().Where(claim => claim.ClaimType == PersonClaims.RoleClaim).ToListAsync(cancel)).ToLookup(claim => claim.UserId);
        return [.. people.Select(person => (person, (IReadOnlyList<Role>)[.. roles[person.Id].Select(claim => Enum.Parse<Role>(claim.ClaimValue!))]))];
    }

    public async Task<Outcome<Person>> SetRoles(Guid id, IReadOnlyCollection<Role> roles, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (await db.Users.FirstOrDefaultAsync(person => person.Id == id, cancel) is not { } person)
            return Refusal.NotFound("person", "人员", id.ToString());
        if (!roles.Contains(Role.Administrator) && await LastAdministrator(db, id, cancel))
            return LastAdministratorStays;
        db.RemoveRange(db.UserClaims.Where(claim => claim.UserId == id && claim.ClaimType == PersonClaims.RoleClaim));
        foreach (var role in roles.Distinct())
            db.Add(new IdentityUserClaim<Guid> { UserId = id, ClaimType = PersonClaims.RoleClaim, ClaimValue = role.ToString() });
        person.SecurityStamp = Guid.CreateVersion7().ToString("N");
        await db.SaveChangesAsync(cancel);
        return person;
    }

    public async Task<Outcome<Person>> Leave(Guid id, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (await db.Users.FirstOrDefaultAsync(person => person.Id == id, cancel) is not { } person)
            return Refusal.NotFound("person", "人员", id.ToString());
        if (await LastAdministrator(db, id, cancel))
            return LastAdministratorStays;
        person.LeftAt = clock.GetUtcNow();
        person.SecurityStamp = Guid.CreateVersion7().ToString("N");
        await db.SaveChangesAsync(cancel);
        return person;
    }

    /// <summary>A new one-time sign-in path, valid for 24 hours.</summary>
    public async Task<string> NewSignInPath(Guid person, CancellationToken cancel)
    {
        var secret = ApiToken.NewSecret("");
        await using var db = await databases.CreateDbContextAsync(cancel);
        db.Add(new SignInLink { Hash = ApiToken.HashOf(secret), PersonId = person, ExpiresAt = clock.GetUtcNow() + LinkLife });
        await db.SaveChangesAsync(cancel);
        return $"/sign-in/{secret}";
    }

    /// <summary>Uses a link up and says whose it was; null where it is unknown, used or expired.</summary>
    public async Task<Person?> Redeem(string secret, CancellationToken cancel)
    {
        var hash = ApiToken.HashOf(secret);
        var now = clock.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancel);
        // One statement decides, so that two clicks at once cannot both win.
        var won = await db.SignInLinks.Where(link => link.Hash == hash && link.UsedAt == null && link.ExpiresAt > now)
            .ExecuteUpdateAsync(set => set.SetProperty(link => link.UsedAt, now), cancel) == 1;
        if (!won)
            return null;
        var link = await db.SignInLinks.AsNoTracking().FirstAsync(link => link.Hash == hash, cancel);
        return await db.Users.FirstOrDefaultAsync(person => person.Id == link.PersonId && person.LeftAt == null, cancel);
    }

    /// <summary>The secret of a new API token; it is shown once and never stored.</summary>
    public async Task<Outcome<(ApiToken Token, string Secret)>> NewToken(Actor by, string name, IReadOnlyCollection<Permission> scopes, DateTimeOffset? expires, CancellationToken cancel)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > 100)
            return new Refusal("token.no-name", "Name the token after what will use it, in at most 100 characters.", "请按用途为令牌命名，最多 100 个字符。") { Field = "name" };
        if (scopes.FirstOrDefault(scope => !by.May(scope)) is var beyond && scopes.Any(scope => !by.May(scope)))
            return Refusal.Forbidden(beyond.Scope());
        var secret = ApiToken.NewSecret(BearerTokens.Prefix);
        var token = new ApiToken
        {
            Id = Guid.CreateVersion7(), Name = name.Trim(), Hash = ApiToken.HashOf(secret), Person = by.Id,
            Scopes = string.Join(' ', scopes.Select(scope => scope.Scope())), CreatedAt = clock.GetUtcNow(), ExpiresAt = expires,
        };
        await using var db = await databases.CreateDbContextAsync(cancel);
        db.Add(token);
        await db.SaveChangesAsync(cancel);
        return (token, secret);
    }

    /// <summary>One's own tokens, or everybody's for an administrator; the newest first.</summary>
    public async Task<IReadOnlyList<ApiToken>> TokensSeenBy(Actor actor, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var everybodys = actor.May(Permission.Administer);
        return await db.ApiTokens.AsNoTracking().Where(token => everybodys || token.Person == actor.Id).OrderByDescending(token => token.CreatedAt).ToListAsync(cancel);
    }

    /// <summary>Revokes a token of one's own, or any token for an administrator; null when done.</summary>
    public async Task<Refusal?> RevokeToken(Guid id, Actor by, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var token = await db.ApiTokens.FirstOrDefaultAsync(token => token.Id == id, cancel);
        if (token is null || token.Person != by.Id && !by.May(Permission.Administer))
            return Refusal.NotFound("token", "令牌", id.ToString());
        token.RevokedAt ??= clock.GetUtcNow();
        await db.SaveChangesAsync(cancel);
        return null;
    }

    private static readonly Refusal LastAdministratorStays = new(
        "person.last-administrator", "This is the last administrator. Make somebody else one first.", "这是最后一位管理员。请先指定另一位管理员。");

    private static async Task<bool> LastAdministrator(SunsetterDb db, Guid id, CancellationToken cancel)
    {
        var administrator = nameof(Role.Administrator);
        var others = await db.UserClaims.Where(claim => claim.ClaimValue == administrator && claim.ClaimType == PersonClaims.RoleClaim)
            .Join(db.Users.Where(person => person.LeftAt == null), claim => claim.UserId, person => person.Id, (claim, person) => person.Id).ToListAsync(cancel);
        return others.Contains(id) && others.TrueForAll(other => other == id);
    }
}
