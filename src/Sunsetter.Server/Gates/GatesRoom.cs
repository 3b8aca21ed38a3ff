namespace Sunsetter.Server.Gates;

/// <summary>Snapshots that applications obey.</summary>
internal static class GatesRoom
{
    public static void Add(IServiceCollection services)
    {
    }

    public static void Map(WebApplication app, RouteGroupBuilder api)
    {
    }
}
