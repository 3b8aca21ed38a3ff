using Microsoft.AspNetCore.Http.HttpResults;
using Sunsetter.Server.Gates;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Announce.InApp;

internal sealed record InAppNoticeList(IReadOnlyList<InAppNotice> Notices);

internal sealed record InAppMarkBody(string? Customer, string? User, DateTimeOffset? At);

/// <summary>In-app notices at the edge. A server key names customer and user; a browser key speaks for those of its signed context only.</summary>
internal static class NoticesEdge
{
    public static void Map(WebApplication app)
    {
        app.MapGet("/edge/v1/notices", async Task<Results<Ok<InAppNoticeList>, ProblemHttpResult>> (string? customer, string? user, HttpContext http, InAppNotices notices, CancellationToken cancel) =>
        {
            var whom = Whom(http.Caller(), customer, user);
            return whom.Refused(out var refusal) ? refusal.ToProblem() : TypedResults.Ok(new InAppNoticeList(await notices.Of(whom.Value.Customer, whom.Value.User, cancel)));
        }).NeedsKey(EdgeScopes.Notices);

        foreach (var mark in Enum.GetValues<InAppMark>())
            app.MapPost($"/edge/v1/notices/{{id}}/{mark.ToString().ToLowerInvariant()}", async Task<Results<NoContent, ProblemHttpResult>> (string id, InAppMarkBody? body, HttpContext http, InAppNotices notices, CancellationToken cancel) =>
            {
                var whom = Whom(http.Caller(), body?.Customer, body?.User);
                if (whom.Refused(out var refusal))
                    return refusal.ToProblem();
                return await notices.Mark(id, whom.Value.Customer, whom.Value.User, mark, cancel) ? TypedResults.NoContent() : Refusal.NotFound("notice", "通知", id).ToProblem();
            }).NeedsKey(EdgeScopes.Notices);
    }

    private static Outcome<(CustomerKey Customer, string User)> Whom(EdgeCaller caller, string? customer, string? user)
    {
        var (who, name) = caller.IsBrowser ? (caller.Customer, caller.User) : (customer, user);
        if (string.IsNullOrEmpty(who) || string.IsNullOrEmpty(name) || who.Length > 120 || name.Length > 500)
            return new Refusal("notices.for-whom", "Name the customer (at most 120 characters) and the user (at most 500).", "请给出客户（最多 120 字符）与用户（最多 500 字符）。", StatusCodes.Status400BadRequest);
        // Empty is absent: a page may leave to its signed context who is there.
        if (caller.IsBrowser && (customer is { Length: > 0 } && customer != who || user is { Length: > 0 } && user != name))
            return new Refusal("notices.other-person", "A browser key answers for the person of its signed context only.", "浏览器密钥仅可为其签名上下文中的用户应答。", StatusCodes.Status403Forbidden);
        return (new CustomerKey(who), name);
    }
}
