namespace Sunsetter.Server.Platform;

/// <summary>Makes an API token, by its owner at the console, or by an administrator or the bootstrap token for somebody else.</summary>
/// <param name="ExpiresAt">Null: <see cref="UsualDays"/> from now.</param>
/// <param name="NoEnd">Valid until it is revoked; for administrators only.</param>
internal sealed record MakeToken(string Name, IReadOnlyCollection<Permission> Scopes, DateTimeOffset? ExpiresAt, bool NoEnd = false)
{
    public const int UsualDays = 90, MostDays = 366;

    /// <summary>What the vendor needs a second person for: it is given by that person's own hand.</summary>
    private static readonly Permission[] OwnHand = [Permission.Approve, Permission.SignOff, Permission.Close, Permission.Comply, Permission.Administer];

    /// <param name="owner">In whose name the token acts.</param>
    /// <param name="maker">Who asks for it.</param>
    public Refusal? Forbids(Actor owner, Actor maker, DateTimeOffset now)
    {
        if (string.IsNullOrWhiteSpace(Name) || Name.Length > 100)
            return new Refusal("token.no-name", "Name the token after what will use it, in at most 100 characters.", "请按用途为令牌命名，最多 100 个字符。") { Field = "name" };
        if (maker.Token is not null && maker.Id != Actor.Bootstrap)
            return new Refusal("token.by-token", "A token makes no tokens, or a stolen one would never end. Sign in to the console and make it there.",
                "令牌不能创建令牌，否则被盗令牌将永不失效。请登录控制台创建。", StatusCodes.Status403Forbidden);
        if (owner.Id == Actor.Bootstrap)
            return new Refusal("token.no-person", "A token acts in the name of a person. Make it for one of them: POST /api/v1/people/{id}/tokens.", "令牌以人员的名义操作。请为某位人员创建：POST /api/v1/people/{id}/tokens。");
        if (Scopes.Any(scope => !owner.May(scope)))
        {
            var lacking = Scopes.First(scope => !owner.May(scope)).Scope();
            return IsSame(owner, maker) ? Refusal.Forbidden(lacking)
                : Refusal.Forbidden(lacking) with { Sentence = new($"{owner.Name} does not have the permission “{lacking}”, so no token in their name can. Leave it out, or give them a role that has it.", $"{owner.Name} 没有权限“{lacking}”，以其名义的令牌也不能拥有。请去掉该权限，或先为其添加相应角色。") };
        }
        if (!IsSame(owner, maker) && Scopes.Any(OwnHand.Contains))
            return new Refusal("token.own-hand",
                $"A token made for somebody else cannot hold {string.Join(", ", Scopes.Where(OwnHand.Contains).Select(Permissions.Scope))}: it would be their second pair of eyes without them. They make it themselves at the console.",
                $"为他人创建的令牌不能包含 {string.Join("、", Scopes.Where(OwnHand.Contains).Select(Permissions.Scope))}：否则等于冒名复核。请由本人在控制台创建。", StatusCodes.Status403Forbidden)
            { Field = "scopes" };
        if (NoEnd)
            return maker.May(Permission.Administer) ? null
                : new Refusal("token.no-end", $"Only an administrator makes a token without an end. Give it at most {MostDays} days.", $"仅管理员可创建无期限令牌。请设定不超过 {MostDays} 天的有效期。", StatusCodes.Status403Forbidden) { Field = "noEnd" };
        return ExpiresAt is { } end && (end <= now || end > now.AddDays(MostDays))
            ? new Refusal("token.bad-end", $"A token ends in the future, after at most {MostDays} days.", $"令牌的到期时间须在将来，且不超过 {MostDays} 天。") { Field = "expiresAt" }
            : null;
    }

    public DateTimeOffset? EndsAt(DateTimeOffset now) => NoEnd ? null : ExpiresAt ?? now.AddDays(UsualDays);

    private static bool IsSame(Actor owner, Actor maker) => string.Equals(owner.Id, maker.Id, StringComparison.OrdinalIgnoreCase);
}
