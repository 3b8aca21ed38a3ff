using Sunsetter.Gates.Changing;

namespace Sunsetter.Gates.Reading;

/// <summary>Reads a delta and collects every error that shows without the snapshot it is for.</summary>
internal static class DeltaReader
{
    public static DeltaReading Read(byte[] utf8)
    {
        var errors = new ErrorList();
        var delta = JsonParser.Parse(utf8, errors) is { } root ? Read(root, errors) : null;
        return new DeltaReading(errors.Any ? null : delta, errors.Items);
    }

    private static GateDelta? Read(JsonNode root, ErrorList errors)
    {
        if (!NodeReader.IsObject(root, "$", errors)) return null;
        NodeReader.Format(root, errors);
        var basis = NodeReader.Whole(root, "base", "$", errors);
        var version = NodeReader.Whole(root, "version", "$", errors);
        if (basis >= version) errors.Add("value", "$.version", "The version must be greater than the base.");
        var issuedAt = NodeReader.Instant(root, "issuedAt", "$", errors);
        var keys = new HashSet<string>(StringComparer.Ordinal);
        var patches = Patches(root, keys, errors);
        var removed = Removed(root, keys, errors);
        return errors.Any ? null : new GateDelta(basis!.Value, version!.Value, issuedAt!.Value, patches, removed);
    }

    private static List<ModulePatch> Patches(JsonNode root, HashSet<string> keys, ErrorList errors)
    {
        var patches = new List<ModulePatch>();
        var list = NodeReader.Optional(root, "modules", JsonKind.Array, "$", errors)?.Items ?? [];
        if (list.Count > Limits.Modules) errors.Add("limit", "$.modules", $"At most {Limits.Modules} modules.");
        for (var i = 0; i < list.Count; i++)
        {
            if (PatchReader.Read(list[i], $"modules[{i}]", errors) is not { } patch) continue;
            if (keys.Add(patch.Key)) patches.Add(patch);
            else errors.Add("duplicate", $"modules[{i}].key", $"The module {patch.Key} is there twice.");
        }

        return patches;
    }

    private static List<string> Removed(JsonNode root, HashSet<string> keys, ErrorList errors)
    {
        var removed = new List<string>();
        var list = NodeReader.Optional(root, "removed", JsonKind.Array, "$", errors)?.Items ?? [];
        for (var i = 0; i < list.Count; i++)
        {
            if (list[i].Kind != JsonKind.String) errors.Add("type", $"removed[{i}]", "A module key is expected.");
            else if (keys.Add(list[i].Text)) removed.Add(list[i].Text);
            else errors.Add("duplicate", $"removed[{i}]", $"The module {list[i].Text} is there twice.");
        }

        return removed;
    }
}
