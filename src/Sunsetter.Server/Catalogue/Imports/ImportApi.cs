using System.Security.Claims;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Catalogue;

/// <summary>How an import stands, as the API and the command line see it.</summary>
internal sealed record ImportView(
    Guid Id, ImportKind Kind, string FileName, ImportState State, long Bytes, long Lines, long Added, long Changed, long Unchanged, long Rejected,
    IReadOnlyList<string> UnknownColumns, IReadOnlyList<string> UnknownKeys, IReadOnlyList<ImportRejectView> FirstRejects, string? Rejects, DateTimeOffset StartedAt, DateTimeOffset? FinishedAt, string? Code, string? Problem)
{
    public static ImportView Of(ImportRun run) => new(
        run.Id, run.Kind, run.FileName, run.State, run.Bytes, run.Lines, run.Added, run.Changed, run.Unchanged, run.Rejected, run.UnknownColumns, run.UnknownKeys,
        [.. run.FirstRejects.Select(reject => new ImportRejectView(reject.Line, reject.Code, reject.Reason.ToString(), reject.Record))],
        run.Rejected > 0 ? $"/api/v1/imports/{run.Id}/rejects" : null, run.StartedAt, run.FinishedAt, run.Problem?.Code, run.Problem?.Sentence.ToString());
}

internal sealed record ImportRejectView(long Line, string Code, string Reason, string Record);

/// <summary>Imports over HTTP: the body of the request is the file.</summary>
internal static class ImportApi
{
    public static void Map(RouteGroupBuilder api)
    {
        foreach (var kind in Enum.GetValues<ImportKind>())
            api.MapPost($"/imports/{kind.ToString().ToLowerInvariant()}",
                (HttpContext http, ClaimsPrincipal user, Imports imports, Settings settings, [FromQuery] Guid? id, [FromQuery] string? file, [FromQuery] string[]? map, CancellationToken cancel) =>
                    Import(kind, http, user, imports, settings, id, file, map, cancel)).Needs(kind.Needed());

        api.MapGet("/imports", async (Imports imports, CancellationToken cancel) => TypedResults.Ok((await imports.Newest(50, cancel)).Select(ImportView.Of))).Needs(Permission.Read);

        api.MapGet("/imports/{id:guid}", async Task<Results<Ok<ImportView>, ProblemHttpResult>> (Guid id, Imports imports, CancellationToken cancel) =>
            await imports.Find(id, cancel) is { } run ? TypedResults.Ok(ImportView.Of(run)) : Refusal.NotFound("import", "导入", id.ToString()).ToProblem()).Needs(Permission.Read);

        api.MapGet("/imports/{id:guid}/rejects", async Task<Results<PushStreamHttpResult, ProblemHttpResult>> (Guid id, Imports imports, ImportRejects rejects, CancellationToken cancel) =>
            await imports.Find(id, cancel) is { } run
                ? TypedResults.Stream(to => rejects.Write(run, to, cancel), "text/csv; charset=utf-8", $"rejects-{run.Kind.ToString().ToLowerInvariant()}-{run.StartedAt:yyyyMMdd-HHmm}.csv")
                : Refusal.NotFound("import", "导入", id.ToString()).ToProblem()).Needs(Permission.Read);
    }

    public static Permission Needed(this ImportKind kind) => kind == ImportKind.Usage ? Permission.WriteUsage : Permission.EditCatalogue;

    private static async Task<Results<Ok<ImportView>, ProblemHttpResult>> Import(
        ImportKind kind, HttpContext http, ClaimsPrincipal user, Imports imports, Settings settings, Guid? id, string? file, string[]? map, CancellationToken cancel)
    {
        var bounds = await settings.Get<ImportSettings>(cancel);
        // Said before the first byte is read: a client that waits for "100 Continue" sends nothing in vain.
        if (http.Request.ContentLength > bounds.MostMegabytes * 1024L * 1024)
            return ImportFile.OverSize(bounds).ToProblem();
        // The bound is kept by the import itself, with a sentence.
        http.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = null;

        var request = new ImportRequest(id ?? Guid.CreateVersion7(), kind, file ?? "", Actor.Of(user).Id, map ?? [], http.Request.ContentLength);
        if (await imports.Announce(request, cancel) is { } used)
            return used.ToProblem();
        var run = await imports.Run(request, http.Request.Body, cancel);
        if (run.Problem is not { } problem)
            return TypedResults.Ok(ImportView.Of(run));
        return new Refusal(problem.Code, problem.Sentence, problem.Status).ToProblem();
    }
}
