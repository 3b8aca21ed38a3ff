using System.Globalization;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Usage;

/// <summary>Refuses a question that looks at single days where some of them are added up to weeks and months already.</summary>
/// <param name="usual">Days that the question looks at where the request names no number.</param>
internal sealed class NeedsDays(int usual) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var query = context.HttpContext.Request.Query;
        // Up to today nothing is ever added up that a question looks at; only a stretch in the past may be gone.
        if (!DateOnly.TryParseExact(query["until"], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var until) || until.DayNumber < 1_000)
            return await next(context);
        var days = int.TryParse(query["days"], NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? Math.Clamp(asked, 1, 800) : usual;
        var usage = context.HttpContext.RequestServices.GetRequiredService<UsageQuestions>();
        return await usage.DaysGone(until.AddDays(1 - days), context.HttpContext.RequestAborted) is { } gone ? gone.ToProblem() : await next(context);
    }
}
