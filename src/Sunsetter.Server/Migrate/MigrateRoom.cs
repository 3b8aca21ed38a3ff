using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Migrate;

/// <summary>Stage 3: customers move.</summary>
internal static class MigrateRoom
{
    public static void Add(IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(ToolCommands.From(configuration));
        services.AddSingleton<ToolSecrets>();
        services.AddSingleton<IKeptData, ToolRunData>();
        services.AddSingleton<ToolRuns>();
        services.AddSingleton<ToolRun>();
        services.AddSingleton<ToolDesk>();
        services.AddSingleton<IToolRunner, WebCallRunner>();
        services.AddSingleton<IToolRunner, CommandRunner>();
        services.AddSingleton<RunTools>();
        services.AddSingleton<IDueStep>(provider => provider.GetRequiredService<RunTools>());
        services.AddHostedService(provider => provider.GetRequiredService<RunTools>());
        services.AddSingleton<LedgerLines>();
        services.AddSingleton<LedgerPages>();
        services.AddSingleton<INeeds, MigrateNeeds>();
        services.AddSingleton<IBlockers, MigrateNeeds>();
        services.AddSingleton<MeasureMovement>();
        services.AddSingleton<IDueStep>(provider => provider.GetRequiredService<MeasureMovement>());
    }

    public static void Map(WebApplication app, RouteGroupBuilder api)
    {
        var retirement = api.MapGroup("/retirements/{id}");
        retirement.MapReadiness();
        retirement.MapFaq();
        retirement.MapTools();
        api.MapReports();
        retirement.MapLedger();
        var entry = retirement.MapGroup("/entries/{customer}");
        entry.MapHelp();
        entry.MapExtensions();
        entry.MapFollowUps();
        entry.MapIncentives();
    }
}
