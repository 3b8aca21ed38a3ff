using System.Security.Claims;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Migrate;

internal sealed record IncentiveWanted(Guid? Id, string? What, decimal Value, string? Currency, DateOnly? MoveBy);

internal sealed record NoteGiven(string? Note);

/// <summary>Discounts and privileges for those who move early (G6).</summary>
internal static class IncentiveApi
{
    public static void MapIncentives(this RouteGroupBuilder entry)
    {
        entry.MapPost("/incentives", (RetirementId id, CustomerKey customer, IncentiveWanted wanted, ClaimsPrincipal user, FactLog log, TimeProvider clock, CancellationToken cancel) =>
        {
            var now = clock.GetUtcNow();
            var command = new OfferIncentive(wanted.Id ?? Guid.CreateVersion7(), wanted.What ?? "", wanted.Value, wanted.Currency ?? "CNY", wanted.MoveBy ?? default);
            return log.Change(id, customer, Actor.Of(user).By, (retirement, entry) => command.Decide(retirement, entry, Today.Of(retirement, now)), cancel).OrProblem();
        }).Needs(Permission.Follow);

        entry.MapPost("/incentives/{incentive:guid}/grant", (RetirementId id, CustomerKey customer, Guid incentive, NoteGiven given, ClaimsPrincipal user, FactLog log, CancellationToken cancel) =>
            log.Change(id, customer, Actor.Of(user).By, (_, entry) => new GrantIncentive(incentive, given.Note ?? "").Decide(entry), cancel).OrProblem()).Needs(Permission.Follow);

        entry.MapPost("/incentives/{incentive:guid}/use", (RetirementId id, CustomerKey customer, Guid incentive, NoteGiven given, ClaimsPrincipal user, FactLog log, CancellationToken cancel) =>
            log.Change(id, customer, Actor.Of(user).By, (_, entry) => new UseIncentive(incentive, given.Note ?? "").Decide(entry), cancel).OrProblem()).Needs(Permission.Follow);
    }
}
