namespace Sunsetter.Server.Announce;

/// <summary>Stage 2: everybody concerned knows.</summary>
internal static class AnnounceRoom
{
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<PublicAnnouncements>();
    }

    public static void Map(WebApplication app, RouteGroupBuilder api)
    {
        app.MapFeeds();
    }
}
