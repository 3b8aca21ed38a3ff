using System.Globalization;

namespace Sunsetter.Gates.Reading;

/// <summary>Takes typed members out of an object and notes what is missing or of the wrong kind.</summary>
internal static class NodeReader
{
    public static bool IsObject(JsonNode node, string path, ErrorList errors)
    {
        if (node.Kind == JsonKind.Object) return true;
        errors.Add("type", path, "An object is expected.");
        return false;
    }

    /// <summary>The member; a missing one is an error.</summary>
    public static JsonNode? Required(JsonNode node, string name, JsonKind kind, string path, ErrorList errors)
    {
        if (node[name] is not { } member)
        {
            errors.Add("missing", $"{path}.{name}", "This member is required.");
            return null;
        }

        return OfKind(member, kind, $"{path}.{name}", errors);
    }

    public static JsonNode? Optional(JsonNode node, string name, JsonKind kind, string path, ErrorList errors) =>
        node[name] is { } member ? OfKind(member, kind, $"{path}.{name}", errors) : null;

    public static string? OptionalString(JsonNode node, string name, string path, ErrorList errors) =>
        Optional(node, name, JsonKind.String, path, errors)?.Text;

    public static long? Whole(JsonNode node, string name, string path, ErrorList errors)
    {
        if (Required(node, name, JsonKind.Number, path, errors) is not { } number) return null;
        if (long.TryParse(number.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value <= Limits.Version) return value;
        errors.Add("value", $"{path}.{name}", "A whole number from 0 to 2^53-1 is expected.");
        return null;
    }

    public static DateTimeOffset? Instant(JsonNode node, string name, string path, ErrorList errors)
    {
        if (Required(node, name, JsonKind.String, path, errors) is not { } text) return null;
        if (Writing.WireInstant.TryRead(text.Text, out var instant)) return instant;
        errors.Add("value", $"{path}.{name}", "A UTC instant such as 2026-11-22T16:00:00.000Z is expected.");
        return null;
    }

    public static void Format(JsonNode root, ErrorList errors)
    {
        if (Required(root, "format", JsonKind.Number, "$", errors) is { } format && format.Text != "1")
            errors.Add("format", "$.format", $"This reader knows format 1, not {format.Text}.");
    }

    private static JsonNode? OfKind(JsonNode member, JsonKind kind, string path, ErrorList errors)
    {
        if (member.Kind == kind) return member;
        errors.Add("type", path, $"{(kind is JsonKind.Array or JsonKind.Object ? "An" : "A")} {kind.ToString().ToLowerInvariant()} is expected.");
        return null;
    }
}
