namespace Sunsetter.Server.Gates;

/// <summary>
/// Browsers of any origin may call the edge: they identify by key and signed context, never by cookie, so another site gains nothing by it.
/// </summary>
internal static class EdgeCors
{
    public static void Use(WebApplication app) => app.UseWhen(
        http => http.Request.Path.StartsWithSegments("/edge") || http.Request.Path.StartsWithSegments("/ofrep"),
        edge => edge.UseCors(policy => policy.AllowAnyOrigin().AllowAnyHeader().WithMethods("GET", "POST")
            .WithExposedHeaders("ETag", EdgeDoor.TimeHeader, "Retry-After").SetPreflightMaxAge(TimeSpan.FromHours(1))));
}
