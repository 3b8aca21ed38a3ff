using System.Security.Claims;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Retirements;

internal static class EvidenceApi
{
    public static void AddEvidence(this IServiceCollection services)
    {
        services.AddSingleton<EvidenceExport>();
        services.AddSingleton<StoredChain>();
        services.AddSingleton<CheckedChains>();
        services.AddHostedService(provider => provider.GetRequiredService<CheckedChains>());
    }

    public static void MapEvidence(this RouteGroupBuilder api)
    {
        api.MapGet("/retirements/{id}/evidence", async (RetirementId id, ClaimsPrincipal user, FactLog log, EvidenceExport export, HttpContext http, CancellationToken cancel) =>
        {
            if (await log.Find(id, cancel) is null)
                return (IResult)Refusal.NotFound("retirement", "退役", id.ToString()).ToProblem();
            return Results.Stream(to => export.Write(id, Actor.Of(user).By, to, cancel), "application/x-ndjson", $"evidence-{id}.jsonl");
        }).Needs(Permission.Comply);

        api.MapPost("/retirements/{id}/evidence/check", async (RetirementId id, StoredChain chain, CancellationToken cancel) =>
            TypedResults.Ok(await chain.Check(id, cancel))).Needs(Permission.Read);
    }
}
