using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.Features;

namespace Sunsetter.Server.Platform;

/// <summary>
/// A request that is sent twice does what it does once: a button pressed twice, a call repeated after its answer was lost. A form is known by all that it sends, of which the
/// antiforgery token is new with every page that is shown; a call by its <c>Idempotency-Key</c>. What was done is remembered in the transaction that does it.
/// </summary>
internal sealed class RepeatedRequests
{
    private const string Token = "__RequestVerificationToken";

    private static readonly AsyncLocal<RepeatedRequests?> Current = new();

    private readonly byte[] key;
    private int acts;

    private RepeatedRequests(byte[] key) => this.key = key;

    /// <summary>Names the next act of the request that is carried out; null where it is none that could be known again.</summary>
    public static string? NextAct() => Current.Value is { } request ? request.Act(Interlocked.Increment(ref request.acts)) : null;

    /// <summary>An id for what the request makes, the same when it is repeated.</summary>
    public static Guid NewId() => Current.Value is { } request ? new Guid(request.key.AsSpan(0, 16)) : Guid.CreateVersion7();

    /// <param name="hasDone">Whether an act is remembered.</param>
    public static void Use(WebApplication app, Func<string, CancellationToken, Task<bool>> hasDone) => app.Use(async (http, next) =>
    {
        var request = Current.Value = Said(http) is { } said
            ? new(SHA256.HashData(Encoding.UTF8.GetBytes($"{Actor.Of(http.User).By}\n{http.Request.Method} {http.Request.Path}{http.Request.QueryString}\n{said}"))) : null;
        await next(http);
        // A form that its first press has taken off the page is not found by the second: the page shows what the first has done.
        if (request is not null && http.Response is { StatusCode: StatusCodes.Status400BadRequest, HasStarted: false } && !UnreadableRequests.IsForPrograms(http) && await hasDone(request.Act(1), http.RequestAborted))
            http.Response.Redirect($"{http.Request.Path}{http.Request.QueryString}");
    });

    private string Act(int number) => $"{Convert.ToHexStringLower(key)}.{number}";

    private static string? Said(HttpContext http)
    {
        if (HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method))
            return null;
        if (http.Request.Headers["Idempotency-Key"].ToString() is { Length: > 0 } given)
            return given;
        // Read already, to check its token.
        return http.Features.Get<IFormFeature>()?.Form is { Files.Count: 0 } form && form.ContainsKey(Token)
            ? string.Join('&', form.Select(field => $"{Uri.EscapeDataString(field.Key)}={Uri.EscapeDataString(field.Value.ToString())}")) : null;
    }
}
