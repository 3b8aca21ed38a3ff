using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Sunsetter.Server.Announce.Duties;
using Sunsetter.Server.Announce.Reach;
using Sunsetter.Server.Announce.Telling;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Announce;

internal sealed record DutyAssignment(string Person);

internal sealed record Noted(string? Note);

internal sealed record Reasoned(string? Reason);

internal sealed record TalkTrackTexts(string? En, string? Zh);

internal sealed record NewConversation(ConversationKind Kind, DateOnly On, string? With, string? Outcome, bool Told, bool Acknowledged);

internal sealed record LostContact(string? Email, string? Reason);

internal sealed record NoticeView(string Subject, string Html, string Text, string Language, IReadOnlyList<FindingView> Findings);

internal sealed record FindingView(string Part, string Sentence);

/// <summary>The announce stage over HTTP: the same commands as on its page.</summary>
internal static class AnnounceApi
{
    public static void MapAnnounce(this RouteGroupBuilder api)
    {
        var one = api.MapGroup("/retirements/{id}");
        one.MapGet("/duties", async Task<Results<Ok<IReadOnlyList<DutyState>>, ProblemHttpResult>> (RetirementId id, FactLog log, CancellationToken cancel) =>
            await log.Find(id, cancel) is { } retirement ? TypedResults.Ok<IReadOnlyList<DutyState>>(retirement.Announcing.Duties) : Unknown(id)).Needs(Permission.Read);
        one.MapPost("/duties/{duty}/assign", async (RetirementId id, string duty, DutyAssignment wanted, ClaimsPrincipal user, FactLog log, People people, CancellationToken cancel) =>
            await people.Nobody(wanted.Person, "person", cancel) is { } nobody
                ? nobody.ToProblem()
                : await Do(log, id, user, (retirement, _) => new AssignDuty(duty, wanted.Person!).Decide(retirement), cancel)).Needs(Permission.Announce);
        one.MapPost("/duties/{duty}/acknowledge", (RetirementId id, string duty, ClaimsPrincipal user, FactLog log, CancellationToken cancel) =>
            Do(log, id, user, (retirement, actor) => new AcknowledgeDuty(duty).Decide(retirement, actor), cancel)).Needs(Permission.Contribute);
        one.MapPost("/duties/{duty}/done", (RetirementId id, string duty, Noted wanted, ClaimsPrincipal user, FactLog log, CancellationToken cancel) =>
            Do(log, id, user, (retirement, actor) => new CompleteDuty(duty, wanted.Note ?? "").Decide(retirement, actor), cancel)).Needs(Permission.Contribute);

        one.MapPut("/talk-tracks", (RetirementId id, TalkTrackTexts wanted, ClaimsPrincipal user, FactLog log, CancellationToken cancel) =>
            Do(log, id, user, (retirement, actor) => WriteTalkTracks.MayBeWrittenBy(actor)
                ? new WriteTalkTracks(new Text(wanted.En ?? "", wanted.Zh ?? "")).Decide(retirement) : Refusal.Forbidden(Permission.Support.Scope()), cancel)).Needs(Permission.Read);
        one.MapPost("/talk-tracks/confirm", (RetirementId id, ClaimsPrincipal user, FactLog log, CancellationToken cancel) =>
            Do(log, id, user, (retirement, _) => new ConfirmTalkTracks().Decide(retirement), cancel)).Needs(Permission.Support);

        one.MapPost("/notices/release", async (RetirementId id, ClaimsPrincipal user, ReleaseDesk desk, CancellationToken cancel) =>
            Answer(await desk.Release(id, Actor.Of(user), cancel))).Needs(Permission.Announce);
        one.MapPost("/notices/pause", async (RetirementId id, Reasoned wanted, ClaimsPrincipal user, FactLog log, TimeProvider clock, CancellationToken cancel) =>
            Answer(await log.Change(id, Actor.Of(user).By, (retirement, entries) => new PauseNotices(wanted.Reason ?? "").Decide(retirement, entries, Today.Of(retirement, clock.GetUtcNow())), cancel))).Needs(Permission.Announce);
        one.MapPost("/announcement/publish", async (RetirementId id, ClaimsPrincipal user, ReleaseDesk desk, CancellationToken cancel) =>
            Answer(await desk.Publish(id, Actor.Of(user), cancel))).Needs(Permission.Announce);
        one.MapPost("/migration/start", async (RetirementId id, ClaimsPrincipal user, ReleaseDesk desk, CancellationToken cancel) =>
            Answer(await desk.StartMigration(id, Actor.Of(user), cancel))).Needs(Permission.Announce);

        one.MapGet("/entries/{customer}/notice", Preview).Needs(Permission.Read);
        one.MapPost("/entries/{customer}/conversations", async (RetirementId id, CustomerKey customer, NewConversation wanted, ClaimsPrincipal user, FactLog log, TimeProvider clock, CancellationToken cancel) =>
            Answer(await log.Change(id, customer, Actor.Of(user).By, (retirement, entry) =>
                new LogConversation(wanted.Kind, wanted.On, wanted.With ?? "", wanted.Outcome ?? "", wanted.Told, wanted.Acknowledged).Decide(entry, Today.Of(retirement, clock.GetUtcNow())), cancel))).Needs(Permission.Contribute);
        one.MapPost("/entries/{customer}/contacts/lost", async (RetirementId id, CustomerKey customer, LostContact wanted, ClaimsPrincipal user, FactLog log, CancellationToken cancel) =>
            Answer(await log.Change(id, customer, Actor.Of(user).By, (_, entry) => new LoseContact((wanted.Email ?? "").Trim().ToLowerInvariant(), wanted.Reason ?? "").Decide(entry), cancel))).Needs(Permission.Follow);
        one.MapPost("/entries/{customer}/contacts/found", async (RetirementId id, CustomerKey customer, LostContact wanted, ClaimsPrincipal user, FoundContacts contacts, CancellationToken cancel) =>
            Answer(await contacts.Find(id, customer, new FindContact((wanted.Email ?? "").Trim().ToLowerInvariant(), wanted.Reason ?? ""), Actor.Of(user), cancel))).Needs(Permission.Follow);
    }

