using System.Security.Claims;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Migrate;

internal sealed record ExtensionWanted(DateOnly? Until, string? Reason, string? Contact);

internal sealed record ReasonGiven(string? Reason);

/// <summary>More time for one customer: asked, granted, refused (G7).</summary>
internal static class ExtensionApi
{
    public static void MapExtensions(this RouteGroupBuilder entry)
    {
        entry.MapPost("/extension-request", async (RetirementId id, CustomerKey customer, ExtensionWanted wanted, ClaimsPrincipal user, FactLog log, Settings settings, TimeProvider clock, CancellationToken cancel) =>
        {
            var rules = await settings.Get<MigrationRules>(cancel);
            var (actor, now) = (Actor.Of(user), clock.GetUtcNow());
            var command = new RequestExtension(Guid.CreateVersion7(), wanted.Until ?? default, wanted.Reason ?? "", wanted.Contact ?? actor.Id);
            return await log.Change(id, customer, actor.By, (retirement, entry) => command.Decide(retirement, entry, rules, now), cancel).OrProblem();
        }).Needs(Permission.Contribute);

        entry.MapPost("/extension", async (RetirementId id, CustomerKey customer, ExtensionWanted wanted, ClaimsPrincipal user, FactLog log, Settings settings, Calendars calendars, TimeProvider clock, CancellationToken cancel) =>
        {
            var (rules, days) = (await settings.Get<MigrationRules>(cancel), await calendars.ClosingDays(cancel));
            var now = clock.GetUtcNow();
            var command = new GrantExtension(wanted.Until ?? default, wanted.Reason ?? "");
            return await log.Change(id, customer, Actor.Of(user).By, (retirement, entry) => command.Decide(retirement, entry, rules, days, now), cancel).OrProblem();
        }).Needs(Permission.Follow);

        entry.MapPost("/extension/refuse", (RetirementId id, CustomerKey customer, ReasonGiven given, ClaimsPrincipal user, FactLog log, CancellationToken cancel) =>
            log.Change(id, customer, Actor.Of(user).By, (_, entry) => new RefuseExtension(given.Reason ?? "").Decide(entry), cancel).OrProblem()).Needs(Permission.Follow);
    }
}
