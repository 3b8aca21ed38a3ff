using Microsoft.Net.Http.Headers;

namespace Sunsetter.Server.Platform;

/// <summary>
/// <c>ETag</c> and <c>If-Match</c> (RFC 9110) of a document of settings: its <see cref="Fingerprint"/>, so that a program, too, changes only what it has seen.
/// Compared by content: a proxy that compresses makes a tag weak on its way, and it still names one document.
/// </summary>
internal static class IfMatch
{
    public static void Tag<T>(this HttpResponse response, T document) => response.Headers.ETag = $"\"{Fingerprint.Of(document)}\"";

    /// <summary>What the caller says they have seen, for <see cref="Settings.Change"/>; null where they do not say, or take whatever is there.</summary>
    public static Outcome<string?> Seen<T>(HttpRequest request, T now)
    {
        if (request.Headers.IfMatch.Count == 0)
            return (string?)null;
        if (!EntityTagHeaderValue.TryParseList(request.Headers.IfMatch, out var tags) || tags.Count == 0)
            return new Refusal("precondition.unreadable", "“If-Match” cannot be read. Send the “ETag” of your GET as it is, with its quotes.", "无法识别 If-Match。请原样发送 GET 返回的 ETag（含引号）。", StatusCodes.Status400BadRequest);
        var here = Fingerprint.Of(now);
        return tags.Contains(EntityTagHeaderValue.Any) ? (string?)null : tags.Any(tag => tag.Tag.AsSpan().Trim('"').SequenceEqual(here)) ? here : Changed;
    }

    /// <summary>The refusal of a change as the caller is told it: with a tag that no longer holds, it is their precondition that failed.</summary>
    public static Refusal Told(this Refusal refusal, string? seen) => seen is not null && refusal == Refusal.Overtaken ? Changed : refusal;

    private static readonly Refusal Changed = new("precondition.changed", "Somebody has changed this since you read it. Read it again, bring your change into it, and send it with the new “ETag”.",
        "您读取之后内容已被更改。请重新读取，合并您的修改，并使用新的 ETag 提交。", StatusCodes.Status412PreconditionFailed);
}
