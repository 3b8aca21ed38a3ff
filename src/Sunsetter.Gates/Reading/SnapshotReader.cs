namespace Sunsetter.Gates.Reading;

/// <summary>Reads a whole snapshot and collects every error.</summary>
internal static class SnapshotReader
{
    public static SnapshotReading Read(byte[] utf8)
    {
        var errors = new ErrorList();
        var snapshot = JsonParser.Parse(utf8, errors) is { } root ? Read(root, errors) : null;
        return new SnapshotReading(errors.Any ? null : snapshot, errors.Items);
    }

    private static GateSnapshot? Read(JsonNode root, ErrorList errors)
    {
        if (!NodeReader.IsObject(root, "$", errors)) return null;
        NodeReader.Format(root, errors);
        var version = NodeReader.Whole(root, "version", "$", errors);
        var issuedAt = NodeReader.Instant(root, "issuedAt", "$", errors);
        var list = NodeReader.Required(root, "modules", JsonKind.Array, "$", errors)?.Items ?? [];
        if (list.Count > Limits.Modules) errors.Add("limit", "$.modules", $"At most {Limits.Modules} modules.");
        var modules = new List<GateModule>(list.Count);
        var keys = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < list.Count; i++)
        {
            var path = $"modules[{i}]";
            if (PatchReader.Read(list[i], path, errors) is not { } patch) continue;
            if (!keys.Add(patch.Key)) errors.Add("duplicate", path + ".key", $"The module {patch.Key} is there twice.");
            else if (Changing.PatchApplier.Complete(patch, path, errors) is { } module) modules.Add(module);
        }

        return errors.Any ? null : new GateSnapshot(version!.Value, issuedAt!.Value, [.. modules]);
    }
}
