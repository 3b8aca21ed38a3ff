namespace Sunsetter.Server.Observe;

/// <summary>Stage 5: nobody is left outside.</summary>
internal static class ObserveRoom
{
    public static void Add(IServiceCollection services)
    {
    }

    public static void Map(WebApplication app, RouteGroupBuilder api)
    {
    }
}
