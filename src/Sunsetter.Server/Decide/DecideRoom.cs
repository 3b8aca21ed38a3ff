using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Decide;

/// <summary>Stage 1: should this module go, and when can it go?</summary>
internal static class DecideRoom
{
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<Calendars>();
        services.AddSingleton<Policies>();
    }

    public static void Map(WebApplication app, RouteGroupBuilder api)
    {
    }
}
