using Sunsetter.Gates.Reading;

namespace Sunsetter.Gates.Changing;

/// <summary>Applies a delta: all of it or nothing.</summary>
internal static class DeltaApplier
{
    public static DeltaApplication Apply(GateSnapshot snapshot, GateDelta delta)
    {
        if (delta.Version <= snapshot.Version) return new DeltaApplication(DeltaOutcome.AlreadyKnown, snapshot, []);
        if (delta.Base != snapshot.Version) return new DeltaApplication(DeltaOutcome.ResyncNeeded, snapshot, []);

        var errors = new ErrorList();
        var removed = new HashSet<string>(delta.RemovedKeys, StringComparer.Ordinal);
        var patches = delta.Patches.ToDictionary(p => p.Key, StringComparer.Ordinal);
        var modules = new List<GateModule>(snapshot.Modules.Count + patches.Count);
        foreach (var module in snapshot.Modules)
        {
            if (removed.Contains(module.Key)) continue;
            if (!patches.TryGetValue(module.Key, out var patch)) modules.Add(module);
            else if (PatchApplier.Patched(module, patch, module.Key, errors) is { } patched) modules.Add(patched);
            patches.Remove(module.Key);
        }

        foreach (var patch in delta.Patches)
            if (patches.ContainsKey(patch.Key) && PatchApplier.Complete(patch, patch.Key, errors) is { } added)
                modules.Add(added);

        if (modules.Count > Limits.Modules) errors.Add("limit", "$.modules", $"At most {Limits.Modules} modules.");
        return errors.Any
            ? new DeltaApplication(DeltaOutcome.Refused, snapshot, errors.Items)
            : new DeltaApplication(DeltaOutcome.Applied, new GateSnapshot(delta.Version, delta.IssuedAt, [.. modules]), []);
    }
}
