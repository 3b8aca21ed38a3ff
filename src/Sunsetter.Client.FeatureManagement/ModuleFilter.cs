using Microsoft.AspNetCore.Http;
using Microsoft.FeatureManagement;
using Microsoft.FeatureManagement.Mvc;
using Sunsetter.Client.AspNetCore;

namespace Sunsetter.Client.FeatureManagement;

/// <summary>Answers for the module named like the feature, for the caller of the current request.</summary>
[FilterAlias(Alias)]
internal sealed class ModuleFilter(Gatekeeper gatekeeper, IHttpContextAccessor requests) : IFeatureFilter
{
    public const string Alias = "Sunsetter.Module";

    public Task<bool> EvaluateAsync(FeatureFilterEvaluationContext context)
    {
        var request = requests.HttpContext;
        // Only a gated endpoint is a use; a view that asks in order to draw its menu is not.
        var decision = IsFirstUse(request, context.FeatureName)
            ? gatekeeper.Judge(request!, context.FeatureName)
            : gatekeeper.Ask(request, context.FeatureName);
        return Task.FromResult(decision.IsOpen);
    }

    private static bool IsFirstUse(HttpContext? request, string feature)
    {
        var gates = request?.GetEndpoint()?.Metadata.GetOrderedMetadata<FeatureGateAttribute>() ?? [];
        return gates.Any(gate => gate.Features.Contains(feature, StringComparer.Ordinal))
            && request!.Items.TryAdd((typeof(ModuleFilter), feature), true);
    }
}
