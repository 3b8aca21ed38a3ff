using System.Globalization;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Usage;

/// <summary>Refuses a question that looks at single days where some of them are added up to weeks and months already.</summary>
/// <param name="length">Days that the question looks at, whatever else the request names.</param>
internal sealed class NeedsDays(Func<IQueryCollection, int> length) : IEndpointFilter
{
    /// <summary>As many as the request names, as the question bounds them.</summary>
    public NeedsDays(int usual, int fewest = 1, int most = 800) : this(query => Number(query, "days", usual, fewest, most))
    {
    }

    public static NeedsDays Always(int days) => new(_ => days);

    /// <param name="before">Days before the first week that are looked at as well.</param>
    public static NeedsDays Weeks(int usual, int fewest, int before = 0) => new(query => 7 * Number(query, "weeks", usual, fewest, 60) + before);

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var query = context.HttpContext.Request.Query;
        // Up to today nothing is ever added up that a question looks at; only a stretch in the past may be gone. Read as the binding reads it.
        if (!DateOnly.TryParse(query["until"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var until) || until.DayNumber < 1_000)
            return await next(context);
        var usage = context.HttpContext.RequestServices.GetRequiredService<UsageQuestions>();
        return await usage.DaysGone(until.AddDays(1 - length(query)), context.HttpContext.RequestAborted) is { } gone ? gone.ToProblem() : await next(context);
    }

    private static int Number(IQueryCollection query, string name, int usual, int fewest, int most) =>
        Math.Clamp(int.TryParse(query[name], NumberStyles.Integer, CultureInfo.InvariantCulture, out var asked) ? asked : usual, fewest, most);
}
