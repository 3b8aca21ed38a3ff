namespace Sunsetter.Gates.Reading;

/// <summary>The rules of a timeline, for documents read and for timelines made in code.</summary>
internal static class SegmentRules
{
    public static void Check(IReadOnlyList<GateSegment> segments, string path, ErrorList errors)
    {
        if (segments.Count > Limits.Segments)
            errors.Add("limit", path, $"A timeline has {segments.Count} segments; at most {Limits.Segments} are allowed.");
        for (var i = 0; i < segments.Count; i++)
        {
            var segment = segments[i];
            if (!IsReason(segment.Reason)) errors.Add("value", $"{path}[{i}].reason", "A reason is 1 to 64 lower-case letters, digits and hyphens.");
            if (segment.State > GateState.Closed) errors.Add("value", $"{path}[{i}].state", "Not a state.");
            if (segment.Share is <= 0 or > GateSegment.Everyone) errors.Add("value", $"{path}[{i}].share", "A share is more than 0 and less than 100 per cent.");
            if (i == 0) continue;
            var order = segment.From.UtcTicks.CompareTo(segments[i - 1].From.UtcTicks);
            if (order < 0) errors.Add("order", $"{path}[{i}].from", "A segment begins before the one in front of it.");
            if (order == 0 && segment.Share == GateSegment.Everyone)
                errors.Add("order", $"{path}[{i}].from", "A segment for everyone begins with the one in front of it, which would never hold.");
        }
    }

    public static bool IsReason(string? reason)
    {
        if (reason is null || reason.Length is 0 or > Limits.Reason) return false;
        foreach (var c in reason)
            if (c is not ((>= 'a' and <= 'z') or (>= '0' and <= '9') or '-'))
                return false;
        return true;
    }
}
