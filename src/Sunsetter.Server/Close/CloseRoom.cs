namespace Sunsetter.Server.Close;

/// <summary>Stage 4: the module closes, exactly.</summary>
internal static class CloseRoom
{
    public static void Add(IServiceCollection services)
    {
    }

    public static void Map(WebApplication app, RouteGroupBuilder api)
    {
    }
}
