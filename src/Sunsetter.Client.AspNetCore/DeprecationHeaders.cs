using System.Globalization;
using Microsoft.AspNetCore.Http;
using Sunsetter.Gates;

namespace Sunsetter.Client.AspNetCore;

/// <summary>What an HTTP client is told ahead of time: <c>Deprecation</c> (RFC 9745), <c>Sunset</c> (RFC 8594) and <c>Link</c>.</summary>
internal static class DeprecationHeaders
{
    /// <summary>Header names and values for a decision; nothing for a module that is not retiring.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Of(GateDecision decision)
    {
        if (decision.State == GateState.Open || decision.IsDefault) yield break;

        // A structured date: "@" and Unix seconds.
        if (decision.AnnouncedAt is { } announced) yield return new("Deprecation", "@" + announced.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        if (decision.ClosesAt is { } closes) yield return new("Sunset", closes.ToString("r", CultureInfo.InvariantCulture));

        var links = new List<string>(3);
        if (Target(decision.Module?.Info) is { } info)
        {
            links.Add($"<{info}>; rel=\"deprecation\"; type=\"text/html\"");
            links.Add($"<{info}>; rel=\"sunset\"; type=\"text/html\"");
        }
        if (Target(decision.Alternative?.Url) is { } successor) links.Add($"<{successor}>; rel=\"successor-version\"");
        if (links.Count > 0) yield return new("Link", string.Join(", ", links));
    }

    public static void Write(HttpResponse response, GateDecision decision)
    {
        foreach (var (name, value) in Of(decision)) response.Headers.Append(name, value);
    }

    /// <summary>An address in its ASCII form, so that nothing in it can end the header.</summary>
    private static string? Target(string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) ? uri.AbsoluteUri.Replace(">", "%3E", StringComparison.Ordinal) : null;
}
