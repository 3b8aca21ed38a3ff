using System.Security.Claims;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Migrate;

internal sealed record FollowUpWanted(string? To, DateOnly? NextOn, string? NextStep);

internal sealed record FollowUpDone(FollowUpOutcome Outcome, string? Note, DateOnly? NextOn, string? NextStep);

/// <summary>Who follows a customer, and what came of it (G3).</summary>
internal static class FollowUpApi
{
    public static void MapFollowUps(this RouteGroupBuilder entry)
    {
        entry.MapPost("/follow-up/assign", async (RetirementId id, CustomerKey customer, FollowUpWanted wanted, ClaimsPrincipal user, FactLog log, People people, TimeProvider clock, CancellationToken cancel) =>
        {
            var (actor, now) = (Actor.Of(user), clock.GetUtcNow());
            var command = new AssignFollowUp(People.AddressIn(wanted.To ?? actor.Id), wanted.NextOn, wanted.NextStep ?? "");
            var nobody = await people.Nobody(command.To, "to", cancel);
            return await log.Change(id, customer, actor.By, (retirement, entry) => command.Decide(entry, nobody, Today.Of(retirement, now)), cancel).OrProblem();
        }).Needs(Permission.Follow);

        entry.MapPost("/follow-up", (RetirementId id, CustomerKey customer, FollowUpDone done, ClaimsPrincipal user, FactLog log, TimeProvider clock, CancellationToken cancel) =>
        {
            var now = clock.GetUtcNow();
            var command = new LogFollowUp(done.Outcome, done.Note ?? "", done.NextOn, done.NextStep ?? "");
            return log.Change(id, customer, Actor.Of(user).By, (retirement, entry) => command.Decide(entry, Today.Of(retirement, now)), cancel).OrProblem();
        }).Needs(Permission.Follow);
    }
}
