using System.Globalization;
using System.Text;
using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Close;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Portal;

/// <summary>Pages for a customer's administrator, by signed link.</summary>
internal static class PortalRoom
{
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<PortalVisits>();
        services.AddSingleton<NamedContacts>();
    }

    public static void Map(WebApplication app, RouteGroupBuilder api)
    {
        PortalGuard.Use(app);
        app.MapMethods("/c/{token}/calendar.ics", [HttpMethods.Get, HttpMethods.Head], async (string token, HttpRequest request, PortalVisits visits, CatalogueNames names, Calendars calendars, TimeProvider clock, CancellationToken cancel) =>
        {
            if (await visits.Open(token, cancel) is not { Admits: true } open)
                return ReadByAPerson(request) ? Page(token) : Results.NotFound();
            var text = ClosingCalendar.Of(open.Visit.Retirement, open.Visit.Entry, await calendars.Rehearsals(cancel), await names.Of(open.Visit.Retirement.Module, cancel), clock.GetUtcNow(), CultureInfo.CurrentUICulture.Name);
            return Results.File(Encoding.UTF8.GetBytes(text), "text/calendar; charset=utf-8", "closing.ics");
        }).ExcludeFromDescription();

        // The link is signed, expires and names one customer; the export must have been asked for by that customer, in that retirement.
        app.MapGet("/c/{token}/exports/{export:guid}", async (string token, Guid export, HttpRequest request, PortalVisits visits, CustomerExport exports, CancellationToken cancel) =>
        {
            if (await visits.Open(token, cancel) is not { Admits: true, Visit: var visit })
                return ReadByAPerson(request) ? Page(token) : Results.NotFound();
            var file = await exports.Fetch(visit.Retirement.Id, visit.Entry.Customer, export, visit.By, $"export-{visit.Retirement.Module}.zip", request.HttpContext.Response, cancel);
            return !file.Refused(out var refusal) ? file.Value : ReadByAPerson(request) ? Page(token, export) : refusal.ToProblem();
        }).ExcludeFromDescription();
    }

    // A browser that follows a link names it; a program that takes anything does not.
    private static bool ReadByAPerson(HttpRequest request) => request.GetTypedHeaders().Accept.Any(type => type.MediaType.Equals("text/html", StringComparison.OrdinalIgnoreCase));

    /// <summary>The customer's page, which says what is wrong with the link, or with the export, and what to do.</summary>
    private static IResult Page(string token, Guid? export = null) =>
        Results.Redirect($"/c/{Uri.EscapeDataString(token)}?lang={CultureInfo.CurrentUICulture.Name}{(export is { } wanted ? $"&export={wanted}" : "")}");
}
