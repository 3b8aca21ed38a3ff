using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Sunsetter.Gates;

namespace Sunsetter.Client.AspNetCore;

/// <summary>The answer to a call that came too late: <c>410 Gone</c> as problem details (RFC 9457).</summary>
internal static class GoneProblem
{
    /// <summary>Public and never changed.</summary>
    public static string CodeOf(GateDecision decision) => decision.State == GateState.Brownout ? "module.brownout" : "module.closed";

    public static ProblemDetails Of(GateDecision decision, string module, string language)
    {
        var problem = new ProblemDetails
        {
            Status = StatusCodes.Status410Gone,
            Title = Words.Title(decision, module, language),
            Detail = Words.Detail(decision, language),
            Extensions =
            {
                ["code"] = CodeOf(decision),
                ["module"] = module,
                ["state"] = decision.State == GateState.Brownout ? "brownout" : "closed",
                ["reason"] = decision.Reason,
            },
        };
        Add(problem, "moduleName", Words.Name(decision, language));
        Add(problem, "why", decision.Module?.Why?.For(language));
        Add(problem, "until", Instant(decision.Until));
        Add(problem, "closedAt", Instant(decision.ClosesAt is { } closes && closes <= decision.At ? closes : null));
        Add(problem, "closesAt", Instant(decision.ClosesAt is { } later && later > decision.At ? later : null));
        Add(problem, "info", decision.Module?.Info);
        if (decision.Alternative is { } instead) problem.Extensions["alternative"] = Members(("module", instead.Module), ("name", instead.Name?.For(language)), ("url", instead.Url));
        if (decision.Contact is { } contact) problem.Extensions["contact"] = Members(("name", contact.Name), ("url", contact.Url), ("email", contact.Email));
        return problem;
    }

    /// <summary>The same document for protocols that write their own messages.</summary>
    public static Dictionary<string, object?> Message(GateDecision decision, string module, string language)
    {
        var problem = Of(decision, module, language);
        return new(problem.Extensions) { ["status"] = problem.Status, ["title"] = problem.Title, ["detail"] = problem.Detail };
    }

    /// <summary>The whole answer, with headers.</summary>
    public static IResult Answer(HttpContext context, GateDecision decision, string module)
    {
        var language = Words.LanguageOf(context.Request);
        WriteHeaders(context.Response, decision, language);
        return Results.Problem(Of(decision, module, language));
    }

    public static void WriteHeaders(HttpResponse response, GateDecision decision, string language)
    {
        response.Headers.ContentLanguage = language;
        response.Headers.Append("Vary", "Accept-Language");
        // The same address works again after a rehearsal or a restore: nobody may keep this answer.
        response.Headers.CacheControl = "no-store";
        if (decision.State == GateState.Brownout && decision.Until is { } end)
            response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling((end - decision.At).TotalSeconds)).ToString(CultureInfo.InvariantCulture);
    }

    private static void Add(ProblemDetails problem, string name, string? value)
    {
        if (!string.IsNullOrEmpty(value)) problem.Extensions[name] = value;
    }

    private static Dictionary<string, string> Members(params ReadOnlySpan<(string Name, string? Value)> members)
    {
        var present = new Dictionary<string, string>();
        foreach (var (name, value) in members) if (value is not null) present[name] = value;
        return present;
    }

    private static string? Instant(DateTimeOffset? instant) => instant?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
}
