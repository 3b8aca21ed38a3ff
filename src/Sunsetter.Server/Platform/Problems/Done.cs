using Microsoft.AspNetCore.Http.HttpResults;

namespace Sunsetter.Server.Platform;

/// <summary>The answer to a command over HTTP: 204, or the refusal as problem details.</summary>
internal static class Done
{
    public static async Task<Results<NoContent, ProblemHttpResult>> OrProblem<T>(this Task<Outcome<T>> change) =>
        (await change).Refused(out var refusal) ? refusal.ToProblem() : TypedResults.NoContent();
}
