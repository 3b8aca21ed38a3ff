using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Usage;

/// <summary>The questions of <see cref="UsageQuestions"/> over HTTP. Without <c>until</c> the last day is today.</summary>
internal static class UsageEndpoints
{
    public static void Map(RouteGroupBuilder api)
    {
        var module = api.MapGroup("/modules/{module}/usage").Needs(Permission.Read);
        module.MapGet("/", Activity).AddEndpointFilter(new NeedsDays(91));
        module.MapGet("/customers", Customers).AddEndpointFilter(new NeedsDays(91));
        module.MapGet("/overlap", Overlaps).AddEndpointFilter(new NeedsDays(30));
        module.MapGet("/not-moved", NotMoved).AddEndpointFilter(new NeedsDays(30));
        module.MapGet("/standings", Standings).AddEndpointFilter(new NeedsDays(800));
        module.MapGet("/retention", Retention).AddEndpointFilter(new NeedsDays(784));
        module.MapGet("/neighbours", Neighbours).AddEndpointFilter(new NeedsDays(28));
        module.MapGet("/history", History);
        module.MapGet("/refused", Refused);
        module.MapGet("/coverage", Coverage);
        module.MapGet("/dependents", Dependents).AddEndpointFilter(new NeedsDays(800));
        module.MapPut("/dependents/{customer}/{kind}", Judge).Needs(Permission.Contribute);
        api.MapGet("/usage/modules", Modules).Needs(Permission.Read);
        api.MapGet("/customers/{customer}/usage", OfCustomer).Needs(Permission.Read);
    }

    private static async Task<Ok<ModuleActivity>> Activity(ModuleKey module, DateOnly? until, int? days, UsageQuestions usage, TimeProvider clock, CancellationToken cancel) =>
        TypedResults.Ok(await usage.Activity(module, until ?? Today(clock), days ?? 91, cancel));

    private static async Task<Ok<IReadOnlyList<CustomerActivity>>> Customers(ModuleKey module, DateOnly? until, int? days, UsageQuestions usage, TimeProvider clock, CancellationToken cancel) =>
        TypedResults.Ok(await usage.Customers(module, until ?? Today(clock), days ?? 91, cancel));

    private static async Task<Ok<IReadOnlyList<Overlap>>> Overlaps(ModuleKey module, ModuleKey replacement, DateOnly? until, int? days, UsageQuestions usage, TimeProvider clock, CancellationToken cancel) =>
        TypedResults.Ok(await usage.Overlaps(module, replacement, until ?? Today(clock), days ?? 30, cancel));

    private static async Task<Ok<IReadOnlyList<UserOnOld>>> NotMoved(
        ModuleKey module, ModuleKey replacement, CustomerKey? customer, DateOnly? until, int? days, int? most, ClaimsPrincipal user, UsageQuestions usage, TimeProvider clock, CancellationToken cancel)
    {
        var users = await usage.UsersNotMoved(module, replacement, customer, until ?? Today(clock), days ?? 30, most ?? 1_000, cancel);
        return TypedResults.Ok<IReadOnlyList<UserOnOld>>(Actor.Of(user).May(Permission.SeeUsers) ? users : [.. users.Select(one => one with { Name = null })]);
    }

    private static async Task<Ok<IReadOnlyList<CustomerStanding>>> Standings(ModuleKey module, ModuleKey replacement, DateOnly? until, UsageQuestions usage, TimeProvider clock, CancellationToken cancel) =>
        TypedResults.Ok(await usage.Standings(module, replacement, until ?? Today(clock), cancel));

    private static async Task<Ok<IReadOnlyList<RetentionCohort>>> Retention(ModuleKey module, DateOnly? until, int? weeks, UsageQuestions usage, TimeProvider clock, CancellationToken cancel) =>
        TypedResults.Ok(await usage.Retention(module, until ?? Today(clock), weeks ?? 13, cancel));

    private static async Task<Ok<IReadOnlyList<Neighbour>>> Neighbours(ModuleKey module, DateOnly? until, int? days, UsageQuestions usage, TimeProvider clock, CancellationToken cancel) =>
        TypedResults.Ok(await usage.Neighbours(module, until ?? Today(clock), days ?? 28, cancel));

