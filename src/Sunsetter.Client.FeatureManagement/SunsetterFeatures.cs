using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.FeatureManagement;
using Microsoft.FeatureManagement.Mvc;
using Sunsetter.Client.AspNetCore;

namespace Sunsetter.Client.FeatureManagement;

/// <summary>Sets up Microsoft.FeatureManagement.</summary>
public static class SunsetterFeatures
{
    /// <summary>
    /// Lets features named like a module obey its gate: <c>services.AddFeatureManagement().AddSunsetter()</c>. Code with
    /// <c>[FeatureGate]</c> stays as it is. Needs <c>services.AddSunsetter</c>.
    /// </summary>
    /// <param name="features">What <c>AddFeatureManagement</c> returned.</param>
    /// <param name="configure">How callers are found; null: by their claims.</param>
    public static IFeatureManagementBuilder AddSunsetter(this IFeatureManagementBuilder features, Action<SunsetterHttpOptions>? configure = null)
    {
        var services = features.Services;
        services.AddHttpContextAccessor();
        services.AddSunsetterHttp(configure);
        features.AddFeatureFilter<ModuleFilter>();
        features.AddFeatureFilter<OwnFilter>();
        features.AddFeatureFilter<OwnFilterInContext>();
        services.TryAddSingleton<IDisabledFeaturesHandler, GoneHandler>();

        var own = services.LastOrDefault(service => service.ServiceType == typeof(IFeatureDefinitionProvider))
            ?? throw new InvalidOperationException("Call AddFeatureManagement before AddSunsetter.");
        services.Remove(own);
        services.AddSingleton<IFeatureDefinitionProvider>(provider =>
            new GateDefinitions(Make(own, provider), provider.GetRequiredService<SunsetterClient>()));
        return features;
    }

    private static IFeatureDefinitionProvider Make(ServiceDescriptor own, IServiceProvider provider) =>
        (IFeatureDefinitionProvider)(own.ImplementationInstance
            ?? own.ImplementationFactory?.Invoke(provider)
            ?? ActivatorUtilities.CreateInstance(provider, own.ImplementationType!));
}
