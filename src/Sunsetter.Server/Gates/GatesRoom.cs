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
        services.AddSingleton<GateReader>();
        services.AddSingleton<GateStreams>();
        services.AddSingleton<KeepGateBasis>();
        services.AddSingleton<IDueStep>(provider => provider.GetRequiredService<KeepGateBasis>());
        services.AddSingleton<GatePublisher>();
        services.AddSingleton<IPreparation>(provider => provider.GetRequiredService<GatePublisher>());
        services.AddHostedService(provider => provider.GetRequiredService<GatePublisher>());
        services.AddHostedService(provider => provider.GetRequiredService<GateStreams>());
        services.AddHostedService<GateListener>();
    }

    public static void Map(WebApplication app, RouteGroupBuilder api)
    {
        GatesApi.Map(app);
        KeysApi.Map(api);
    }
}
