using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Usage;

/// <summary>Who uses which module, exactly.</summary>
internal static class UsageRoom
{
    public static void Add(IServiceCollection services)
    {
        services.AddSingleton<UsageWriter>();
        services.AddSingleton<Retirements.IKeptData, UsageData>();
        services.AddSingleton<UsageKeys>();
        services.AddSingleton<UsageRevisions>();
        services.AddSingleton<UsageWindows>();
        services.AddSingleton<UsageMatrix>();
        services.AddSingleton<KeptAnswers>();
        services.AddSingleton<UsageQuestions>();
        services.AddSingleton<KeptMovement>();
        services.AddSingleton<KeptFigures>();
        services.AddHostedService(provider => provider.GetRequiredService<KeptFigures>());
        services.AddSingleton<IDueStep, ForgetBatches>();
        services.AddSingleton<IDueStep, RollUp>();
        services.AddSingleton<IDueStep, HashStoredUsers>();
        services.AddSingleton<KeepUsageRules>();
        services.AddSingleton<FlagVerdicts>();
        services.AddSingleton<ClosedSince>();
        services.AddSingleton<EndedSources>();
        services.AddSingleton<UnknownKeys>();
        services.AddSingleton<UsageImport>();
        services.AddSingleton<UsageIntake>();
        services.AddHostedService(provider => provider.GetRequiredService<UsageIntake>());
    }

    public static void Map(WebApplication app, RouteGroupBuilder api)
    {
        app.MapPost("/edge/v1/usage", ReceiveUsage.Handle).Needs(Permission.WriteUsage).DisableAntiforgery();
        UsageEndpoints.Map(api);
    }
}
