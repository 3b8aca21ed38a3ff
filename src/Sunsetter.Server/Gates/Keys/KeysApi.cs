using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Gates;

internal sealed record WantedKey(string? Name, EdgeKeyKind Kind, IReadOnlyList<string>? Scopes);

internal sealed record WantedRotation(int? OverlapMinutes);

/// <param name="ExpiresAt">For a rotated key: when it stops working.</param>
internal sealed record KeyView(
    string Kid, EdgeKeyKind Kind, string Name, IReadOnlyList<string> Scopes, DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset? ExpiresAt, DateTimeOffset? RevokedAt, bool InForce);

/// <summary>Keys of applications: make, rotate, revoke. The key itself is shown once.</summary>
internal static class KeysApi
{
    private const int LongestOverlapMinutes = 7 * 24 * 60;

    public static void Map(RouteGroupBuilder api)
    {
        var keys = api.MapGroup("/gates/keys").WithTags("Gates");
        keys.MapGet("", async Task<Ok<IEnumerable<KeyView>>> (EdgeKeys known, TimeProvider clock, CancellationToken cancel) =>
            TypedResults.Ok((await known.All(cancel)).Select(row => View(row, clock.GetUtcNow())))).Needs(Permission.Administer);
        keys.MapPost("", Make).Needs(Permission.Administer);
        keys.MapPost("/{kid}/rotate", Rotate).Needs(Permission.Administer);
        keys.MapDelete("/{kid}", async Task<Results<NoContent, ProblemHttpResult>> (string kid, EdgeKeys known, CancellationToken cancel) =>
            await known.Revoke(kid, cancel) is { } refusal ? refusal.ToProblem() : TypedResults.NoContent()).Needs(Permission.Administer);
    }

    private static async Task<Results<Created<NewEdgeKey>, ProblemHttpResult>> Make(WantedKey wanted, ClaimsPrincipal user, EdgeKeys known, CancellationToken cancel)
    {
        if (Check(wanted.Name, wanted.Scopes) is { } refusal)
            return refusal.ToProblem();
        var made = await known.Make(wanted.Kind, wanted.Name!.Trim(), wanted.Scopes is { Count: > 0 } scopes ? [.. scopes.Distinct()] : EdgeScopes.All, Actor.Of(user).Id, cancel);
        return TypedResults.Created($"/api/v1/gates/keys/{made.Kid}", made);
    }

    private static async Task<Results<Created<NewEdgeKey>, ProblemHttpResult>> Rotate(string kid, WantedRotation? wanted, ClaimsPrincipal user, EdgeKeys known, CancellationToken cancel)
    {
        var minutes = wanted?.OverlapMinutes ?? 60;
        if (minutes is < 0 or > LongestOverlapMinutes)
            return new Refusal("key.overlap", $"Both keys may work side by side for 0 to {LongestOverlapMinutes} minutes.", $"新旧密钥可并存 0 到 {LongestOverlapMinutes} 分钟。").ToProblem();
        var made = await known.Rotate(kid, TimeSpan.FromMinutes(minutes), Actor.Of(user).Id, cancel);
        return made.Refused(out var refusal) ? refusal.ToProblem() : TypedResults.Created($"/api/v1/gates/keys/{made.Value.Kid}", made.Value);
    }

    /// <summary>What is wrong with a wanted key, if anything.</summary>
    public static Refusal? Check(string? name, IReadOnlyList<string>? scopes)
    {
        if (string.IsNullOrWhiteSpace(name) || name.Length > 100 || name.Any(char.IsControl))
            return new Refusal("key.name", "Name the key after the application that will hold it, in 1 to 100 characters.", "请以持有该密钥的应用命名，1 到 100 个字符。") { Field = "name" };
        return scopes?.FirstOrDefault(scope => !EdgeScopes.All.Contains(scope)) is { } unknown
            ? new Refusal("key.scope", $"There is no scope “{unknown}”. Choose from: {string.Join(", ", EdgeScopes.All)}.", $"没有范围“{unknown}”。可选：{string.Join("、", EdgeScopes.All)}。") { Field = "scopes" }
            : null;
    }

    private static KeyView View(EdgeKeyRow row, DateTimeOffset now) =>
        new(row.Kid, row.Kind, row.Name, row.Scopes.Split(' '), row.CreatedAt, row.CreatedBy, row.ExpiresAt, row.RevokedAt, row.UsableAt(now));
}
