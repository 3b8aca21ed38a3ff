namespace Sunsetter.Server.Portal;

/// <summary>Pages for a customer's administrator, by signed link.</summary>
internal static class PortalRoom
{
    public static void Add(IServiceCollection services)
    {
    }

    public static void Map(WebApplication app, RouteGroupBuilder api)
    {
    }
}
