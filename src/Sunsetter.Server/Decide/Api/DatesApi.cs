using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Decide;

/// <summary>The dates of each customer, and overrides, over HTTP.</summary>
internal static class DatesApi
{
    /// <param name="Wave">Null: back to the common day.</param>
    internal sealed record WaveWanted(string? Wave, IReadOnlyList<CustomerKey>? Customers);

    /// <param name="Reason">Why the plan changes; everybody who was told is told again.</param>
    internal sealed record WaveDay(DateOnly Day, string? Reason, string? UnknownYearReason);

    public static void MapDates(this RouteGroupBuilder api)
    {
        api.MapGet("/retirements/{id}/dates", Dates).Needs(Permission.Read).WithTags("Retirements");
        api.MapGet("/retirements/{id}/outlook", Outlook).Needs(Permission.Read).WithTags("Retirements");
        var waves = api.MapGroup("/retirements/{id}/waves").WithTags("Retirements");
        waves.MapPost("", (RetirementId id, WaveWanted wanted, ClaimsPrincipal user, Decisions decisions, CancellationToken cancel) =>
            decisions.MoveCustomers(id, new MoveCustomers(wanted.Wave, wanted.Customers ?? []), Actor.Of(user), cancel).OrProblem()).Needs(Permission.Propose);
        waves.MapPut("/{name}", (RetirementId id, string name, WaveDay wanted, ClaimsPrincipal user, Decisions decisions, CancellationToken cancel) =>
            decisions.PlanWave(id, new PlanWave(name, wanted.Day, wanted.Reason, wanted.UnknownYearReason), Actor.Of(user), cancel).OrProblem()).Needs(Permission.Propose);
        waves.MapDelete("/{name}", (RetirementId id, string name, string? reason, ClaimsPrincipal user, Decisions decisions, CancellationToken cancel) =>
            decisions.RemoveWave(id, new RemoveWave(name, reason), Actor.Of(user), cancel).OrProblem()).Needs(Permission.Propose);
        var entry = api.MapGroup("/retirements/{id}/entries/{customer}").WithTags("Retirements");
        entry.MapPost("/wave", async Task<Results<NoContent, ProblemHttpResult>> (RetirementId id, CustomerKey customer, SetWave command, ClaimsPrincipal user, Decisions decisions, CancellationToken cancel) =>
            Answer(await decisions.SetWave(id, customer, command, Actor.Of(user), cancel))).Needs(Permission.Propose);
        entry.MapPost("/override", async Task<Results<NoContent, ProblemHttpResult>> (RetirementId id, CustomerKey customer, RequestOverride command, ClaimsPrincipal user, Decisions decisions, CancellationToken cancel) =>
            Answer(await decisions.RequestOverride(id, customer, command, Actor.Of(user), cancel))).Needs(Permission.Propose);
        entry.MapPost("/override/approve", async Task<Results<NoContent, ProblemHttpResult>> (RetirementId id, CustomerKey customer, ApproveOverride command, ClaimsPrincipal user, Decisions decisions, CancellationToken cancel) =>
            Answer(await decisions.ApproveOverride(id, customer, command, Actor.Of(user), cancel))).Needs(Permission.Approve);
        entry.MapPost("/override/decline", async Task<Results<NoContent, ProblemHttpResult>> (RetirementId id, CustomerKey customer, DeclineOverride command, ClaimsPrincipal user, Decisions decisions, CancellationToken cancel) =>
            Answer(await decisions.DeclineOverride(id, customer, command, Actor.Of(user), cancel))).Needs(Permission.Approve);
    }

    private static async Task<Results<Ok<IEnumerable<DatesView>>, ProblemHttpResult>> Dates(RetirementId id, FactLog log, CancellationToken cancel)
    {
        if (await log.Find(id, cancel) is not { } retirement)
            return Refusal.NotFound("retirement", "退役", id.ToString()).ToProblem();
        return TypedResults.Ok((await log.Entries(id, cancel)).Select(entry => new DatesView(
            entry.Customer, entry.Name, entry.Wave, entry.ClosesOn(retirement), entry.ClosesAt(retirement), entry.Earliest, entry.Dates.Asked, entry.Dates.Moved)));
    }

    /// <summary>When each affected customer could be closed, were notices to go out on a day; today where none is given.</summary>
    private static async Task<Results<Ok<Outlook>, ProblemHttpResult>> Outlook(RetirementId id, DateOnly? tellingOn, FactLog log, Evidence evidence, CancellationToken cancel)
    {
        if (await log.Find(id, cancel) is not { } retirement)
            return Refusal.NotFound("retirement", "退役", id.ToString()).ToProblem();
        var seen = await evidence.See(cancel);
        return TypedResults.Ok(await evidence.Outlook(retirement, AffectedCustomers.Of(retirement, seen), tellingOn ?? await evidence.Today(cancel), seen, cancel));
    }

    private static Results<NoContent, ProblemHttpResult> Answer(Outcome<Retirement> outcome) =>
        outcome.Refused(out var refusal) ? refusal.ToProblem() : TypedResults.NoContent();
}
