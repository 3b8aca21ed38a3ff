using System.Security.Claims;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Migrate;

internal sealed record FaqWanted(Text Question, Text Answer);

/// <summary>Questions and answers, for all customers or for one (G4).</summary>
internal static class FaqApi
{
    public static void MapFaq(this RouteGroupBuilder retirement)
    {
        retirement.MapPut("/faq/{faq:guid}", (RetirementId id, Guid faq, FaqWanted wanted, ClaimsPrincipal user, FactLog log, CancellationToken cancel) =>
            log.Change(id, Actor.Of(user).By, new WriteFaq(faq, wanted.Question, wanted.Answer).ForAll, cancel).OrProblem()).Needs(Permission.Contribute);

        retirement.MapDelete("/faq/{faq:guid}", (RetirementId id, Guid faq, ClaimsPrincipal user, FactLog log, CancellationToken cancel) =>
            log.Change(id, Actor.Of(user).By, new RemoveFaq(faq).Decide, cancel).OrProblem()).Needs(Permission.Contribute);

        retirement.MapPut("/entries/{customer}/faq/{faq:guid}", (RetirementId id, CustomerKey customer, Guid faq, FaqWanted wanted, ClaimsPrincipal user, FactLog log, CancellationToken cancel) =>
            log.Change(id, customer, Actor.Of(user).By, (_, entry) => new WriteFaq(faq, wanted.Question, wanted.Answer).ForOne(entry), cancel).OrProblem()).Needs(Permission.Contribute);

        retirement.MapDelete("/entries/{customer}/faq/{faq:guid}", (RetirementId id, CustomerKey customer, Guid faq, ClaimsPrincipal user, FactLog log, CancellationToken cancel) =>
            log.Change(id, customer, Actor.Of(user).By, (_, entry) => new RemoveFaq(faq).ForOne(entry), cancel).OrProblem()).Needs(Permission.Contribute);
    }
}
