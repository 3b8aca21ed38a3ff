using Microsoft.AspNetCore.StaticAssets;

namespace Sunsetter.Server.Platform;

/// <summary>
/// The vendor's own time zone, in which pages tell people inside on which day, and at what hour, something happened. Like the language it is a property
/// of the request; where the server's machine stands has no part in it.
/// </summary>
internal static class WorkZone
{
    private static readonly AsyncLocal<TimeZoneInfo?> OfRequest = new();

    /// <summary>UTC outside a request.</summary>
    public static TimeZoneInfo Current => OfRequest.Value ?? TimeZoneInfo.Utc;

    /// <summary>Programs get instants, and static files tell no time: only pages ask.</summary>
    public static void UseWorkZone(this WebApplication app) => app.Use(async (http, next) =>
    {
        if (!UnreadableRequests.IsForPrograms(http) && http.GetEndpoint()?.Metadata.GetMetadata<StaticAssetDescriptor>() is null)
            OfRequest.Value = Days.Zone((await http.RequestServices.GetRequiredService<Settings>().Get<Workspace>(http.RequestAborted)).Zone);
        await next(http);
    });
}
