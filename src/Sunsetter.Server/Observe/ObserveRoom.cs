using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Observe;

/// <summary>Stage 5: nobody is left outside.</summary>
internal static class ObserveRoom
{
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<Watch>();
        services.AddSingleton<Finishing>();
        services.AddScoped<ClosingReport>();
        services.AddSingleton<IDueStep, GatherRefusedCalls>();
        services.AddSingleton<IDueStep, FindAnomalies>();
        services.AddSingleton<INeeds, ObserveNeeds>();
        services.AddSingleton<IBlockers, ObserveBlockers>();
    }

    public static void Map(WebApplication app, RouteGroupBuilder api)
    {
        var one = api.MapGroup("/retirements/{id}");

        one.MapGet("/observation", async Task<Results<Ok<ObservationView>, ProblemHttpResult>> (RetirementId id, FactLog log, Watch watch, TimeProvider clock, CancellationToken cancel) =>
        {
            if (await log.Find(id, cancel) is not { } retirement)
                return Refusal.NotFound("retirement", "退役", id.ToString()).ToProblem();
            var seen = await watch.Look(retirement, await log.Entries(id, cancel), clock.GetUtcNow(), cancel);
            return TypedResults.Ok(new ObservationView(retirement.ObservationEndsOn, seen.Refused.Calls, seen.Refused.Customers.Count,
                seen.Exit.Select(line => new ExitLineView(line.Code, line.Holds, line.Sentence.ToString())), retirement.Observing.Anomalies, seen.Coverage, seen.StillUsing, seen.UseReportedBy));
        }).Needs(Permission.Read);

        one.MapPost("/cases/{customer}/assign", async (RetirementId id, CustomerKey customer, AssignCase wanted, ClaimsPrincipal user, FactLog log, People people, CancellationToken cancel) =>
        {
            var command = new AssignCase(People.AddressIn(wanted.Owner));
            var nobody = await people.Nobody(command.Owner, "owner", cancel);
            return await Done(log.Change(id, customer, Actor.Of(user).By, (_, entry) => command.Decide(entry, nobody), cancel));
        }).Needs(Permission.Follow);

        one.MapPost("/cases/{customer}/close", (RetirementId id, CustomerKey customer, CloseCase command, ClaimsPrincipal user, FactLog log, CancellationToken cancel) =>
            Done(log.Change(id, customer, Actor.Of(user).By, (_, entry) => command.Decide(entry), cancel))).Needs(Permission.Follow);

        one.MapPost("/anomalies", (RetirementId id, NewAnomaly command, ClaimsPrincipal user, FactLog log, CancellationToken cancel) =>
            Done(log.Change(id, Actor.Of(user).By, new RaiseAnomaly(Guid.CreateVersion7().ToString("N"), Text.Same(command.What ?? "")).Decide, cancel))).Needs(Permission.Contribute);

        one.MapPost("/anomalies/settle", (RetirementId id, SettleAnomaly command, ClaimsPrincipal user, FactLog log, CancellationToken cancel) =>
            Done(log.Change(id, Actor.Of(user).By, command.Decide, cancel))).Needs(Permission.Contribute);

        one.MapPost("/observation/extend", (RetirementId id, ExtendObservation command, ClaimsPrincipal user, FactLog log, CancellationToken cancel) =>
            Done(log.Change(id, Actor.Of(user).By, command.Decide, cancel))).Needs(Permission.Close);

        one.MapPost("/thanks", (RetirementId id, GiveThanks command, ClaimsPrincipal user, FactLog log, CancellationToken cancel) =>
            Done(log.Change(id, Actor.Of(user).By, command.Decide, cancel))).Needs(Permission.Contribute);

        one.MapPost("/finish", (RetirementId id, FinishRetirement command, ClaimsPrincipal user, Finishing finishing, CancellationToken cancel) =>
            Done(finishing.Finish(id, command, Actor.Of(user).By, cancel))).Needs(Permission.Close);

        one.MapGet("/closing-report.md", Report).Needs(Permission.Read);
        // The same beside the page that prints it, with days and hours as the page tells them.
        app.MapGet("/retirements/{id}/closing-report.md", Report).Needs(Permission.Read).ExcludeFromDescription();
    }

    private static async Task<IResult> Report(RetirementId id, ClosingReport report, CancellationToken cancel) =>
        await report.Markdown(id, cancel) is { } text ? Results.Text(text, "text/markdown; charset=utf-8") : Refusal.NotFound("retirement", "退役", id.ToString()).ToProblem();

    private static async Task<Results<NoContent, ProblemHttpResult>> Done(Task<Outcome<Retirement>> change) =>
        (await change).Refused(out var refusal) ? refusal.ToProblem() : TypedResults.NoContent();
}

internal sealed record NewAnomaly(string? What);

/// <param name="Coverage">How much is known of the days since the first closing, of those who would report refused calls; null before it.</param>
/// <param name="StillUsing">Who uses the module although it is closed for them.</param>
/// <param name="UseReportedBy">The sources that reported on the module on those days.</param>
internal sealed record ObservationView(
    DateOnly? EndsOn, long RefusedCalls, int Customers, IEnumerable<ExitLineView> Exit, IReadOnlyList<Anomaly> Findings, Usage.Coverage? Coverage,
    IReadOnlyList<StillUsing> StillUsing, IReadOnlyList<string> UseReportedBy);

internal sealed record ExitLineView(string Code, bool Holds, string Sentence);
