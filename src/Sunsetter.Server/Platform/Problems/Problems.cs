using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Sunsetter.Server.Platform;

/// <summary>The one place where a refusal becomes HTTP (RFC 9457 problem details with <c>code</c>).</summary>
internal static class Problems
{
    public static ProblemHttpResult ToProblem(this Refusal refusal) => TypedResults.Problem(Details(refusal));

    public static ProblemDetails Details(Refusal refusal)
    {
        var details = new ProblemDetails
        {
            Type = $"https://sunsetter.invalid/problems/{refusal.Code}",
            Title = refusal.Sentence.ToString(),
            Status = refusal.Status,
            Extensions = { ["code"] = refusal.Code },
        };
        if (refusal.Field is not null)
            details.Extensions["field"] = refusal.Field;
        return details;
    }
}
