using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Threading.RateLimiting;

namespace Sunsetter.Server.Portal;

/// <summary>What stands before every page of the portal: headers that keep the link private and scripts out, and a limit of calls per address and link.</summary>
internal static class PortalGuard
{
    /// <summary>Calls in a minute: enough for a person who clicks fast, too few for one who tries links.</summary>
    public const int CallsPerMinute = 60;

    public static void Use(WebApplication app)
    {
        var perAddress = Limiter(http => http.Connection.RemoteIpAddress?.ToString() ?? "");
        var perLink = Limiter(http => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(http.Request.Path.Value?.Split('/').ElementAtOrDefault(2) ?? ""))));
        app.UseWhen(http => http.Request.Path.StartsWithSegments("/c"), portal => portal.Use(async (http, next) =>
        {
            var headers = http.Response.Headers;
            headers.ContentSecurityPolicy = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'self'; frame-ancestors 'none'";
            headers["Referrer-Policy"] = "no-referrer";
            headers["X-Robots-Tag"] = "noindex, nofollow";
            headers.XContentTypeOptions = "nosniff";
            // Antiforgery writes this header itself where it is at work, so ours comes last.
            http.Response.OnStarting(() =>
            {
                headers.CacheControl = "no-store";
                return Task.CompletedTask;
            });
            using var address = perAddress.AttemptAcquire(http);
            using var link = perLink.AttemptAcquire(http);
            if (!address.IsAcquired || !link.IsAcquired)
            {
                http.Response.StatusCode = (int)HttpStatusCode.TooManyRequests;
                headers.RetryAfter = "60";
                http.Response.ContentType = "text/plain; charset=utf-8";
                await http.Response.WriteAsync("Too many calls. Please wait a minute and open the link again.\n访问过于频繁，请一分钟后重新打开链接。\n", http.RequestAborted);
                return;
            }
            await next();
        }));
    }

    private static PartitionedRateLimiter<HttpContext> Limiter(Func<HttpContext, string> key) =>
        PartitionedRateLimiter.Create<HttpContext, string>(http => RateLimitPartition.GetFixedWindowLimiter(key(http), _ => new FixedWindowRateLimiterOptions
        {
            PermitLimit = CallsPerMinute, Window = TimeSpan.FromMinutes(1),
        }));
}
