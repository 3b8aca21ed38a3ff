using Sunsetter.Gates.Changing;

namespace Sunsetter.Gates.Reading;

/// <summary>Reads one module of a snapshot or delta. A complete module is the patch that makes it from nothing.</summary>
internal static class PatchReader
{
    public static ModulePatch? Read(JsonNode node, string path, ErrorList errors)
    {
        if (!NodeReader.IsObject(node, path, errors)) return null;
        var key = NodeReader.Required(node, "key", JsonKind.String, path, errors)?.Text;
        if (key is not null && !UnicodeRules.IsName(key, Limits.Key))
            errors.Add("value", path + ".key", $"A module key is 1 to {Limits.Key} characters without control characters.");

        var patch = new ModulePatch(key ?? "")
        {
            Name = node["name"] is { } name ? PartReader.Text(name, path + ".name", errors) : null,
            Why = Member(node, "why", path, errors, PartReader.Text),
            Alternative = Member(node, "alternative", path, errors, PartReader.Alternative),
            Contact = Member(node, "contact", path, errors, PartReader.Contact),
            Info = Member(node, "info", path, errors, PartReader.Url),
            Timelines = NodeReader.Optional(node, "timelines", JsonKind.Object, path, errors) is { } timelines
                ? PartReader.Timelines(timelines, path + ".timelines", errors) : null,
            Default = DefaultOf(node, path, errors),
            Customers = Customers(node, path, errors),
        };
        return key is null ? null : patch;
    }

    private static Change<T> Member<T>(JsonNode node, string name, string path, ErrorList errors, Func<JsonNode, string, ErrorList, T?> read) where T : class
    {
        if (node[name] is not { } member) return default;
        return member.Kind == JsonKind.Null ? new Change<T>(null) : new Change<T>(read(member, $"{path}.{name}", errors));
    }

    private static string? DefaultOf(JsonNode node, string path, ErrorList errors) =>
        NodeReader.OptionalString(node, "default", path, errors);

    private static List<KeyValuePair<string, string?>> Customers(JsonNode node, string path, ErrorList errors)
    {
        var customers = new List<KeyValuePair<string, string?>>();
        if (NodeReader.Optional(node, "customers", JsonKind.Object, path, errors) is not { } map) return customers;
        if (map.Members.Count > Limits.Customers) errors.Add("limit", path + ".customers", $"At most {Limits.Customers} customers.");
        customers.Capacity = map.Members.Count;
        foreach (var member in map.Members)
        {
            if (!UnicodeRules.IsName(member.Key, Limits.Customer)) errors.Add("value", path + ".customers", $"A customer id is 1 to {Limits.Customer} characters without control characters.");
            if (member.Value.Kind is JsonKind.String or JsonKind.Null) customers.Add(new(member.Key, member.Value.Kind == JsonKind.Null ? null : member.Value.Text));
            else errors.Add("type", $"{path}.customers.{member.Key}", "A timeline id is expected.");
        }

        return customers;
    }
}
