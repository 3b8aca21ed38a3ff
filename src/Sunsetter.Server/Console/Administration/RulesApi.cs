using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Usage;

namespace Sunsetter.Server.Console.Administration;

/// <summary>The rules an administrator edits, one document each: <c>GET</c> and <c>PUT /api/v1/settings/{name}</c>. A part that is left out takes its default. With <c>If-Match</c> only what was read is changed.</summary>
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

    // The document is read and answered inside: endpoints are written at compile time, which cannot be done for a type that is a parameter here.
    private static void Map<T>(RouteGroupBuilder settings) where T : class, IRules, new()
    {
        settings.MapGet($"/{T.Name}", async Task<IResult> (Settings stored, HttpResponse response, CancellationToken cancel) =>
        {
            var rules = await stored.Get<T>(cancel);
            response.Tag(rules);
            return TypedResults.Ok(rules);
        }).Produces<T>().Needs(Permission.Read);
        settings.MapPut($"/{T.Name}", async Task<IResult> (HttpContext http, Settings stored, CancellationToken cancel) =>
        {
            var wanted = await JsonBody.Read<T>(http);
            if (IfMatch.Seen(http.Request, await stored.Get<T>(cancel)) is var seen && seen.Refused(out var refusal))
                return refusal.ToProblem();
            if (await stored.Keep<T>(_ => wanted, Actor.Of(http.User).By, cancel, seen.Value) is { } refused)
                return refused.Told(seen.Value).ToProblem();
            http.Response.Tag(wanted);
            return TypedResults.Ok(wanted);
        }).Accepts<T>("application/json").Produces<T>().Needs(Permission.Administer);
    }

    /// <summary>The secret of the hashes stays inside.</summary>
    private static void MapUsage(RouteGroupBuilder settings)
    {
        settings.MapGet("/usage", async (Settings stored, HttpResponse response, CancellationToken cancel) =>
        {
            var rules = await stored.Get<UsageSettings>(cancel);
            response.Tag(rules);
            return TypedResults.Ok(Shown(rules));
        }).Needs(Permission.Read);
        settings.MapPut("/usage", async Task<Results<Ok<UsageSettings>, ProblemHttpResult>> (UsageSettings wanted, ClaimsPrincipal user, Settings stored, KeepUsageRules rules, HttpContext http, CancellationToken cancel) =>
        {
            if (IfMatch.Seen(http.Request, await stored.Get<UsageSettings>(cancel)) is var seen && seen.Refused(out var refusal))
                return refusal.ToProblem();
            var kept = await rules.Keep(wanted, Actor.Of(user).By, cancel, seen.Value);
            if (kept.Refused(out refusal))
                return refusal.Told(seen.Value).ToProblem();
            http.Response.Tag(kept.Value);
            return TypedResults.Ok(Shown(kept.Value));
        }).Needs(Permission.Administer);

        static UsageSettings Shown(UsageSettings rules) => rules with { HashUsers = rules.HashUsers ?? false, HashKey = "" };
    }
}
