using Microsoft.Net.Http.Headers;

namespace Sunsetter.Server.Gates;

/// <summary>If-None-Match as RFC 9110 wants it: a list, compared weakly. A proxy that compresses makes a tag weak on its way.</summary>
internal static class EntityTag
{
    /// <param name="request">The request.</param>
    /// <param name="etag">The tag of the answer, with its quotes.</param>
    public static bool IsKnownTo(HttpRequest request, string etag)
    {
        var ours = EntityTagHeaderValue.Parse(etag);
        return EntityTagHeaderValue.TryParseList(request.Headers.IfNoneMatch, out var theirs)
            && theirs.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || tag.Compare(ours, useStrongComparison: false));
    }
}
