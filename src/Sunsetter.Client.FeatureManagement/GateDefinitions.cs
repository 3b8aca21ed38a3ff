using Microsoft.FeatureManagement;

namespace Sunsetter.Client.FeatureManagement;

/// <summary>
/// Defines a feature for each module of the snapshot, so that a feature named like a module obeys its gate. What the application
/// defined itself keeps its say: a feature that is off stays off, and its own conditions hold beside the gate.
/// </summary>
internal sealed class GateDefinitions(IFeatureDefinitionProvider own, SunsetterClient client) : IFeatureDefinitionProvider
{
    public async Task<FeatureDefinition> GetFeatureDefinitionAsync(string featureName)
    {
        if (OwnFilter.NameIn(featureName) is { } asked) return await own.GetFeatureDefinitionAsync(asked);
        var definition = await own.GetFeatureDefinitionAsync(featureName);
        return client.Snapshot.Find(featureName) is null ? definition : Gated(featureName, definition);
    }

    public async IAsyncEnumerable<FeatureDefinition> GetAllFeatureDefinitionsAsync()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var snapshot = client.Snapshot;
        await foreach (var definition in own.GetAllFeatureDefinitionsAsync())
        {
            seen.Add(definition.Name);
            yield return snapshot.Find(definition.Name) is null ? definition : Gated(definition.Name, definition);
        }
        foreach (var module in snapshot.Modules)
        {
            if (seen.Add(module.Key)) yield return Gated(module.Key, null);
        }
    }

    private static FeatureDefinition Gated(string name, FeatureDefinition? own)
    {
        var gate = new FeatureFilterConfiguration { Name = ModuleFilter.Alias };
        var conditions = own?.EnabledFor?.ToList();
        if (own is null) return new FeatureDefinition { Name = name, EnabledFor = [gate] };

        // Off in the application's own words, by status or by having no condition at all: the gate cannot open it.
        if (conditions is not { Count: > 0 } || own.Status == FeatureStatus.Disabled) return own;

        // "Any" of several conditions cannot stand beside one that must hold: they are asked as a whole.
        var combinable = own.RequirementType == RequirementType.All || conditions.Count == 1;
        var asWhole = new FeatureFilterConfiguration { Name = OwnFilter.Alias };
        return new FeatureDefinition
        {
            Name = name,
            EnabledFor = combinable ? [.. conditions, gate] : [asWhole, gate],
            RequirementType = RequirementType.All,
            Status = own.Status,
            Allocation = own.Allocation,
            Variants = own.Variants,
            Telemetry = own.Telemetry,
        };
    }
}
