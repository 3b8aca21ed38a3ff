using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Sunsetter.Server.Platform;

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
        // The secret of the hashes stays inside, and whether users are hashed is decided where it is explained.
        Map<Usage.UsageSettings>(settings, shown: rules => rules with { HashKey = "" }, kept: (wanted, stored) => wanted with { HashUsers = stored.HashUsers, HashKey = stored.HashKey });
    }

    private static void Map<T>(RouteGroupBuilder settings, Func<T, T>? shown = null, Func<T, T, T>? kept = null) where T : class, IRules, new()
    {
        // As delegates: endpoints are written at compile time, which cannot be done for a type that is a parameter here.
        Delegate read = async (Settings stored, CancellationToken cancel) => TypedResults.Ok(Shown(await stored.Get<T>(cancel)));
        Delegate write = async Task<Results<Ok<T>, ProblemHttpResult>> (T wanted, ClaimsPrincipal user, Settings stored, CancellationToken cancel) =>
        {
            var rules = kept is null ? wanted : kept(wanted, await stored.Get<T>(cancel));
            return await stored.Keep(rules, Actor.Of(user).Id, cancel) is { } refusal ? refusal.ToProblem() : TypedResults.Ok(Shown(rules));
        };
        settings.MapGet($"/{T.Name}", read).Needs(Permission.Read);
        settings.MapPut($"/{T.Name}", write).Needs(Permission.Administer);

        T Shown(T rules) => shown is null ? rules : shown(rules);
    }
}
