using Microsoft.AspNetCore.Authentication;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Gates;

/// <summary>Snapshots that applications obey.</summary>
internal static class GatesRoom
{
    public static void Add(IServiceCollection services)
    {
        services.AddCors();
        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, EdgeAuthentication>(Access.EdgeScheme, null);
        services.AddSingleton<EdgeKeys>();
        services.AddSingleton<EdgeRate>();
        services.AddSingleton<GateNews>();
        services.AddSingleton<GateReader>();
        services.AddSingleton<GateStreams>();
        services.AddSingleton<KeepGateBasis>();
        services.AddSingleton<IDueStep>(provider => provider.GetRequiredService<KeepGateBasis>());
        services.AddSingleton<IDueStep, FinishDrills>();
        services.AddSingleton<IDueStep, ForgetOldReceipts>();
        services.AddSingleton<GatePublisher>();
        services.AddSingleton<GateReceipts>();
        services.AddSingleton<GateAnswers>();
        services.AddSingleton<RestoreDrill>();
        services.AddSingleton<IPreparation>(provider => provider.GetRequiredService<GatePublisher>());
        services.AddHostedService(provider => provider.GetRequiredService<GatePublisher>());
        services.AddHostedService(provider => provider.GetRequiredService<GateStreams>());
        services.AddHostedService(provider => provider.GetRequiredService<GateReceipts>());
        services.AddHostedService<GateListener>();
    }

    public static void Map(WebApplication app, RouteGroupBuilder api)
    {
        GatesApi.Map(app);
        ReceiptsApi.Map(app, api);
        OfrepApi.Map(app);
        KeysApi.Map(api);
        DrillApi.Map(api);
    }
}
