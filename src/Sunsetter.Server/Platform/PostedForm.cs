namespace Sunsetter.Server.Platform;

/// <summary>What a page's own form has sent: pages show it again where it was refused.</summary>
internal static class PostedForm
{
    /// <summary>A field of the form; empty where the page was only opened, or the field is missing.</summary>
    public static string Sent(this HttpContext http, string field) =>
        HttpMethods.IsPost(http.Request.Method) && http.Request.HasFormContentType ? http.Request.Form[field].ToString() : "";
}