    private static async Task<Results<Ok<NoticeView>, ProblemHttpResult>> Preview(
        RetirementId id, CustomerKey customer, string? locale, NoticeKind? kind, FactLog log, NoticeDesks desks, CancellationToken cancel)
    {
        if (await log.Find(id, cancel) is not { } retirement)
            return Unknown(id);
        if (await log.FindEntry(id, customer, cancel) is not { } entry)
            return Refusal.NotFound("customer", "客户", customer.Value).ToProblem();
        var written = (await desks.Open(retirement, cancel, entry.Customer)).Write(entry, kind ?? NoticeKind.First, null, locale ?? entry.Locale, entry.Reach.Latest?.ClosesOn);
        return written.Refused(out var refusal) ? refusal.ToProblem()
            : TypedResults.Ok(new NoticeView(written.Value.Letter.Subject, written.Value.Body, written.Value.Letter.Text, written.Value.Letter.Language,
                [.. written.Value.Findings.Select(finding => new FindingView(finding.Part.ToString(), finding.Sentence.ToString()))]));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Do(FactLog log, RetirementId id, ClaimsPrincipal user, Func<Retirement, Actor, Decision> rule, CancellationToken cancel)
    {
        var actor = Actor.Of(user);
        return Answer(await log.Change(id, actor.By, retirement => rule(retirement, actor), cancel));
    }

    private static Results<NoContent, ProblemHttpResult> Answer(Outcome<Retirement> outcome) =>
        outcome.Refused(out var refusal) ? refusal.ToProblem() : TypedResults.NoContent();

    private static ProblemHttpResult Unknown(RetirementId id) => Refusal.NotFound("retirement", "退役", id.ToString()).ToProblem();
}
