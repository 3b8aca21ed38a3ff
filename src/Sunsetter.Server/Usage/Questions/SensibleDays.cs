using System.Globalization;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Usage;

/// <summary>Refuses questions about days that no use can lie near: before 1990, as the intake does, or after 2200.</summary>
internal sealed class SensibleDays : IEndpointFilter
{
    private static readonly Refusal Refused = new("usage.days", "“from” and “until” must lie between 1990-01-01 and 2200-12-31.", "“from”与“until”须在 1990-01-01 至 2200-12-31 之间。", StatusCodes.Status400BadRequest);

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var query = context.HttpContext.Request.Query;
        return IsSensible(query["from"]) && IsSensible(query["until"]) ? await next(context) : Refused.ToProblem();
    }

    // What cannot be read is refused where it is bound.
    private static bool IsSensible(string? day) =>
        !DateOnly.TryParse(day, CultureInfo.InvariantCulture, DateTimeStyles.None, out var read) || read.Year is >= 1990 and <= 2200;
}
