using Sunsetter.Gates.Changing;

namespace Sunsetter.Gates.Writing;

/// <summary>Writes snapshots and deltas in the wire format.</summary>
internal static class SnapshotWriter
{
    public static byte[] Write(GateSnapshot snapshot)
    {
        var json = new JsonText();
        json.Open('{').Name("format").Number(1).Name("version").Number(snapshot.Version).Name("issuedAt").Instant(snapshot.IssuedAt);
        json.Name("modules").Open('[');
        foreach (var module in snapshot.Modules) Patch(json, DeltaBuilder.Whole(module));
        return json.Close(']').Close('}').ToUtf8();
    }

    public static byte[] Write(GateDelta delta)
    {
        var json = new JsonText();
        json.Open('{').Name("format").Number(1).Name("base").Number(delta.Base).Name("version").Number(delta.Version).Name("issuedAt").Instant(delta.IssuedAt);
        if (delta.Patches.Count > 0)
        {
            json.Name("modules").Open('[');
            foreach (var patch in delta.Patches) Patch(json, patch);
            json.Close(']');
        }

        if (delta.RemovedKeys.Count > 0)
        {
            json.Name("removed").Open('[');
            foreach (var key in delta.RemovedKeys) json.String(key);
            json.Close(']');
        }

        return json.Close('}').ToUtf8();
    }

    private static void Patch(JsonText json, ModulePatch patch)
    {
        json.Open('{').Name("key").String(patch.Key);
        if (patch.Name is not null) Text(json.Name("name"), patch.Name);
        Member(json, "why", patch.Why, Text);
        Member(json, "alternative", patch.Alternative, Alternative);
        Member(json, "contact", patch.Contact, Contact);
        Member(json, "info", patch.Info, (j, url) => j.String(url));
        if (patch.Timelines is { Count: > 0 }) Timelines(json, patch.Timelines);
        if (patch.Default is not null) json.Name("default").String(patch.Default);
        if (patch.Customers.Count > 0)
        {
            json.Name("customers").Open('{');
            foreach (var customer in patch.Customers) json.Name(customer.Key).String(customer.Value);
            json.Close('}');
        }

        json.Close('}');
    }

    private static void Member<T>(JsonText json, string name, Change<T> change, Action<JsonText, T> write) where T : class
    {
        if (!change.IsPresent) return;
        json.Name(name);
        if (change.Value is null) json.Literal("null");
        else write(json, change.Value);
    }

    private static void Text(JsonText json, LocalizedText text)
    {
        json.Open('{');
        foreach (var pair in text.Texts) json.Name(pair.Key).String(pair.Value);
        json.Close('}');
    }

    private static void Alternative(JsonText json, GateAlternative alternative)
    {
        json.Open('{');
        if (alternative.Module is not null) json.Name("module").String(alternative.Module);
        if (alternative.Name is not null) Text(json.Name("name"), alternative.Name);
        if (alternative.Url is not null) json.Name("url").String(alternative.Url);
        json.Close('}');
    }

    private static void Contact(JsonText json, GateContact contact)
    {
        json.Open('{');
        if (contact.Name is not null) json.Name("name").String(contact.Name);
        if (contact.Url is not null) json.Name("url").String(contact.Url);
        if (contact.Email is not null) json.Name("email").String(contact.Email);
        json.Close('}');
    }

    private static void Timelines(JsonText json, Dictionary<string, GateTimeline> timelines)
    {
        json.Name("timelines").Open('{');
        foreach (var timeline in timelines.Values)
        {
            json.Name(timeline.Id).Open('[');
            foreach (var segment in timeline.Segments)
            {
                json.Open('{').Name("from").Instant(segment.From).Name("state").String(WireState.Write(segment.State)).Name("reason").String(segment.Reason);
                if (segment.Share != GateSegment.Everyone) json.Name("share").Literal(WireShare.Write(segment.Share));
                if (segment.Closes is { } closes) json.Name("closes").Instant(closes);
                json.Close('}');
            }

            json.Close(']');
        }

        json.Close('}');
    }
}
