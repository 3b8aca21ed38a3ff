namespace Sunsetter.Server.Console;

/// <summary>
/// What every answer tells the browser: nothing from elsewhere runs in it, nobody frames it, no address of it leaves. The portal, whose addresses are
/// keys, says more.
/// </summary>
internal static class PageGuard
{
    // Bars and columns of pictures have their size in a style attribute; style elements have no place here.
    private const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data:; form-action 'self'; base-uri 'self'; frame-ancestors 'none'";

    public static void Use(WebApplication app) => app.Use((http, next) =>
    {
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = Policy;
        headers["Referrer-Policy"] = "same-origin";
        headers.XContentTypeOptions = "nosniff";
        return next(http);
    });
}
