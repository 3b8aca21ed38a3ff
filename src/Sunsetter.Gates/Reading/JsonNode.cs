namespace Sunsetter.Gates.Reading;

internal enum JsonKind : byte
{
    Null, True, False, Number, String, Array, Object,
}

/// <summary>A parsed JSON value. <see cref="Text"/> holds a string's characters or a number's literal.</summary>
internal sealed class JsonNode(JsonKind kind, string? text = null, List<JsonNode>? items = null, List<KeyValuePair<string, JsonNode>>? members = null)
{
    public JsonKind Kind { get; } = kind;

    public string Text { get; } = text ?? "";

    public List<JsonNode> Items { get; } = items ?? NoItems;

    public List<KeyValuePair<string, JsonNode>> Members { get; } = members ?? NoMembers;

    private static readonly List<JsonNode> NoItems = [];
    private static readonly List<KeyValuePair<string, JsonNode>> NoMembers = [];

    /// <summary>The member of that name, or null. Objects whose members matter to us are small; the large maps are walked.</summary>
    public JsonNode? this[string name]
    {
        get
        {
            foreach (var member in Members)
                if (string.Equals(member.Key, name, StringComparison.Ordinal))
                    return member.Value;
            return null;
        }
    }
}
