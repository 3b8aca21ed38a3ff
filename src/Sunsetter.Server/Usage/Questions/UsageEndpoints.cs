using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Usage;

/// <summary>
/// The questions of <see cref="UsageQuestions"/> over HTTP. Without <c>until</c> the last day is today; without <c>since</c> refused calls count from the closing, or for 14 days where
/// nobody is closed.
/// </summary>
internal static class UsageEndpoints
{
    private const int MostDays = 2_000;

    // A trend needs twice 28 days.
    private const int Fewest = 2 * UsageQuestions.Month;
    private const int MostOfNeighbours = 400;

    // Of each customer.
    private const int MostRefusedUsers = 100;

    public static void Map(RouteGroupBuilder api)
    {
        var module = api.MapGroup("/modules/{module}/usage").Needs(Permission.Read).AddEndpointFilter<RouteGroupBuilder, SensibleDays>();
        module.MapGet("/", Activity).AddEndpointFilter(new NeedsDays(91, Fewest));
        module.MapGet("/customers", Customers).AddEndpointFilter(new NeedsDays(91, Fewest));
        module.MapGet("/overlap", Overlaps).AddEndpointFilter(new NeedsDays(30));
        module.MapGet("/not-moved", NotMoved).AddEndpointFilter(new NeedsDays(30));
        module.MapGet("/standings", Standings).AddEndpointFilter(NeedsDays.Always(HiddenDependents.History));
        module.MapGet("/retention", Retention).AddEndpointFilter(NeedsDays.Weeks(13, 1, before: 365));
        module.MapGet("/neighbours", Neighbours).AddEndpointFilter(new NeedsDays(28, most: MostOfNeighbours));
        module.MapGet("/history", History);
        module.MapGet("/refused", Refused);
        module.MapGet("/coverage", Coverage);
        module.MapGet("/dependents", Dependents).AddEndpointFilter(NeedsDays.Always(HiddenDependents.History));
        module.MapPut("/dependents/{customer}/{kind}", Judge).Needs(Permission.Contribute);
        api.MapGet("/usage/modules", Modules).Needs(Permission.Read).AddEndpointFilter<SensibleDays>().AddEndpointFilter(NeedsDays.Weeks(13, 8));
        api.MapGet("/usage/sources/ended", Ended).Needs(Permission.Read);
        api.MapPut("/usage/sources/ended", End).Needs(Permission.Administer);
        api.MapGet("/customers/{customer}/usage", OfCustomer).Needs(Permission.Read).AddEndpointFilter<SensibleDays>().AddEndpointFilter(NeedsDays.Weeks(13, 8));
    }

    private static async Task<Ok<ModuleActivity>> Activity(ModuleKey module, DateOnly? until, int? days, UsageQuestions usage, TimeProvider clock, CancellationToken cancel) =>
        TypedResults.Ok(await usage.Activity(module, until ?? Today(clock), days ?? 91, cancel));

    private static async Task<Ok<UsageRows<CustomerActivity>>> Customers(ModuleKey module, DateOnly? until, int? days, string? order, UsageQuestions usage, TimeProvider clock, CancellationToken cancel)
    {
        var stretch = new Stretch(until ?? Today(clock), Math.Max(Fewest, days ?? 91));
        var customers = await usage.Customers(module, stretch.Until, stretch.Days, cancel);
        return await stretch.Rows(usage, order == "last-use" ? [.. customers.OrderByDescending(customer => customer.LastUse)] : customers, module, null, cancel);
    }

    private static async Task<Ok<UsageRows<Overlap>>> Overlaps(ModuleKey module, ModuleKey replacement, DateOnly? until, int? days, UsageQuestions usage, TimeProvider clock, CancellationToken cancel)
    {
        var stretch = new Stretch(until ?? Today(clock), days ?? 30);
        return await stretch.Rows(usage, await usage.Overlaps(module, replacement, stretch.Until, stretch.Days, cancel), module, replacement, cancel);
    }

