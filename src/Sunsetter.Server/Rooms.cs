using Sunsetter.Server.Console.Administration;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server;

/// <summary>Every room of the house, in the order of the story. A room registers its own services and maps its own endpoints.</summary>
internal static class Rooms
{
    public static void Add(IServiceCollection services, IConfiguration configuration)
    {
        services.AddEvidence();
        Catalogue.CatalogueRoom.Add(services);
        Usage.UsageRoom.Add(services);
        Gates.GatesRoom.Add(services);
        Campaigns.CampaignsRoom.Add(services);
        Connectors.ConnectorsRoom.Add(services, configuration);
        Decide.DecideRoom.Add(services);
        Announce.AnnounceRoom.Add(services);
        Migrate.MigrateRoom.Add(services, configuration);
        Close.CloseRoom.Add(services);
        Observe.ObserveRoom.Add(services);
        Portal.PortalRoom.Add(services);
        Console.ConsoleRoom.Add(services);
        Demo.DemoRoom.Add(services);
    }

    public static void Map(WebApplication app)
    {
        var api = app.MapGroup("/api/v1");
        api.MapPeople();
        api.MapRules();
        api.MapEvidence();
        Catalogue.CatalogueRoom.Map(app, api);
        Usage.UsageRoom.Map(app, api);
        Gates.GatesRoom.Map(app, api);
        Campaigns.CampaignsRoom.Map(app, api);
        Decide.DecideRoom.Map(app, api);
        Announce.AnnounceRoom.Map(app, api);
        Migrate.MigrateRoom.Map(app, api);
        Close.CloseRoom.Map(app, api);
        Observe.ObserveRoom.Map(app, api);
        Portal.PortalRoom.Map(app, api);
    }
}
