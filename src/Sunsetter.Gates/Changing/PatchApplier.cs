using Sunsetter.Gates.Reading;

namespace Sunsetter.Gates.Changing;

/// <summary>Makes a module of a patch and, if there is one, the module before it.</summary>
internal static class PatchApplier
{
    private static readonly Dictionary<string, GateTimeline> NoTimelines = new(StringComparer.Ordinal);

    /// <summary>A module from nothing: everything required must be there.</summary>
    public static GateModule? Complete(ModulePatch patch, string path, ErrorList errors)
    {
        if (patch.Name is null) errors.Add("missing", path + ".name", "This member is required.");
        if (patch.Default is null) errors.Add("missing", path + ".default", "This member is required.");
        if (patch.Timelines is null) errors.Add("missing", path + ".timelines", "This member is required.");
        foreach (var member in patch.Removed()) errors.Add("type", $"{path}.{member}", "There is nothing to remove: leave this member out.");
        var timelines = patch.Timelines ?? NoTimelines;
        var first = patch.Default is null ? null : Resolve(patch.Default, timelines, NoTimelines, path + ".default", errors);
        var customers = new List<KeyValuePair<string, GateTimeline>>(patch.Customers.Count);
        foreach (var customer in patch.Customers)
        {
            if (customer.Value is null) errors.Add("type", $"{path}.customers.{customer.Key}", "A timeline id is expected.");
            else if (Resolve(customer.Value, timelines, NoTimelines, $"{path}.customers.{customer.Key}", errors) is { } timeline)
                customers.Add(new(customer.Key, timeline));
        }

        return patch.Name is null || first is null ? null : With(patch, null, patch.Name, first, KeyTable<GateTimeline>.Of(customers));
    }

    /// <summary>The module after the patch. References may name timelines of the module or of the patch.</summary>
    public static GateModule? Patched(GateModule module, ModulePatch patch, string path, ErrorList errors)
    {
        var known = patch.Default is null && patch.Customers.Count == 0 ? NoTimelines : module.Timelines();
        var added = patch.Timelines ?? NoTimelines;
        var first = patch.Default is null ? module.Default : Resolve(patch.Default, added, known, path + ".default", errors);
        var changes = new List<KeyValuePair<string, GateTimeline?>>(patch.Customers.Count);
        foreach (var customer in patch.Customers)
        {
            var timeline = customer.Value is null ? null : Resolve(customer.Value, added, known, $"{path}.customers.{customer.Key}", errors);
            if (timeline is not null || customer.Value is null) changes.Add(new(customer.Key, timeline));
        }

        if (first is null) return null;
        var patched = With(patch, module, patch.Name ?? module.Name, first, module.CustomerTable.With(changes));
        if (patched.CustomerCount > Limits.Customers) errors.Add("limit", path + ".customers", $"At most {Limits.Customers} customers.");
        return patched;
    }

    private static GateModule With(ModulePatch patch, GateModule? before, LocalizedText name, GateTimeline first, KeyTable<GateTimeline> customers) =>
        new(patch.Key, name, first, customers)
        {
            Why = patch.Why.Over(before?.Why),
            Alternative = patch.Alternative.Over(before?.Alternative),
            Contact = patch.Contact.Over(before?.Contact),
            Info = patch.Info.Over(before?.Info),
        };

    /// <summary>What the module knows wins: an id has one content for ever.</summary>
    private static GateTimeline? Resolve(
        string id, Dictionary<string, GateTimeline> added, Dictionary<string, GateTimeline> known, string path, ErrorList errors)
    {
        if (known.TryGetValue(id, out var timeline) || added.TryGetValue(id, out timeline)) return timeline;
        errors.Add("reference", path, $"There is no timeline {id}.");
        return null;
    }
}