    private static async Task<Ok<UsageRows<UserOnOld>>> NotMoved(
        ModuleKey module, ModuleKey replacement, CustomerKey? customer, DateOnly? until, int? days, int? most, ClaimsPrincipal user, UsageQuestions usage, TimeProvider clock, CancellationToken cancel)
    {
        var stretch = new Stretch(until ?? Today(clock), days ?? 30);
        var users = await usage.UsersNotMoved(module, replacement, customer, stretch.Until, stretch.Days, Math.Clamp(most ?? 1_000, 1, 10_000), cancel);
        return await stretch.Rows(usage, Actor.Of(user).May(Permission.SeeUsers) ? users : [.. users.Select(one => one with { Name = null })], module, replacement, cancel);
    }

    private static async Task<Ok<UsageRows<CustomerStanding>>> Standings(ModuleKey module, ModuleKey replacement, DateOnly? until, UsageQuestions usage, TimeProvider clock, CancellationToken cancel)
    {
        var stretch = new Stretch(until ?? Today(clock), UsageQuestions.LookBack);
        return await stretch.Rows(usage, await usage.Standings(module, replacement, stretch.Until, cancel), module, replacement, cancel);
    }

    private static async Task<Ok<UsageRows<RetentionCohort>>> Retention(ModuleKey module, DateOnly? until, int? weeks, UsageQuestions usage, TimeProvider clock, CancellationToken cancel)
    {
        var stretch = new Stretch(until ?? Today(clock), 7 * Math.Clamp(weeks ?? 13, 1, 60));
        return await stretch.Rows(usage, await usage.Retention(module, stretch.Until, weeks ?? 13, cancel), module, null, cancel);
    }

    private static async Task<Ok<UsageRows<Neighbour>>> Neighbours(ModuleKey module, DateOnly? until, int? days, UsageQuestions usage, TimeProvider clock, CancellationToken cancel)
    {
        var stretch = new Stretch(until ?? Today(clock), Math.Min(MostOfNeighbours, days ?? 28));
        return await stretch.Rows(usage, await usage.Neighbours(module, stretch.Until, stretch.Days, cancel), module, null, cancel);
    }

    private static async Task<Results<Ok<UsageRows<PeriodActivity>>, ProblemHttpResult>> History(
        ModuleKey module, string? by, DateOnly? from, DateOnly? until, UsageQuestions usage, TimeProvider clock, CancellationToken cancel)
    {
        if (!Enum.TryParse<UsagePeriod>(by ?? nameof(UsagePeriod.Month), ignoreCase: true, out var period) || !Enum.IsDefined(period))
            return new Refusal("usage.period", $"“{by}” is no stretch of time. Ask by month or by week.", $"没有“{by}”这种时间段，请按 month（月）或 week（周）查询。", StatusCodes.Status400BadRequest).ToProblem();
        var last = until ?? Today(clock);
        var first = from ?? last.AddYears(-3);
        if (first > last || last.DayNumber - first.DayNumber > MostDays)
            return WrongDays.ToProblem();
        var history = await usage.History(module, period, first, last, cancel);
        if (history.Refused(out var refusal))
            return refusal.ToProblem();
        // Where nobody named a day, what lies before the first report of all was not asked about.
        var coverage = await usage.Coverage(module, first, last, cancel);
        if (from is null && coverage.First is { } begun && begun > first && begun <= last)
            coverage = await usage.Coverage(module, begun, last, cancel);
        return TypedResults.Ok(new UsageRows<PeriodActivity>(history.Value, coverage));
    }

    private static async Task<Ok<RefusedAnswer>> Refused(ModuleKey module, DateTimeOffset? since, ClaimsPrincipal user, UsageQuestions usage, ClosedSince closed, TimeProvider clock, CancellationToken cancel)
    {
        var start = since ?? await closed.Of(module, cancel) ?? clock.GetUtcNow().AddDays(-14);
        var refused = await usage.Refused(module, start, MostRefusedUsers, cancel);
        var (first, last) = (DateOnly.FromDateTime(start.UtcDateTime), Today(clock));
        var coverage = await usage.Coverage(module, first < last.AddDays(-MostDays) ? last.AddDays(-MostDays) : first < last ? first : last, last, cancel);
        return TypedResults.Ok(new RefusedAnswer(start, refused.Calls, refused.Hours, Actor.Of(user).May(Permission.SeeUsers) ? refused.Customers
            : [.. refused.Customers.Select(customer => customer with { Users = [.. customer.Users.Select(one => one with { Name = null })] })], coverage));
    }

