using System.Security.Claims;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http.HttpResults;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Migrate;

internal sealed record ToolGiven(Guid? Id, string? Name, MigrationToolKind Kind, string? Target, IReadOnlyList<string>? Arguments, int? TimeoutSeconds, string? SecretHeader, string? Secret);

internal sealed record ToolView(MigrationTool? Tool, IReadOnlyCollection<string> Commands, IReadOnlyList<ToolRunLine> Runs);

internal sealed record RunWanted(Guid? Id, CustomerKey? Customer, string? Wave, bool DryRun);

internal sealed record RunsStarted(int Started);

/// <summary>Migration tools over HTTP (G2), and the address at which a tool that works by itself reports.</summary>
internal static class ToolApi
{
    /// <summary>The token with which a tool reports one run begins with this.</summary>
    public const string ReportPrefix = "sst_run_";

    private const int LongestReport = 64 * 1024;

    public static void MapTools(this RouteGroupBuilder retirement)
    {
        retirement.MapGet("/tool", async Task<Results<Ok<ToolView>, ProblemHttpResult>> (RetirementId id, FactLog log, ToolRuns runs, ToolCommands commands, CancellationToken cancel) =>
            await log.Find(id, cancel) is { } state
                ? TypedResults.Ok(new ToolView(state.Migrating.Tool, commands.Names, await runs.Of(id, 500, cancel)))
                : Refusal.NotFound("retirement", "退役", id.ToString()).ToProblem()).Needs(Permission.Read);

        retirement.MapPost("/tool", (RetirementId id, ToolGiven given, ClaimsPrincipal user, ToolDesk desk, CancellationToken cancel) => desk.Attach(id, given, Actor.Of(user).By, cancel).OrProblem())
            .Needs(Permission.Close);

        retirement.MapPost("/tool/detach", (RetirementId id, ReasonGiven given, ClaimsPrincipal user, ToolDesk desk, CancellationToken cancel) => desk.Detach(id, given.Reason ?? "", Actor.Of(user).By, cancel).OrProblem())
            .Needs(Permission.Close);

        retirement.MapPost("/tool/runs", async Task<Results<Ok<RunsStarted>, ProblemHttpResult>> (RetirementId id, RunWanted wanted, ClaimsPrincipal user, ToolDesk desk, CancellationToken cancel) =>
        {
            var started = await desk.Run(id, new RunTool(wanted.Id ?? Guid.CreateVersion7(), wanted.DryRun, new RunScope(wanted.Customer, wanted.Wave)), Actor.Of(user).By, cancel);
            return started.Refused(out var refusal) ? refusal.ToProblem() : TypedResults.Ok(new RunsStarted(started.Value));
        }).Needs(Permission.Follow);

        retirement.MapGet("/entries/{customer}/tool-runs/{run:guid}", async Task<Results<Ok<ToolRunRow>, ProblemHttpResult>> (RetirementId id, CustomerKey customer, Guid run, ToolRuns runs, CancellationToken cancel) =>
            await runs.Find(run, cancel) is { } row && row.Retirement == id && row.Customer == customer.Value
                ? TypedResults.Ok(Public(row))
                : Refusal.NotFound("run", "运行记录", run.ToString("N")).ToProblem()).Needs(Permission.Read);

        retirement.MapPost("/entries/{customer}/tool-runs/{run:guid}/stop", (RetirementId id, CustomerKey customer, Guid run, ReasonGiven given, ClaimsPrincipal user, FactLog log, CancellationToken cancel) =>
            log.Change(id, customer, Actor.Of(user).By, (_, entry) => new StopRun(run, given.Reason ?? "").Decide(entry), cancel).OrProblem()).Needs(Permission.Follow);
    }

    /// <summary>Anybody may ask; the token decides.</summary>
    public static void MapReports(this RouteGroupBuilder api) =>
        api.MapPost("/tool-runs/{run:guid}/report", Report).AllowAnonymous().DisableAntiforgery();

    private static async Task<Results<NoContent, ProblemHttpResult>> Report(Guid run, HttpRequest request, ToolRuns runs, CancellationToken cancel)
    {
        if (await runs.Find(run, cancel) is not { ReportHash: { } hash } row
            || request.Headers.Authorization.ToString() is not ['B', 'e', 'a', 'r', 'e', 'r', ' ', .. var token] || !CryptographicOperations.FixedTimeEquals(ApiToken.HashOf(token), hash))
            return new Refusal("run.unknown-token", "This run is unknown, or the token does not belong to it.", "该运行未知，或令牌与之不符。", StatusCodes.Status401Unauthorized).ToProblem();
        if (row.State != ToolRunState.Reporting)
            return new Refusal("run.ended", "This run has ended; stop working on it.", "该任务已结束，请停止处理。", StatusCodes.Status409Conflict).ToProblem();

        var talk = ToolRun.Remembered(row);
        using var reader = new StreamReader(new Catalogue.BoundedStream(request.Body, LongestReport));
        talk.Hear((await reader.ReadToEndAsync(cancel)).ReplaceLineEndings(" "));
        var written = talk.Verdict is { } verdict
            ? await runs.End(row, talk, verdict, talk.Now.Message, cancel)
            : await runs.Note(row, talk, cancel);
        return written ? TypedResults.NoContent() : new Refusal("run.ended", "This run has ended; stop working on it.", "该任务已结束，请停止处理。", StatusCodes.Status409Conflict).ToProblem();
    }

    // The hash of the token is nobody's business.
    private static ToolRunRow Public(ToolRunRow row)
    {
        row.ReportHash = null;
        return row;
    }
}
