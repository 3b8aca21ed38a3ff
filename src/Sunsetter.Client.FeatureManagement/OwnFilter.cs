using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.FeatureManagement;

namespace Sunsetter.Client.FeatureManagement;

/// <summary>Answers what the application's own definition of a feature says, as a whole, so that it can stand beside a gate.</summary>
[FilterAlias(Alias)]
internal sealed class OwnFilter(IServiceProvider services) : IFeatureFilter
{
    public const string Alias = "Sunsetter.Own";

    internal const string Prefix = "Sunsetter.Own:";

    /// <summary>The feature whose own definition is asked for; null: an ordinary name.</summary>
    public static string? NameIn(string feature) => feature.StartsWith(Prefix, StringComparison.Ordinal) ? feature[Prefix.Length..] : null;

    // The manager is found when it is asked: it is made of its filters.
    public Task<bool> EvaluateAsync(FeatureFilterEvaluationContext context) => services.GetRequiredService<IFeatureManager>().IsEnabledAsync(Prefix + context.FeatureName);
}

/// <summary>The same where the application gave a context with its question.</summary>
[FilterAlias(OwnFilter.Alias)]
internal sealed class OwnFilterInContext(IServiceProvider services) : IContextualFeatureFilter<object>
{
    private static readonly MethodInfo Ask =
        typeof(IFeatureManager).GetMethods().Single(method => method is { Name: nameof(IFeatureManager.IsEnabledAsync), IsGenericMethodDefinition: true });

    // Filters for a context are found by its type, which only the object itself still knows.
    public Task<bool> EvaluateAsync(FeatureFilterEvaluationContext featureFilterContext, object appContext) =>
        (Task<bool>)Ask.MakeGenericMethod(appContext.GetType()).Invoke(services.GetRequiredService<IFeatureManager>(), [OwnFilter.Prefix + featureFilterContext.FeatureName, appContext])!;
}
