namespace Sunsetter.Server.Migrate;

/// <summary>Stage 3: customers move.</summary>
internal static class MigrateRoom
{
    public static void Add(IServiceCollection services)
    {
    }

    public static void Map(WebApplication app, RouteGroupBuilder api)
    {
        var entry = api.MapGroup("/retirements/{id}/entries/{customer}");
        entry.MapHelp();
        entry.MapExtensions();
    }
}
