using System.Globalization;
using Microsoft.AspNetCore.Localization;

namespace Sunsetter.Server.Platform;

/// <summary>The two languages, how a request chooses one, and the switch that keeps the reader's place.</summary>
internal static class Languages
{
    public static readonly CultureInfo English = CultureInfo.GetCultureInfo("en-GB");
    public static readonly CultureInfo Chinese = CultureInfo.GetCultureInfo("zh-CN");

    public static bool IsChinese => CultureInfo.CurrentUICulture.TwoLetterISOLanguageName == "zh";

    public static void UseLanguages(this WebApplication app)
    {
        var options = new RequestLocalizationOptions
        {
            DefaultRequestCulture = new RequestCulture(English),
            SupportedCultures = [English, Chinese],
            SupportedUICultures = [English, Chinese],
        };
        // "?lang=zh-CN" wins (links in mails), then the cookie of the switch, then the browser.
        options.RequestCultureProviders =
        [
            new QueryStringRequestCultureProvider { QueryStringKey = "lang", UIQueryStringKey = "lang" },
            new CookieRequestCultureProvider(),
            new AcceptLanguageHeaderRequestCultureProvider(),
        ];
        // A browser asks for "en-US" or "zh"; parents of ours are matched, siblings are not.
        options.FallBackToParentCultures = true;
        options.FallBackToParentUICultures = true;
        options.SupportedCultures.Add(CultureInfo.GetCultureInfo("en"));
        options.SupportedUICultures.Add(CultureInfo.GetCultureInfo("en"));
        options.SupportedCultures.Add(CultureInfo.GetCultureInfo("zh"));
        options.SupportedUICultures.Add(CultureInfo.GetCultureInfo("zh"));
        app.UseRequestLocalization(options);

        app.MapGet("/language", (string to, string? back, HttpContext http) =>
        {
            var culture = to.StartsWith("zh", StringComparison.OrdinalIgnoreCase) ? Chinese : English;
            http.Response.Cookies.Append(
                CookieRequestCultureProvider.DefaultCookieName,
                CookieRequestCultureProvider.MakeCookieValue(new RequestCulture(culture)),
                new CookieOptions { MaxAge = TimeSpan.FromDays(365), SameSite = SameSiteMode.Lax, HttpOnly = true, IsEssential = true });
            return Results.LocalRedirect(IsLocal(back) ? back! : "/");
        }).ExcludeFromDescription();
    }

    // An absolute or protocol-relative address would make the switch an open redirect.
    private static bool IsLocal(string? path) =>
        path is ['/', ..] && !path.StartsWith("//", StringComparison.Ordinal) && !path.StartsWith("/\\", StringComparison.Ordinal);
}
