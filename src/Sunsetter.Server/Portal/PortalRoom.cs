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
        app.MapMethods("/c/{token}/calendar.ics", [HttpMethods.Get, HttpMethods.Head], async (string token, PortalVisits visits, CatalogueNames names, Calendars calendars, TimeProvider clock, CancellationToken cancel) =>
        {
            if (await visits.Open(token, cancel) is not { Admits: true } open)
                return Results.NotFound();
            var text = ClosingCalendar.Of(open.Visit.Retirement, open.Visit.Entry, await calendars.Rehearsals(cancel), await names.Of(open.Visit.Retirement.Module, cancel), clock.GetUtcNow(), CultureInfo.CurrentUICulture.Name);
            return Results.File(Encoding.UTF8.GetBytes(text), "text/calendar; charset=utf-8", "closing.ics");
        }).ExcludeFromDescription();

        // The link is signed, expires and names one customer; the export must have been asked for by that customer, in that retirement.
        app.MapGet("/c/{token}/exports/{export:guid}", async (string token, Guid export, PortalVisits visits, CustomerExport exports, CancellationToken cancel) =>
        {
            if (await visits.Open(token, cancel) is not { Admits: true, Visit: var visit })
                return Results.NotFound();
            var (id, customer) = (visit.Retirement.Id, visit.Entry.Customer);
            return await exports.Forbids(id, customer, export, cancel) is { } refusal
                ? refusal.ToProblem()
                : Results.Stream(to => exports.Write(id, customer, export, visit.By, to, cancel), "application/zip", $"export-{visit.Retirement.Module}.zip");
        }).ExcludeFromDescription();
    }
}
