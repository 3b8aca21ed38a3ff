using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;

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
        // Called again by what builds on it: a filter that is added twice counts twice.
        if (services.Any(service => service.ServiceType == typeof(Gatekeeper))) return services;
        services.AddSingleton<Gatekeeper>();
        services.AddSingleton<HubConnections>();
        services.AddSingleton<ModuleHubFilter>();
        services.PostConfigure<HubOptions>(hubs => hubs.AddFilter<ModuleHubFilter>());
        services.AddSingleton<IStartupFilter, AttributesAreRead>();
        return services;
    }
}
