using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Close;

/// <summary>Stage 4: the module closes, exactly.</summary>
internal static class CloseRoom
{
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<IDueStep, ClosingStep>();
        services.AddSingleton<Grounds>();
        services.AddSingleton<Restores>();
        services.AddSingleton<INeeds, CloseNeeds>();
        services.AddSingleton<IBlockers, CloseNeeds>();
        services.AddSingleton<Archives>();
        services.AddSingleton<UseFiles>();
        services.AddSingleton<IKeptData, ArchiveData>();
        services.AddSingleton<Certificates>();
        services.AddSingleton<DeleteWhatIsDue>();
        services.AddSingleton<IDueStep>(provider => provider.GetRequiredService<DeleteWhatIsDue>());
        services.AddSingleton<CustomerExport>();
    }

    public static void Map(WebApplication app, RouteGroupBuilder api)
    {
        var retirement = api.MapGroup("/retirements/{id}");
        retirement.MapClosing();
        retirement.MapRestores();
        retirement.MapData();
    }
}
