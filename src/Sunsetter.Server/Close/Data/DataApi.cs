using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Close;

internal sealed record BackupGiven(string? Evidence, string? Link);

internal sealed record HoldWanted(CustomerKey? Customer, string? Reason);

internal sealed record ExportWanted(string? Contact);

internal sealed record ExportMade(Guid Id);

/// <summary>What is archived, given back and held (C2).</summary>
internal static class DataApi
{
    public static void MapData(this RouteGroupBuilder retirement)
    {
        retirement.MapPost("/backup/verified", (RetirementId id, BackupGiven given, ClaimsPrincipal user, FactLog log, CancellationToken cancel) =>
            log.Change(id, Actor.Of(user).By, new VerifyBackup(given.Evidence ?? "", given.Link).Decide, cancel).OrProblem()).Needs(Permission.Close);

        retirement.MapPost("/archive", async Task<Results<Ok<Archive>, ProblemHttpResult>> (RetirementId id, ClaimsPrincipal user, Archives archives, CancellationToken cancel) =>
            (await archives.Make(id, Actor.Of(user).By, cancel)) is var made && made.Refused(out var refusal) ? refusal.ToProblem() : TypedResults.Ok(made.Value)).Needs(Permission.Close);

        retirement.MapPost("/archive/verify", (RetirementId id, ClaimsPrincipal user, Archives archives, CancellationToken cancel) =>
            archives.Verify(id, Actor.Of(user).By, cancel).OrProblem()).Needs(Permission.Close);

        retirement.MapGet("/archive", async Task<Results<FileContentHttpResult, ProblemHttpResult>> (RetirementId id, Archives archives, CancellationToken cancel) =>
            await archives.Content(id, cancel) is { } content
                ? TypedResults.File(content, "application/zip", $"retirement-{id}.zip")
                : Refusal.NotFound("archive", "归档", id.ToString()).ToProblem()).Needs(Permission.Comply);

        retirement.MapGet("/certificates/{certificate:guid}", async Task<Results<JsonHttpResult<CertificateFile>, ProblemHttpResult>> (RetirementId id, Guid certificate, Certificates certificates, CancellationToken cancel) =>
            await certificates.Find(id, certificate, cancel) is { } found
                ? TypedResults.Json(found, Json.Stored)
                : Refusal.NotFound("certificate", "证书", certificate.ToString("N")).ToProblem()).Needs(Permission.Read);

        retirement.MapPost("/holds", (RetirementId id, HoldWanted wanted, ClaimsPrincipal user, FactLog log, CancellationToken cancel) =>
            log.Change(id, Actor.Of(user).By, new PlaceLegalHold(Guid.CreateVersion7(), wanted.Customer, wanted.Reason ?? "").Decide, cancel).OrProblem()).Needs(Permission.Comply);

        retirement.MapPost("/holds/{hold:guid}/lift", (RetirementId id, Guid hold, WhyGiven given, ClaimsPrincipal user, FactLog log, CancellationToken cancel) =>
            log.Change(id, Actor.Of(user).By, new LiftLegalHold(hold, given.Reason ?? "").Decide, cancel).OrProblem()).Needs(Permission.Comply);

        retirement.MapPost("/entries/{customer}/exports", async Task<Results<Ok<ExportMade>, ProblemHttpResult>> (RetirementId id, CustomerKey customer, ExportWanted wanted, ClaimsPrincipal user, FactLog log, TimeProvider clock, CancellationToken cancel) =>
        {
            var command = new RequestExport(RepeatedRequests.NewId(), wanted.Contact ?? Actor.Of(user).Id);
            var outcome = await log.Change(id, customer, Actor.Of(user).By, (_, entry) => command.Decide(entry, clock.GetUtcNow()), cancel);
            return outcome.Refused(out var refusal) ? refusal.ToProblem() : TypedResults.Ok(new ExportMade(command.Id));
        }).Needs(Permission.Follow);

        retirement.MapGet("/entries/{customer}/exports/{export:guid}", async Task<Results<PushStreamHttpResult, ProblemHttpResult>> (
            RetirementId id, CustomerKey customer, Guid export, ClaimsPrincipal user, CustomerExport exports, HttpResponse answer, CancellationToken cancel) =>
            await exports.Fetch(id, customer, export, Actor.Of(user).Id, $"{customer}.zip", answer, cancel) is var file && file.Refused(out var refusal) ? refusal.ToProblem() : file.Value).Needs(Permission.SeeUsers);
    }
}
