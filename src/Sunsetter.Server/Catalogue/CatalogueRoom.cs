namespace Sunsetter.Server.Catalogue;

/// <summary>Modules, customers, contacts and their imports.</summary>
internal static class CatalogueRoom
{
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<CatalogueNames>();
    }

    public static void Map(WebApplication app, RouteGroupBuilder api)
    {
    }
}
