namespace Sunsetter.Gates.Reading;

/// <summary>Reads the parts of a module that snapshots and deltas have in common.</summary>
internal static class PartReader
{
    public static LocalizedText? Text(JsonNode node, string path, ErrorList errors)
    {
        if (!NodeReader.IsObject(node, path, errors)) return null;
        var texts = new List<KeyValuePair<string, string>>();
        foreach (var member in node.Members)
        {
            if (member.Value.Kind == JsonKind.String) texts.Add(new(member.Key, member.Value.Text));
            else errors.Add("type", $"{path}.{member.Key}", "A string is expected.");
        }

        TextRules.Check(texts, path, errors);
        return texts.Count == 0 ? null : new LocalizedText([.. texts]);
    }

    public static GateAlternative? Alternative(JsonNode node, string path, ErrorList errors)
    {
        if (!NodeReader.IsObject(node, path, errors)) return null;
        var alternative = new GateAlternative(
            NodeReader.OptionalString(node, "module", path, errors),
            node["name"] is { } name ? Text(name, path + ".name", errors) : null,
            NodeReader.OptionalString(node, "url", path, errors));
        ModuleRules.Check(alternative, path, errors);
        return alternative;
    }

    public static GateContact? Contact(JsonNode node, string path, ErrorList errors)
    {
        if (!NodeReader.IsObject(node, path, errors)) return null;
        var contact = new GateContact(
            NodeReader.OptionalString(node, "name", path, errors),
            NodeReader.OptionalString(node, "url", path, errors),
            NodeReader.OptionalString(node, "email", path, errors));
        ModuleRules.Check(contact, path, errors);
        return contact;
    }

    public static string? Url(JsonNode node, string path, ErrorList errors)
    {
        if (node.Kind != JsonKind.String)
        {
            errors.Add("type", path, "A string is expected.");
            return null;
        }

        ModuleRules.CheckUrl(node.Text, path, errors);
        return node.Text;
    }

    public static Dictionary<string, GateTimeline> Timelines(JsonNode node, string path, ErrorList errors)
    {
        var timelines = new Dictionary<string, GateTimeline>(StringComparer.Ordinal);
        if (node.Members.Count > Limits.Timelines) errors.Add("limit", path, $"At most {Limits.Timelines} timelines.");
        foreach (var member in node.Members)
        {
            var here = $"{path}.{member.Key}";
            if (!UnicodeRules.IsName(member.Key, Limits.TimelineId)) errors.Add("value", here, $"A timeline id is 1 to {Limits.TimelineId} characters.");
            if (Segments(member.Value, here, errors) is { } segments) timelines[member.Key] = new GateTimeline(member.Key, segments);
        }

        return timelines;
    }

    private static GateSegment[]? Segments(JsonNode node, string path, ErrorList errors)
    {
        if (node.Kind != JsonKind.Array)
        {
            errors.Add("type", path, "An array is expected.");
            return null;
        }

        var segments = new List<GateSegment>(node.Items.Count);
        for (var i = 0; i < node.Items.Count; i++)
            if (Segment(node.Items[i], $"{path}[{i}]", errors) is { } segment)
                segments.Add(segment);
        if (segments.Count != node.Items.Count) return null;
        var before = errors.Items.Count;
        SegmentRules.Check(segments, path, errors);
        return errors.Items.Count == before ? [.. segments] : null;
    }

    private static GateSegment? Segment(JsonNode node, string path, ErrorList errors)
    {
        if (!NodeReader.IsObject(node, path, errors)) return null;
        var from = NodeReader.Instant(node, "from", path, errors);
        var stateWord = NodeReader.Required(node, "state", JsonKind.String, path, errors)?.Text;
        var reason = NodeReader.Required(node, "reason", JsonKind.String, path, errors)?.Text;
        GateState state = default;
        var known = stateWord is not null && Writing.WireState.TryRead(stateWord, out state);
        if (stateWord is not null && !known) errors.Add("value", path + ".state", "A state is open, warned, brownout or closed.");
        var share = GateSegment.Everyone;
        var shareNode = node["share"];
        var shareIsGood = shareNode is null || (shareNode.Kind == JsonKind.Number && Writing.WireShare.TryRead(shareNode.Text, out share));
        if (!shareIsGood) errors.Add("value", path + ".share", "A share is a number above 0 and below 100 with at most two decimals.");
        DateTimeOffset? closes = node["closes"] is null ? null : NodeReader.Instant(node, "closes", path, errors);
        return from is { } instant && known && reason is not null && shareIsGood ? new GateSegment(instant, state, reason, share, closes) : null;
    }
}
