using System.Globalization;
using Microsoft.Net.Http.Headers;

namespace Sunsetter.Server.Gates;

/// <summary>If-None-Match as RFC 9110 wants it: a list, compared weakly. A proxy that compresses makes a tag weak on its way.</summary>
internal static class EntityTag
{
    /// <summary>The newest version that the asker has seen; −1: none of ours.</summary>
    public static long VersionKnownTo(HttpRequest request) =>
        EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out var theirs) && theirs.Count > 0 ? theirs.Max(VersionOf) : -1;

    /// <param name="request">The request.</param>
    /// <param name="etag">The tag of the answer, with its quotes.</param>
    public static bool IsKnownTo(HttpRequest request, string etag)
    {
        var ours = EntityTagHeaderValue.Parse(etag);
        return EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out var theirs)
            && theirs.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(ours, useStrongComparison: false));
    }

    private static long VersionOf(EntityTagHeaderValue tag)
    {
        var text = tag.Tag.AsSpan().Trim('"');
        return text.IndexOf('-') is > 0 and var end && long.TryParse(text[..end], NumberStyles.None, CultureInfo.InvariantCulture, out var version) ? version : -1;
    }
}
