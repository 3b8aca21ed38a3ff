namespace Sunsetter.Server.Usage;

/// <summary>Who uses which module, exactly.</summary>
internal static class UsageRoom
{
    public static void Add(IServiceCollection services)
    {
    }

    public static void Map(WebApplication app, RouteGroupBuilder api)
    {
    }
}
