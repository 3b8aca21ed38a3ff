using System.Security.Claims;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Migrate;

internal sealed record SignOffGiven(string? Evidence, string? Link);

/// <summary>The replacement's sign-off (G1).</summary>
internal static class ReadinessApi
{
    public static void MapReadiness(this RouteGroupBuilder retirement)
    {
        retirement.MapPost("/replacement/sign-off", (RetirementId id, SignOffGiven given, ClaimsPrincipal user, FactLog log, CancellationToken cancel) =>
            log.Change(id, Actor.Of(user).By, new SignOffReplacement(given.Evidence ?? "", given.Link).Decide, cancel).OrProblem()).Needs(Permission.SignOff);

        retirement.MapPost("/replacement/sign-off/withdraw", (RetirementId id, ReasonGiven given, ClaimsPrincipal user, FactLog log, CancellationToken cancel) =>
            log.Change(id, Actor.Of(user).By, new WithdrawSignOff(given.Reason ?? "").Decide, cancel).OrProblem()).Needs(Permission.SignOff);
    }
}
