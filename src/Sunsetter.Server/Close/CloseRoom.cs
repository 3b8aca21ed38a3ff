using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Close;

/// <summary>Stage 4: the module closes, exactly.</summary>
internal static class CloseRoom
{
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<IDueStep, ClosingStep>();
        services.AddSingleton<Grounds>();
    }

    public static void Map(WebApplication app, RouteGroupBuilder api)
    {
        var retirement = api.MapGroup("/retirements/{id}");
        retirement.MapClosing();
        retirement.MapRestores();
    }
}
