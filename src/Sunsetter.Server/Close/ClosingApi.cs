using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Close;

internal sealed record GoGiven(string? Module, string? Note);

internal sealed record RestoreWanted(string? Reason, DateTimeOffset? Until)
{
    public RestoreModule Command() => new(Reason ?? "", Until ?? default);
}

/// <param name="OnWorkingDays">A customer who does not work on the day, by the calendar of their country, has it on the next day on which they do.</param>
internal sealed record BrownoutWanted(DateOnly Day, TimeOnly At, int Minutes, bool InCustomersZone, string? Reason, bool OnWorkingDays = false)
{
    public Brownout Brownout() => new(Day, At, Minutes, InCustomersZone) { OnWorkingDays = OnWorkingDays };
}

/// <param name="Shares">Empty: all users of a customer close at once.</param>
internal sealed record GradualWanted(IReadOnlyList<GradualShare>? Shares, string? Reason);

internal sealed record WhyGiven(string? Reason);

/// <summary>Go/no-go, rehearsals and the way back over HTTP (C1, C5).</summary>
internal static class ClosingApi
{
    public static void MapClosing(this RouteGroupBuilder retirement)
    {
        retirement.MapGet("/closing/checks", async Task<Results<Ok<IReadOnlyList<Check>>, ProblemHttpResult>> (RetirementId id, FactLog log, Grounds grounds, CancellationToken cancel) =>
            await log.Find(id, cancel) is { } state
                ? TypedResults.Ok(GoNoGo.Of(state, await log.Entries(id, cancel), await grounds.Of(id, cancel)))
                : Refusal.NotFound("retirement", "退役", id.ToString()).ToProblem()).Needs(Permission.Read);

        retirement.MapPost("/closing/confirm", async (RetirementId id, GoGiven given, ClaimsPrincipal user, FactLog log, Grounds grounds, CancellationToken cancel) =>
        {
            var ground = await grounds.Of(id, cancel);
            var command = new ConfirmClosing(given.Module ?? "", given.Note ?? "", Actor.Of(user).Id);
            return await log.Change(id, Actor.Of(user).By, (state, entries) => command.Decide(state, entries, ground), cancel).OrProblem();
        }).Needs(Permission.Close);

        retirement.MapPost("/brownouts", async (RetirementId id, BrownoutWanted wanted, ClaimsPrincipal user, FactLog log, Grounds grounds, CancellationToken cancel) =>
        {
            var ground = await grounds.Of(id, cancel);
            var command = new ScheduleBrownout(wanted.Brownout(), wanted.Reason ?? "");
            return await log.Change(id, Actor.Of(user).By, (state, entries) => command.Decide(state, entries, ground.Days, ground.Rules, ground.Now), cancel).OrProblem();
        }).Needs(Permission.Close);

        retirement.MapPost("/brownouts/withdraw", (RetirementId id, BrownoutWanted wanted, ClaimsPrincipal user, FactLog log, CancellationToken cancel) =>
            log.Change(id, Actor.Of(user).By, new WithdrawBrownout(wanted.Brownout(), wanted.Reason ?? "").Decide, cancel).OrProblem()).Needs(Permission.Close);

        retirement.MapPut("/gradual", async (RetirementId id, GradualWanted wanted, ClaimsPrincipal user, FactLog log, Grounds grounds, CancellationToken cancel) =>
        {
            var ground = await grounds.Of(id, cancel);
            var command = new SetGradualClosing(wanted.Shares ?? [], wanted.Reason ?? "");
            return await log.Change(id, Actor.Of(user).By, (state, entries) => command.Decide(state, entries, ground.Rules, ground.Now), cancel).OrProblem();
        }).Needs(Permission.Close);
    }

    public static void MapRestores(this RouteGroupBuilder retirement)
    {
        retirement.MapPost("/restore", (RetirementId id, RestoreWanted wanted, ClaimsPrincipal user, Restores restores, CancellationToken cancel) =>
            restores.ForAll(id, wanted.Command(), Actor.Of(user).By, cancel).OrProblem()).Needs(Permission.Close);

        retirement.MapPost("/restore/end", (RetirementId id, WhyGiven given, ClaimsPrincipal user, FactLog log, CancellationToken cancel) =>
            log.Change(id, Actor.Of(user).By, new EndRestore(given.Reason ?? "").ForAll, cancel).OrProblem()).Needs(Permission.Close);

        retirement.MapPost("/entries/{customer}/restore", (RetirementId id, CustomerKey customer, RestoreWanted wanted, ClaimsPrincipal user, Restores restores, CancellationToken cancel) =>
            restores.ForOne(id, customer, wanted.Command(), Actor.Of(user).By, cancel).OrProblem()).Needs(Permission.Close);

        retirement.MapPost("/entries/{customer}/restore/end", (RetirementId id, CustomerKey customer, WhyGiven given, ClaimsPrincipal user, FactLog log, CancellationToken cancel) =>
            log.Change(id, customer, Actor.Of(user).By, (_, entry) => new EndRestore(given.Reason ?? "").ForOne(entry), cancel).OrProblem()).Needs(Permission.Close);
    }
}
