using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Sunsetter.Client.AspNetCore;

/// <summary>Sets up an ASP.NET Core application.</summary>
public static class SunsetterHttpServices
{
    /// <summary>Lets endpoints, controllers, pages and hubs name the module they belong to. Needs <c>AddSunsetter</c>.</summary>
    /// <param name="services">Where to register.</param>
    /// <param name="configure">How callers are found; null: by their claims.</param>
    public static IServiceCollection AddSunsetterHttp(this IServiceCollection services, Action<SunsetterHttpOptions>? configure = null)
    {
        services.AddOptions<SunsetterHttpOptions>();
        if (configure is not null) services.Configure(configure);
        services.TryAddSingleton<Gatekeeper>();
        services.TryAddSingleton<ModuleHubFilter>();
        services.PostConfigure<HubOptions>(hubs => hubs.AddFilter<ModuleHubFilter>());
        return services;
    }
}
