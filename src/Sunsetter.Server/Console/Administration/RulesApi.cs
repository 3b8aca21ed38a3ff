using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Usage;

namespace Sunsetter.Server.Console.Administration;

/// <summary>The rules an administrator edits, one document each: <c>GET</c> and <c>PUT /api/v1/settings/{name}</c>. A part that is left out takes its default.</summary>
internal static class RulesApi
{
    public static void MapRules(this RouteGroupBuilder api)
    {
        var settings = api.MapGroup("/settings").WithTags("Settings");
        Map<Migrate.MigrationRules>(settings);
        Map<Retirements.ClosingRules>(settings);
        Map<Close.RetentionRules>(settings);
        Map<Announce.Telling.ReminderLadder>(settings);
        Map<Catalogue.ImportSettings>(settings);
        MapUsage(settings);
    }

    private static void Map<T>(RouteGroupBuilder settings) where T : class, IRules, new()
    {
        // As delegates: endpoints are written at compile time, which cannot be done for a type that is a parameter here.
        Delegate read = async (Settings stored, CancellationToken cancel) => TypedResults.Ok(await stored.Get<T>(cancel));
        Delegate write = async Task<Results<Ok<T>, ProblemHttpResult>> (T wanted, ClaimsPrincipal user, Settings stored, CancellationToken cancel) =>
            await stored.Keep<T>(_ => wanted, Actor.Of(user).By, cancel) is { } refusal ? refusal.ToProblem() : TypedResults.Ok(wanted);
        settings.MapGet($"/{T.Name}", read).Needs(Permission.Read);
        settings.MapPut($"/{T.Name}", write).Needs(Permission.Administer);
    }

    /// <summary>The secret of the hashes stays inside.</summary>
    private static void MapUsage(RouteGroupBuilder settings)
    {
        settings.MapGet("/usage", async (Settings stored, CancellationToken cancel) => TypedResults.Ok(Shown(await stored.Get<UsageSettings>(cancel)))).Needs(Permission.Read);
        settings.MapPut("/usage", async Task<Results<Ok<UsageSettings>, ProblemHttpResult>> (UsageSettings wanted, ClaimsPrincipal user, KeepUsageRules rules, CancellationToken cancel) =>
            (await rules.Keep(wanted, Actor.Of(user).By, cancel)) is var kept && kept.Refused(out var refusal) ? refusal.ToProblem() : TypedResults.Ok(Shown(kept.Value))).Needs(Permission.Administer);

        static UsageSettings Shown(UsageSettings rules) => rules with { HashUsers = rules.HashUsers ?? false, HashKey = "" };
    }
}
