using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Sunsetter.Server.Platform;

internal sealed record NewPerson(string Email, string Name, IReadOnlyList<Role> Roles, string? Locale);

internal sealed record PersonView(Guid Id, string Email, string Name, IReadOnlyList<Role> Roles);

/// <param name="ExpiresAt">Empty: 90 days from now; at most 366.</param>
/// <param name="NoEnd">Valid until it is revoked; for administrators only.</param>
internal sealed record NewToken(string Name, IReadOnlyList<string> Scopes, DateTimeOffset? ExpiresAt, bool NoEnd = false);

internal sealed record TokenView(Guid Id, string Name, string Person, string MadeBy, IReadOnlyList<string> Scopes, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt);

/// <summary>A one-time link, as a path on this server.</summary>
internal sealed record SignInPath(string Path);

internal sealed record TokenMade(Guid Id, string Secret, DateTimeOffset? ExpiresAt);

/// <summary>People and API tokens over HTTP.</summary>
internal static class PeopleApi
{
    public static void MapPeople(this RouteGroupBuilder api)
    {
        api.MapGet("/people", async Task<Ok<IEnumerable<PersonView>>> (People people, CancellationToken cancel) =>
            TypedResults.Ok((await people.All(cancel)).Select(one => View(one.Person, one.Roles)))).Needs(Permission.Read);

        api.MapPost("/people", async Task<Results<Created<PersonView>, ProblemHttpResult>> (NewPerson wanted, People people, CancellationToken cancel) =>
        {
            var added = await people.Add(wanted.Email ?? "", wanted.Name ?? "", [.. wanted.Roles ?? []], wanted.Locale ?? "en", cancel);
            return added.Refused(out var refusal) ? refusal.ToProblem() : TypedResults.Created($"/api/v1/people/{added.Value.Id}", View(added.Value, wanted.Roles ?? []));
        }).Needs(Permission.Administer);

        api.MapPost("/people/{id:guid}/sign-in-link", async Task<Results<Ok<SignInPath>, ProblemHttpResult>> (Guid id, People people, CancellationToken cancel) =>
            (await people.All(cancel)).Any(one => one.Person.Id == id)
                ? TypedResults.Ok(new SignInPath(await people.NewSignInPath(id, cancel)))
                : Refusal.NotFound("person", "人员", id.ToString()).ToProblem()).Needs(Permission.Administer);

        api.MapPost("/people/{id:guid}/leave", async Task<Results<NoContent, ProblemHttpResult>> (Guid id, People people, CancellationToken cancel) =>
            (await people.Leave(id, cancel)).Refused(out var refusal) ? refusal.ToProblem() : TypedResults.NoContent()).Needs(Permission.Administer);

        api.MapPost("/people/{id:guid}/tokens", async Task<Results<Created<TokenMade>, ProblemHttpResult>> (Guid id, NewToken wanted, ClaimsPrincipal user, People people, ApiTokens tokens, CancellationToken cancel) =>
        {
            // For somebody else, never with more than that person may.
            if ((await people.All(cancel)).FirstOrDefault(one => one.Person.Id == id) is not { Person: not null } owner)
                return Refusal.NotFound("person", "人员", id.ToString()).ToProblem();
            var actor = new Actor(owner.Person.Email!, owner.Person.Name, System.Collections.Frozen.FrozenSet.ToFrozenSet(owner.Roles), Permissions.Of(owner.Roles));
            return await Make(actor, Actor.Of(user), wanted, tokens, cancel);
        }).Needs(Permission.Administer);

        api.MapPost("/tokens", async Task<Results<Created<TokenMade>, ProblemHttpResult>> (NewToken wanted, ClaimsPrincipal user, ApiTokens tokens, CancellationToken cancel) =>
            await Make(Actor.Of(user), Actor.Of(user), wanted, tokens, cancel)).Needs(Permission.Read);

        api.MapGet("/tokens", async Task<Ok<IEnumerable<TokenView>>> (ClaimsPrincipal user, ApiTokens tokens, CancellationToken cancel) =>
            TypedResults.Ok((await tokens.SeenBy(Actor.Of(user), cancel))
                .Select(token => new TokenView(token.Id, token.Name, token.Person, token.MadeBy, token.Scopes.Split(' '), token.CreatedAt, token.ExpiresAt, token.RevokedAt)))).Needs(Permission.Read);

        api.MapDelete("/tokens/{id:guid}", async Task<Results<NoContent, ProblemHttpResult>> (Guid id, ClaimsPrincipal user, ApiTokens tokens, CancellationToken cancel) =>
            await tokens.Revoke(id, Actor.Of(user), cancel) is { } refusal ? refusal.ToProblem() : TypedResults.NoContent()).Needs(Permission.Read);
    }

    private static async Task<Results<Created<TokenMade>, ProblemHttpResult>> Make(Actor owner, Actor maker, NewToken wanted, ApiTokens tokens, CancellationToken cancel)
    {
        var scopes = (wanted.Scopes ?? []).Select(scope => (Scope: scope, Permission: Permissions.FromScope(scope))).ToList();
        if (scopes.Find(scope => scope.Permission is null) is { Scope: not null } unknown)
            return new Refusal("token.unknown-scope", $"There is no scope “{unknown.Scope}”. Choose from: {string.Join(", ", Enum.GetValues<Permission>().Select(Permissions.Scope))}.",
                $"没有权限范围“{unknown.Scope}”。可选：{string.Join("、", Enum.GetValues<Permission>().Select(Permissions.Scope))}。").ToProblem();
        var made = await tokens.Make(owner, maker, new MakeToken(wanted.Name ?? "", [.. scopes.Select(scope => scope.Permission!.Value)], wanted.ExpiresAt, wanted.NoEnd), cancel);
        return made.Refused(out var refusal) ? refusal.ToProblem()
            : TypedResults.Created($"/api/v1/tokens/{made.Value.Token.Id}", new TokenMade(made.Value.Token.Id, made.Value.Secret, made.Value.Token.ExpiresAt));
    }

    private static PersonView View(Person person, IReadOnlyList<Role> roles) => new(person.Id, person.Email!, person.Name, roles);
}
