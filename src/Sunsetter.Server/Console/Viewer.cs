using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Console;

/// <summary>Who looks at the page, and when: what every page asks first.</summary>
internal sealed class Viewer(IHttpContextAccessor http, TimeProvider clock)
{
    public Actor Actor { get; } = Actor.Of(http.HttpContext!.User);

    public DateTimeOffset Now { get; } = clock.GetUtcNow();

    public CancellationToken Cancel => http.HttpContext!.RequestAborted;

    public bool May(Permission permission) => Actor.May(permission);

    /// <summary>Path and query of the page, to come back to.</summary>
    public string Here => http.HttpContext!.Request.Path + http.HttpContext.Request.QueryString;

    /// <summary>Answers with 404 and the page that says so.</summary>
    public void Missing() => http.HttpContext!.Response.StatusCode = StatusCodes.Status404NotFound;
}
