namespace Sunsetter.Gates.Changing;

/// <summary>Finds what differs between two snapshots.</summary>
internal static class DeltaBuilder
{
    public static GateDelta Between(GateSnapshot from, GateSnapshot to)
    {
        var patches = new List<ModulePatch>();
        foreach (var module in to.Modules)
        {
            var before = from.Find(module.Key);
            if (ReferenceEquals(before, module)) continue;
            var patch = before is null ? Whole(module) : Between(before, module);
            if (before is null || !patch.IsEmpty) patches.Add(patch);
        }

        var removed = from.Modules.Where(m => to.Find(m.Key) is null).Select(m => m.Key).ToList();
        return new GateDelta(from.Version, to.Version, to.IssuedAt, patches, removed);
    }

    /// <summary>Whether two modules say the same to everybody.</summary>
    public static bool Same(GateModule one, GateModule other) => ReferenceEquals(one, other) || Between(one, other).IsEmpty;

    public static ModulePatch Whole(GateModule module) => new(module.Key)
    {
        Name = module.Name,
        Why = Set(module.Why),
        Alternative = Set(module.Alternative),
        Contact = Set(module.Contact),
        Info = Set(module.Info),
        Timelines = module.Timelines(),
        Default = module.Default.Id,
        Customers = [.. module.CustomerTable.Items.Select(c => new KeyValuePair<string, string?>(c.Key, c.Value.Id))],
    };

    private static ModulePatch Between(GateModule from, GateModule to)
    {
        var patch = new ModulePatch(to.Key)
        {
            Name = from.Name.Same(to.Name) ? null : to.Name,
            Why = Changed(from.Why, to.Why, (a, b) => a.Same(b)),
            Alternative = Changed(from.Alternative, to.Alternative, (a, b) => a.Same(b)),
            Contact = Changed(from.Contact, to.Contact, (a, b) => a == b),
            Info = Changed(from.Info, to.Info, (a, b) => a == b),
            Default = from.Default.Id == to.Default.Id ? null : to.Default.Id,
        };
        if (!ReferenceEquals(from.CustomerTable, to.CustomerTable)) Customers(from, to, patch.Customers);
        Timelines(from, to, patch);
        return patch;
    }

    private static void Customers(GateModule from, GateModule to, List<KeyValuePair<string, string?>> changes)
    {
        foreach (var customer in to.CustomerTable.Items)
            if (from.CustomerTable.Find(customer.Key)?.Id != customer.Value.Id)
                changes.Add(new(customer.Key, customer.Value.Id));
        foreach (var customer in from.CustomerTable.Items)
            if (to.CustomerTable.Find(customer.Key) is null)
                changes.Add(new(customer.Key, null));
    }

    /// <summary>Only timelines that the old module lacks and that the patch refers to.</summary>
    private static void Timelines(GateModule from, GateModule to, ModulePatch patch)
    {
        var wanted = new HashSet<string>(patch.Customers.Where(c => c.Value is not null).Select(c => c.Value!), StringComparer.Ordinal);
        if (patch.Default is not null) wanted.Add(patch.Default);
        if (wanted.Count == 0) return;
        var old = from.Timelines();
        var now = to.Timelines();
        var added = new Dictionary<string, GateTimeline>(StringComparer.Ordinal);
        foreach (var id in wanted)
            if (!old.ContainsKey(id))
                added[id] = now[id];
        if (added.Count > 0) patch.Timelines = added;
    }

    private static Change<T> Set<T>(T? value) where T : class => value is null ? default : new Change<T>(value);

    private static Change<T> Changed<T>(T? from, T? to, Func<T, T, bool> same) where T : class
    {
        if (from is null && to is null) return default;
        return from is not null && to is not null && same(from, to) ? default : new Change<T>(to);
    }
}
