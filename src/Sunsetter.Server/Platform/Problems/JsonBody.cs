using System.Text.Json;
using Microsoft.AspNetCore.Http.Features;

namespace Sunsetter.Server.Platform;

/// <summary>The body of a request as a type that the compiler does not know at the endpoint; refused as the framework refuses its own bodies.</summary>
internal static class JsonBody
{
    /// <exception cref="BadHttpRequestException">It is missing, “null”, no JSON, or no <typeparamref name="T"/>: told by <see cref="UnreadableRequests"/>.</exception>
    public static async Task<T> Read<T>(HttpContext http) where T : class
    {
        if (http.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
            throw Missing();
        if (!http.Request.HasJsonContentType())
            throw new BadHttpRequestException("Expected JSON.", StatusCodes.Status415UnsupportedMediaType);
        try
        {
            return await http.Request.ReadFromJsonAsync<T>(http.RequestAborted) ?? throw Missing();
        }
        catch (JsonException json)
        {
            throw new BadHttpRequestException("Failed to read the body as JSON.", json);
        }
    }

    private static BadHttpRequestException Missing() => new("Implicit body is missing.");
}
