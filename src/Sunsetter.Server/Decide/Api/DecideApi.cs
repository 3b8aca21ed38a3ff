using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Decide;

/// <summary>Retirements and their decide stage over HTTP: one address for each command.</summary>
internal static class DecideApi
{
    public static void MapDecide(this RouteGroupBuilder api)
    {
        var all = api.MapGroup("/retirements").WithTags("Retirements");
        all.MapGet("", List).Needs(Permission.Read);
        all.MapPost("", Propose).Needs(Permission.Propose);
        all.MapGet("/{id}", Find).Needs(Permission.Read);
        all.MapGet("/{id}/decision", Decision).Needs(Permission.Read);

        Map<RestateReasons>(all, "reasons", Permission.Propose, (command, on) => on.Change(command.Decide));
        Map<StateCost>(all, "cost", Permission.Propose, (command, on) => on.Change(command.Decide));
        Map<ListCapabilities>(all, "capabilities", Permission.Propose, (command, on) => on.Change(command.Decide));
        Map<AddAlternative>(all, "alternatives", Permission.Propose, (command, on) => on.Decisions.AddAlternative(on.Id, command, on.By, on.Cancel));
        Map<ChooseReplacement>(all, "replacement", Permission.Propose, (command, on) => on.Decisions.ChooseReplacement(on.Id, command, on.By, on.Cancel));
        Map<DropAlternative>(all, "alternatives/drop", Permission.Propose, (command, on) => on.Change(command.Decide));
        Map<CompareCapability>(all, "comparisons", Permission.Contribute, (command, on) => on.Change(command.Decide));
        Map<ExplainInstead>(all, "instead", Permission.Propose, (command, on) => on.Change(command.Decide));
        Map<GiveVoice>(all, "voices", Permission.Contribute, (command, on) => on.Change(retirement => command.Decide(retirement, on.By.Roles)));
        Map<RecordResearch>(all, "research", Permission.Contribute, (command, on) => on.Decisions.RecordResearch(on.Id, command, on.By, on.Cancel));
        Map<SettleDependent>(all, "dependents", Permission.Propose, (command, on) => on.Decisions.SettleDependent(on.Id, command, on.By, on.Cancel));
        Map<SettleDependentModule>(all, "dependent-modules", Permission.Propose, (command, on) => on.Decisions.SettleDependentModule(on.Id, command, on.By, on.Cancel));
        Map<EntitleTiers>(all, "entitled-tiers", Permission.Propose, (command, on) => on.Change(command.Decide));
        Map<AcceptUnknownUse>(all, "unknown-use", Permission.Propose, (command, on) => on.Change(command.Decide));
        Map<DeclareMajor>(all, "major", Permission.Propose, (command, on) => on.Change(command.Decide));
        Map<ApproveDecision>(all, "approve", Permission.Approve, (command, on) => on.Decisions.Approve(on.Id, command, on.By, on.Cancel));
        Map<RejectRetirement>(all, "reject", Permission.Approve, (command, on) => on.Decisions.Reject(on.Id, command, on.By, on.Cancel));
        Map<WithdrawDecision>(all, "withdraw", Permission.Propose, (command, on) => on.Change(command.Decide));
        Map<DeferRetirement>(all, "defer", Permission.Propose, (command, on) => on.Decisions.Defer(on.Id, command, on.By, on.Cancel));
        Map<ResumeRetirement>(all, "resume", Permission.Propose, (command, on) => on.Change(command.Decide));
        Map<CancelRetirement>(all, "cancel", Permission.Propose, (command, on) => on.Decisions.Cancel(on.Id, command, on.By, on.Cancel));
        Map<ScheduleRetirement>(all, "schedule", Permission.Propose, (command, on) => on.Decisions.Schedule(on.Id, command, on.By, on.Cancel));
        all.MapPost("/{id}/submit", async Task<Results<Ok<RetirementView>, ProblemHttpResult>> (RetirementId id, ClaimsPrincipal user, Decisions decisions, CancellationToken cancel) =>
            Answer(await decisions.Submit(id, Actor.Of(user), cancel))).Needs(Permission.Propose).WithName("submit-decision");
    }

    /// <summary>What a command is carried out on.</summary>
    private sealed record On(RetirementId Id, Actor By, Decisions Decisions, CancellationToken Cancel)
    {
        public Task<Outcome<Retirement>> Change(Func<Retirement, Retirements.Decision> rule) => Decisions.Change(Id, By, rule, Cancel);
    }

    // The command is read inside: endpoints are written at compile time, which cannot be done for a type that is a parameter here.
    private static void Map<TCommand>(RouteGroupBuilder all, string path, Permission needs, Func<TCommand, On, Task<Outcome<Retirement>>> carry) where TCommand : class =>
        all.MapPost($"/{{id}}/{path}", async Task<Results<Ok<RetirementView>, ProblemHttpResult>> (RetirementId id, HttpContext http, Decisions decisions) =>
            Answer(await carry(await JsonBody.Read<TCommand>(http), new On(id, Actor.Of(http.User), decisions, http.RequestAborted)))).Accepts<TCommand>("application/json").Needs(needs).WithName($"retirement-{path.Replace('/', '-')}");

    private static async Task<Ok<IEnumerable<RetirementView>>> List(Stage? stage, ModuleKey? module, FactLog log, CancellationToken cancel) =>
        TypedResults.Ok((await log.All(cancel)).Where(retirement => (stage is null || retirement.Stage == stage) && (module is null || retirement.Module == module)).Select(RetirementView.Of));

    private static async Task<Results<Created<RetirementView>, ProblemHttpResult>> Propose(ProposeRetirement command, ClaimsPrincipal user, Decisions decisions, CancellationToken cancel)
    {
        var by = Actor.Of(user);
        var owner = string.IsNullOrWhiteSpace(command.Owner) ? by.Id : People.AddressIn(command.Owner);
        var outcome = await decisions.Propose(command with { Owner = owner }, by, cancel);
        return outcome.Refused(out var refusal) ? refusal.ToProblem() : TypedResults.Created($"/api/v1/retirements/{outcome.Value.Id}", RetirementView.Of(outcome.Value));
    }

    private static async Task<Results<Ok<RetirementView>, ProblemHttpResult>> Find(RetirementId id, FactLog log, CancellationToken cancel) =>
        await log.Find(id, cancel) is { } retirement ? TypedResults.Ok(RetirementView.Of(retirement)) : Refusal.NotFound("retirement", "退役", id.ToString()).ToProblem();

    private static async Task<Results<Ok<DecisionView>, ProblemHttpResult>> Decision(RetirementId id, FactLog log, Evidence evidence, CancellationToken cancel)
    {
        if (await log.Find(id, cancel) is not { } retirement)
            return Refusal.NotFound("retirement", "退役", id.ToString()).ToProblem();
        var ground = await evidence.Ground(retirement, await evidence.See(cancel), cancel);
        return TypedResults.Ok(new DecisionView(
            RetirementView.Of(retirement), retirement.Deciding, DecisionGaps.Of(retirement, ground), ground.Flagged,
            [.. ground.Affected.Select(customer => new AffectedView(customer.Key, customer.Opening.Name, customer.Opening.Tier, customer.Opening.Class, customer.LastUse, customer.ByTier))]));
    }

    private static Results<Ok<RetirementView>, ProblemHttpResult> Answer(Outcome<Retirement> outcome) =>
        outcome.Refused(out var refusal) ? refusal.ToProblem() : TypedResults.Ok(RetirementView.Of(outcome.Value));
}