    private static async Task<Results<Ok<List<PeriodActivity>>, ProblemHttpResult>> History(
        ModuleKey module, UsagePeriod? by, DateOnly? from, DateOnly? until, UsageQuestions usage, TimeProvider clock, CancellationToken cancel)
    {
        var last = until ?? Today(clock);
        var history = await usage.History(module, by ?? UsagePeriod.Month, from ?? last.AddYears(-3), last, cancel);
        return history.Refused(out var refusal) ? refusal.ToProblem() : TypedResults.Ok(history.Value);
    }

    private static async Task<Ok<RefusedCalls>> Refused(ModuleKey module, DateTimeOffset? since, ClaimsPrincipal user, UsageQuestions usage, TimeProvider clock, CancellationToken cancel)
    {
        var refused = await usage.Refused(module, since ?? clock.GetUtcNow().AddDays(-14), cancel);
        return TypedResults.Ok(Actor.Of(user).May(Permission.SeeUsers) ? refused
            : refused with { Customers = [.. refused.Customers.Select(customer => customer with { Users = [.. customer.Users.Select(one => one with { Name = null })] })] });
    }

    private static async Task<Results<Ok<Coverage>, ProblemHttpResult>> Coverage(ModuleKey module, DateOnly? from, DateOnly? until, UsageQuestions usage, TimeProvider clock, CancellationToken cancel)
    {
        var last = until ?? Today(clock);
        var first = from ?? last.AddDays(-90);
        return first > last || last.DayNumber - first.DayNumber > 2_000
            ? new Refusal("usage.days", "“from” must not be after “until”, and 2,000 days at most before it.", "“from” 不得晚于 “until”，且最多早 2,000 天。", StatusCodes.Status400BadRequest).ToProblem()
            : TypedResults.Ok(await usage.Coverage(module, first, last, cancel));
    }

    private static async Task<Ok<DependentsAnswer>> Dependents(ModuleKey module, DateOnly? until, UsageQuestions usage, FlagVerdicts verdicts, TimeProvider clock, CancellationToken cancel) =>
        TypedResults.Ok(new DependentsAnswer(await usage.HiddenDependents(module, until ?? Today(clock), cancel), await verdicts.Of(module, cancel)));

    private static async Task<Results<NoContent, ProblemHttpResult>> Judge(
        ModuleKey module, CustomerKey customer, string kind, FlagWord word, ClaimsPrincipal user, FlagVerdicts verdicts, CancellationToken cancel)
    {
        if (!Enum.TryParse<DependenceKind>(kind.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var known))
            return Refusal.NotFound("kind of dependence", "依赖类型", kind).ToProblem();
        var said = await verdicts.Say(module, customer, known, word.Confirmed, word.Reason, Actor.Of(user).Id, cancel);
        return said.Refused(out var refusal) ? refusal.ToProblem() : TypedResults.NoContent();
    }

    private static async Task<Ok<IReadOnlyList<ModuleGlance>>> Modules(DateOnly? until, int? weeks, UsageQuestions usage, TimeProvider clock, CancellationToken cancel) =>
        TypedResults.Ok(await usage.Glances(until ?? Today(clock), weeks ?? 13, cancel));

    private static async Task<Ok<IReadOnlyList<CustomerModuleUse>>> OfCustomer(CustomerKey customer, DateOnly? until, int? weeks, UsageQuestions usage, TimeProvider clock, CancellationToken cancel) =>
        TypedResults.Ok(await usage.OfCustomer(customer, until ?? Today(clock), weeks ?? 13, cancel));

    private static DateOnly Today(TimeProvider clock) => clock.Today(TimeZoneInfo.Utc);
}

/// <summary>Hidden dependents with what people said about their flags.</summary>
internal sealed record DependentsAnswer(IReadOnlyList<HiddenDependent> Dependents, IReadOnlyList<FlagVerdict> Verdicts);

/// <summary>A person's word on one flag.</summary>
internal sealed record FlagWord(bool Confirmed, string? Reason);
