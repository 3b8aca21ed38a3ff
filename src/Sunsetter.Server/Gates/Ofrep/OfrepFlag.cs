using Sunsetter.Gates;

namespace Sunsetter.Server.Gates;

/// <summary>One evaluated flag, in the protocol's words.</summary>
/// <param name="Reason">STATIC: nothing is planned; TARGETING_MATCH: the schedule decides.</param>
/// <param name="Metadata">Only strings, as the protocol wants: state, reason, until, closesAt, alternative, info.</param>
internal sealed record OfrepFlag(string Key, string Reason, string Variant, bool Value, IReadOnlyDictionary<string, string> Metadata)
{
    public static OfrepFlag Of(GateSnapshot snapshot, string key, EdgeCaller caller, OfrepContext context, DateTimeOffset now)
    {
        var decision = caller.IsBrowser
            ? snapshot.Decide(key, caller.Customer, caller.User, now)
            : snapshot.Decide(key, context.Customer, context.User, now);
        var state = decision.State.ToString().ToLowerInvariant();
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["state"] = state, ["reason"] = decision.Reason };
        Add(metadata, "until", decision.Until is { } until ? EdgeDoor.Instant(until) : null);
        Add(metadata, "closesAt", decision.ClosesAt is { } closes ? EdgeDoor.Instant(closes) : null);
        Add(metadata, "alternative", decision.Alternative?.Module);
        Add(metadata, "info", decision.Module?.Info);
        return new OfrepFlag(key, decision.Reason == GateReasons.NotRetiring ? "STATIC" : "TARGETING_MATCH", state, decision.IsOpen, metadata);
    }

    private static void Add(Dictionary<string, string> metadata, string name, string? value)
    {
        if (value is not null)
            metadata[name] = value;
    }
}
