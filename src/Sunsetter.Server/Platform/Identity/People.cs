using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Sunsetter.Server.Platform;

/// <summary>Adds people, gives them roles, makes their sign-in links, lets them leave.</summary>
internal sealed class People(IDbContextFactory<SunsetterDb> databases, TimeProvider clock)
{
    private static readonly TimeSpan LinkLife = TimeSpan.FromHours(24);

    private const int Named = 12;

    public async Task<Outcome<Person>> Add(string email, string name, IReadOnlyCollection<Role> roles, string locale, CancellationToken cancel)
    {
        email = AddressIn(email);
        // The address alone: a name or a comment beside it would be part of who somebody is.
        if (!MimeKit.MailboxAddress.TryParse(email, out var mailbox) || mailbox.Address != email || !email.Contains('@') || email.Length > 200)
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

    /// <summary>An address as people write it, in the one form in which it is kept.</summary>
    public static string AddressIn(string? written) => (written ?? "").Trim().ToLowerInvariant();

    /// <summary>Why nothing can be given to this address: it belongs to nobody who works here. Null where it can.</summary>
    /// <param name="field">The field of the request that names them.</param>
    public async Task<Refusal?> Nobody(string? email, string field, CancellationToken cancel)
    {
        if (await Find(AddressIn(email), cancel) is { LeftAt: null })
            return null;
        var all = await All(cancel);
        var (known, more) = (all.Take(Named).Select(one => $"{one.Person.Name} ({one.Person.Email})").ToList(), all.Count > Named);
        return Refusal.NotFound("person", "人员", email ?? "") with
        {
            Sentence = new(
                $"Nobody here has the address “{email}”. Give that of one of these people: {string.Join(", ", known)}{(more ? $", or another of the {all.Count} under Settings → People" : "")}.",
                $"没有邮箱为“{email}”的人员。请填写以下人员之一的邮箱：{string.Join("、", known)}{(more ? $"，或“设置 → 人员”中 {all.Count} 人里的其他人" : "")}。"),
            Field = field,
        };
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
        var now = clock.GetUtcNow();
        // Nothing that let them in may let them in again on the day they are taken back.
        (person.LeftAt, person.PasswordHash, person.SecurityStamp) = (now, null, Guid.CreateVersion7().ToString("N"));
        foreach (var token in await db.ApiTokens.Where(token => token.Person == person.Email && token.RevokedAt == null).ToListAsync(cancel))
            token.RevokedAt = now;
        db.RemoveRange(db.SignInLinks.Where(link => link.PersonId == id && link.UsedAt == null));
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
