using System.Globalization;
using System.Text;
using Sunsetter.Server.Catalogue;

namespace Sunsetter.Server.Portal;

/// <summary>Pages for a customer's administrator, by signed link.</summary>
internal static class PortalRoom
{
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<PortalVisits>();
    }

    public static void Map(WebApplication app, RouteGroupBuilder api)
    {
        PortalGuard.Use(app);
        app.MapMethods("/c/{token}/calendar.ics", [HttpMethods.Get, HttpMethods.Head], async (string token, PortalVisits visits, CatalogueNames names, TimeProvider clock, CancellationToken cancel) =>
        {
            if (await visits.Open(token, cancel) is not { Expired: false } open)
                return Results.NotFound();
            var text = ClosingCalendar.Of(open.Visit.Retirement, open.Visit.Entry, await names.Of(open.Visit.Retirement.Module, cancel), clock.GetUtcNow(), CultureInfo.CurrentUICulture.Name);
            return Results.File(Encoding.UTF8.GetBytes(text), "text/calendar; charset=utf-8", "closing.ics");
        }).ExcludeFromDescription();
    }
}