    private static async Task<Results<Ok<Coverage>, ProblemHttpResult>> Coverage(ModuleKey module, DateOnly? from, DateOnly? until, UsageQuestions usage, TimeProvider clock, CancellationToken cancel)
    {
        var last = until ?? Today(clock);
        var first = from ?? last.AddDays(-90);
        return first > last || last.DayNumber - first.DayNumber > MostDays ? WrongDays.ToProblem() : TypedResults.Ok(await usage.Coverage(module, first, last, cancel));
    }

    private static async Task<Ok<DependentsAnswer>> Dependents(ModuleKey module, DateOnly? until, UsageQuestions usage, FlagVerdicts verdicts, TimeProvider clock, CancellationToken cancel)
    {
        var last = until ?? Today(clock);
        return TypedResults.Ok(new DependentsAnswer(
            await usage.HiddenDependents(module, last, cancel), await verdicts.Of(module, cancel), await usage.Coverage(module, last.AddDays(1 - UsageQuestions.Foresight), last, cancel), await usage.OtherCurrencies(cancel)));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Judge(
        ModuleKey module, CustomerKey customer, string kind, FlagWord word, ClaimsPrincipal user, FlagVerdicts verdicts, CancellationToken cancel)
    {
        if (!Enum.TryParse<DependenceKind>(kind.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var known) || !Enum.IsDefined(known))
            return Refusal.NotFound("kind of dependence", "依赖类型", kind).ToProblem();
        var said = await verdicts.Say(module, customer, known, word.Confirmed, word.Reason, Actor.Of(user).Id, cancel);
        return said.Refused(out var refusal) ? refusal.ToProblem() : TypedResults.NoContent();
    }

    private static async Task<Ok<IReadOnlyCollection<SourceEnd>>> Ended(EndedSources sources, CancellationToken cancel) =>
        TypedResults.Ok<IReadOnlyCollection<SourceEnd>>([.. (await sources.All(cancel)).Values.OrderBy(end => end.Source, StringComparer.Ordinal)]);

    private static async Task<Results<NoContent, ProblemHttpResult>> End(EndWord word, ClaimsPrincipal user, EndedSources sources, CancellationToken cancel) =>
        (await sources.Say(word.Source ?? "", word.Day, word.Reason, Actor.Of(user).Id, cancel)).Refused(out var refusal) ? refusal.ToProblem() : TypedResults.NoContent();

    private static async Task<Ok<IReadOnlyList<ModuleGlance>>> Modules(DateOnly? until, int? weeks, UsageQuestions usage, TimeProvider clock, CancellationToken cancel) =>
        TypedResults.Ok(await usage.Glances(until ?? Today(clock), weeks ?? 13, cancel));

    private static async Task<Ok<IReadOnlyList<CustomerModuleUse>>> OfCustomer(CustomerKey customer, DateOnly? until, int? weeks, UsageQuestions usage, TimeProvider clock, CancellationToken cancel) =>
        TypedResults.Ok(await usage.OfCustomer(customer, until ?? Today(clock), weeks ?? 13, cancel));

    private static DateOnly Today(TimeProvider clock) => clock.Today(TimeZoneInfo.Utc);

    private static readonly Refusal WrongDays = new("usage.days", "“from” must not be after “until”, and 2,000 days at most before it.", "“from”不得晚于“until”，且最多早 2,000 天。", StatusCodes.Status400BadRequest);

    /// <summary>The days of a question, as the questions bound them.</summary>
    private readonly record struct Stretch(DateOnly Until, int Asked)
    {
        public int Days => Math.Clamp(Asked, 1, 800);

        /// <summary>The rows with the coverage of their days.</summary>
        public async Task<Ok<UsageRows<T>>> Rows<T>(UsageQuestions usage, IReadOnlyList<T> rows, ModuleKey module, ModuleKey? replacement, CancellationToken cancel)
        {
            var from = Until.AddDays(1 - Days);
            return TypedResults.Ok(new UsageRows<T>(rows, await usage.Coverage(module, from, Until, cancel), replacement is { } other ? await usage.Coverage(other, from, Until, cancel) : null));
        }
    }
}
