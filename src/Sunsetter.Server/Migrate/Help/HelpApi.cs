using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Migrate;

internal sealed record HelpWanted(Guid? Id, string? Question, string? Contact);

internal sealed record HelpTaker(string? Owner);

internal sealed record HelpReply(string? Answer);

/// <summary>Requests for help, tracked to an answer (G4).</summary>
internal static class HelpApi
{
    public static void MapHelp(this RouteGroupBuilder entry)
    {
        entry.MapPost("/help", async Task<Results<Created<IdMade>, ProblemHttpResult>> (
            RetirementId id, CustomerKey customer, HelpWanted wanted, ClaimsPrincipal user, FactLog log, CancellationToken cancel) =>
        {
            var actor = Actor.Of(user);
            var command = new RequestHelp(wanted.Id ?? RepeatedRequests.NewId(), wanted.Question ?? "", wanted.Contact ?? actor.Id);
            var outcome = await log.Change(id, customer, actor.By, command.Decide, cancel);
            return outcome.Refused(out var refusal) ? refusal.ToProblem() : TypedResults.Created($"/api/v1/retirements/{id}/entries/{customer}", new IdMade(command.Id));
        }).Needs(Permission.Contribute);

        entry.MapPost("/help/{help:guid}/take", async (RetirementId id, CustomerKey customer, Guid help, HelpTaker taker, ClaimsPrincipal user, FactLog log, People people, CancellationToken cancel) =>
        {
            var command = new TakeHelp(help, People.AddressIn(taker.Owner ?? Actor.Of(user).Id));
            var nobody = await people.Nobody(command.Owner, "owner", cancel);
            return await log.Change(id, customer, Actor.Of(user).By, (_, entry) => command.Decide(entry, nobody), cancel).OrProblem();
        }).Needs(Permission.Contribute);

        entry.MapPost("/help/{help:guid}/answer", (RetirementId id, CustomerKey customer, Guid help, HelpReply reply, ClaimsPrincipal user, FactLog log, CancellationToken cancel) =>
            log.Change(id, customer, Actor.Of(user).By, (_, entry) => new AnswerHelp(help, reply.Answer ?? "").Decide(entry), cancel).OrProblem()).Needs(Permission.Contribute);
    }
}

/// <summary>The id of what was made.</summary>
internal sealed record IdMade(Guid Id);
