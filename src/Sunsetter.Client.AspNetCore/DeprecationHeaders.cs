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

    /// <summary>
    /// Writes them to an answer. Both dates are single values: where an answer belongs to several modules, or says something of its own, the earliest
    /// holds; links are a list.
    /// </summary>
    /// <param name="response">The answer.</param>
    /// <param name="headers">What <see cref="Of"/> gave.</param>
    public static void Write(HttpResponse response, IEnumerable<KeyValuePair<string, string>> headers)
    {
        foreach (var (name, value) in headers)
        {
            if (name == "Link") response.Headers.Append(name, value);
            else if (!IsEarlier(response.Headers[name].ToString(), value)) response.Headers[name] = value;
        }
    }

    private static bool IsEarlier(string known, string value) => At(known) is { } one && At(value) is { } other && one <= other;

    private static DateTimeOffset? At(string value) =>
        value.StartsWith('@') && long.TryParse(value.AsSpan(1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds) && seconds is > -62_000_000_000 and < 250_000_000_000
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : DateTimeOffset.TryParseExact(value, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var instant) ? instant : null;

    /// <summary>An address in its ASCII form, so that nothing in it can end the header.</summary>
    private static string? Target(string? url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) ? uri.AbsoluteUri.Replace(">", "%3E", StringComparison.Ordinal) : null;
}
