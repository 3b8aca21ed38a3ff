using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Sunsetter.Server.Platform;

internal sealed record NewPerson(string Email, string Name, IReadOnlyList<Role> Roles, string? Locale);

internal sealed record PersonView(Guid Id, string Email, string Name, IReadOnlyList<Role> Roles);

internal sealed record NewToken(string Name, IReadOnlyList<string> Scopes, DateTimeOffset? ExpiresAt);

internal sealed record TokenView(Guid Id, string Name, string Person, IReadOnlyList<string> Scopes, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt);

/// <summary>A one-time link, as a path on this server.</summary>
internal sealed record SignInPath(string Path);

internal sealed record TokenMade(Guid Id, string Secret);

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

        api.MapPost("/people/{id:guid}/sign-in-link", async (Guid id, People people, CancellationToken cancel) =>
            TypedResults.Ok(new SignInPath(await people.NewSignInPath(id, cancel)))).Needs(Permission.Administer);

        api.MapPost("/people/{id:guid}/leave", async Task<Results<NoContent, ProblemHttpResult>> (Guid id, People people, CancellationToken cancel) =>
            (await people.Leave(id, cancel)).Refused(out var refusal) ? refusal.ToProblem() : TypedResults.NoContent()).Needs(Permission.Administer);

        api.MapPost("/people/{id:guid}/tokens", async Task<Results<Created<TokenMade>, ProblemHttpResult>> (Guid id, NewToken wanted, ClaimsPrincipal user, People people, CancellationToken cancel) =>
        {
            // An administrator may make a token for somebody else, never with more than that person may.
            if ((await people.All(cancel)).FirstOrDefault(one => one.Person.Id == id) is not { Person: not null } owner)
                return Refusal.NotFound("person", "人员", id.ToString()).ToProblem();
            var actor = new Actor(owner.Person.Email!, owner.Person.Name, System.Collections.Frozen.FrozenSet.ToFrozenSet(owner.Roles), Permissions.Of(owner.Roles));
            return await Make(actor, wanted, people, cancel);
        }).Needs(Permission.Administer);

        api.MapPost("/tokens", async Task<Results<Created<TokenMade>, ProblemHttpResult>> (NewToken wanted, ClaimsPrincipal user, People people, CancellationToken cancel) =>
            await Make(Actor.Of(user), wanted, people, cancel)).Needs(Permission.Read);

        api.MapGet("/tokens", async Task<Ok<IEnumerable<TokenView>>> (ClaimsPrincipal user, People people, CancellationToken cancel) =>
            TypedResults.Ok((await people.TokensSeenBy(Actor.Of(user), cancel))
                .Select(token => new TokenView(token.Id, token.Name, token.Person, token.Scopes.Split(' '), token.CreatedAt, token.ExpiresAt, token.RevokedAt)))).Needs(Permission.Read);

        api.MapDelete("/tokens/{id:guid}", async Task<Results<NoContent, ProblemHttpResult>> (Guid id, ClaimsPrincipal user, People people, CancellationToken cancel) =>
            await people.RevokeToken(id, Actor.Of(user), cancel) is { } refusal ? refusal.ToProblem() : TypedResults.NoContent()).Needs(Permission.Read);
    }

    private static async Task<Results<Created<TokenMade>, ProblemHttpResult>> Make(Actor actor, NewToken wanted, People people, CancellationToken cancel)
    {
        var scopes = (wanted.Scopes ?? []).Select(scope => (Scope: scope, Permission: Permissions.FromScope(scope))).ToList();
        if (scopes.Find(scope => scope.Permission is null) is { Scope: not null } unknown)
            return new Refusal("token.unknown-scope", $"There is no scope “{unknown.Scope}”. Choose from: {string.Join(", ", Enum.GetValues<Permission>().Select(Permissions.Scope))}.",
                $"没有权限范围“{unknown.Scope}”。可选：{string.Join("、", Enum.GetValues<Permission>().Select(Permissions.Scope))}。").ToProblem();
        var made = await people.NewToken(actor, wanted.Name ?? "", [.. scopes.Select(scope => scope.Permission!.Value)], wanted.ExpiresAt, cancel);
        return made.Refused(out var refusal) ? refusal.ToProblem() : TypedResults.Created($"/api/v1/tokens/{made.Value.Token.Id}", new TokenMade(made.Value.Token.Id, made.Value.Secret));
    }

    private static PersonView View(Person person, IReadOnlyList<Role> roles) => new(person.Id, person.Email!, person.Name, roles);
}
