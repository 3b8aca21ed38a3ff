namespace Sunsetter.Server.Decide;

/// <summary>Stage 1: should this module go?</summary>
internal static class DecideRoom
{
    public static void Add(IServiceCollection services)
    {
    }

    public static void Map(WebApplication app, RouteGroupBuilder api)
    {
    }
}
