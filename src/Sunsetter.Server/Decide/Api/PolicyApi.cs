using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Decide;

/// <summary>The notice policy, the business calendar and the freeze windows over HTTP.</summary>
internal static class PolicyApi
{
    internal sealed record Change(JsonElement Policy, string? Note);

    internal sealed record Version(int Number, DateTimeOffset At, string By, string Note, JsonElement Policy);

    internal sealed record Checked(IReadOnlyList<PolicyError> Errors, IReadOnlyList<PolicyPreview.Line> Preview);

    internal sealed record HolidayUpload(string? Country, string? Text);

    internal sealed record YearView(string Country, int Year, IReadOnlyList<SpecialDay> Days, string Source, DateTimeOffset ImportedAt, string ImportedBy);

    public static void MapPolicy(this RouteGroupBuilder api)
    {
        var policy = api.MapGroup("/policy").WithTags("Policy");
        policy.MapGet("", async (Policies policies, HttpResponse response, CancellationToken cancel) =>
        {
            var inForce = await policies.Read(cancel);
            response.Tag(inForce);
            return TypedResults.Text(PolicyDocument.Write(inForce), "application/json");
        }).Needs(Permission.Read);
        policy.MapPut("", Put).Needs(Permission.Administer);
        policy.MapPost("/check", async (JsonElement wanted, PolicyPreview preview, CancellationToken cancel) =>
        {
            var (tried, errors) = PolicyDocument.Read(wanted.GetRawText());
            return TypedResults.Ok(new Checked(errors, tried is null ? [] : await preview.Of(tried, cancel)));
        }).Needs(Permission.Read);
        policy.MapGet("/history", async (Policies policies, CancellationToken cancel) => TypedResults.Ok((await policies.History(cancel)).Select(version =>
            new Version(version.Number, version.At, version.By, version.Note, JsonElement.Parse(version.Document))))).Needs(Permission.Read);

        var calendar = api.MapGroup("/calendar").WithTags("Policy");
        calendar.MapGet("", async (Calendars calendars, CancellationToken cancel) => TypedResults.Ok((await calendars.Imported(cancel)).Select(year =>
            new YearView(year.Country, year.Year, year.Days, year.Source, year.ImportedAt, year.ImportedBy)))).Needs(Permission.Read);
        calendar.MapPost("", Import).Needs(Permission.Administer);
        calendar.MapDelete("/{country}/{year:int}", async Task<Results<NoContent, ProblemHttpResult>> (string country, int year, Calendars calendars, CancellationToken cancel) =>
            await calendars.Forget(country, year, cancel) ? TypedResults.NoContent() : Refusal.NotFound("calendar year", "日历年份", $"{country} {year}").ToProblem()).Needs(Permission.Administer);
        calendar.MapGet("/freezes", async (Settings settings, CancellationToken cancel) => TypedResults.Ok((await settings.Get<FreezeWindows>(cancel)).Windows)).Needs(Permission.Read);
        calendar.MapPost("/freezes", async Task<Results<NoContent, ProblemHttpResult>> (AddFreeze command, ClaimsPrincipal user, Freezes freezes, CancellationToken cancel) =>
            await freezes.Add(command, Actor.Of(user), cancel) is { } refusal ? refusal.ToProblem() : TypedResults.NoContent()).Needs(Permission.Administer);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> Put(Change wanted, ClaimsPrincipal user, Policies policies, HttpContext http, CancellationToken cancel)
    {
        if (Given.Missing(wanted.Note, "note", 500) is { } missing)
            return missing.ToProblem();
        var (policy, errors) = PolicyDocument.Read(wanted.Policy.ValueKind == JsonValueKind.Undefined ? "" : wanted.Policy.GetRawText());
        if (policy is null)
            return PolicyErrors(errors).ToProblem();
        if (IfMatch.Seen(http.Request, await policies.Read(cancel)) is var seen && seen.Refused(out var refusal))
            return refusal.ToProblem();
        if (await policies.Change(policy, wanted.Note!.Trim(), Actor.Of(user).By, cancel, seen.Value) is { } refused)
            return refused.Told(seen.Value).ToProblem();
        http.Response.Tag(policy);
        return TypedResults.NoContent();
    }

    /// <summary>Every error of a document in one refusal.</summary>
    public static Refusal PolicyErrors(IReadOnlyList<PolicyError> errors) => new("policy.invalid",
        string.Join(" ", errors.Select(error => $"{error.At}: {error.Sentence.En}")), string.Join(" ", errors.Select(error => $"{error.At}：{error.Sentence.Zh}")));

    private static async Task<Results<Ok<IEnumerable<string>>, ProblemHttpResult>> Import(HolidayUpload wanted, ClaimsPrincipal user, Calendars calendars, CancellationToken cancel)
    {
        var file = HolidayFile.Read(wanted.Text ?? "", (wanted.Country ?? "").Trim().ToUpperInvariant());
        if (file.Years.Count == 0)
            return new Refusal("calendar.unreadable", string.Join(" ", file.Errors.Select(error => error.En)), string.Join(" ", file.Errors.Select(error => error.Zh))).ToProblem();
        await calendars.Import(file.Years, Actor.Of(user).Id, cancel);
        return TypedResults.Ok(file.Years.Select(year => $"{year.Country} {year.Year}"));
    }
}
