using System.Security.Claims;

namespace ChatApp;

internal static class ConversationEndpoints
{
    private const int LongestText = 2_000;

    public static RouteGroupBuilder MapConversation(this WebApplication app, string path, string module)
    {
        var group = app.MapGroup(path).RequireAuthorization();

        group.MapGet("", (ClaimsPrincipal me, Conversations all) => new { said = all.Count(module, Customer(me)) });

        group.MapPost("", (Draft draft, ClaimsPrincipal me, Conversations all) =>
            string.IsNullOrWhiteSpace(draft.Text) || draft.Text.Length > LongestText
                ? Results.BadRequest()
                : Results.Ok(all.Say(module, Customer(me), me.FindFirstValue("sub")!, draft.Text)));

        group.MapGet("/live", (ClaimsPrincipal me, Conversations all, CancellationToken cancel) =>
            TypedResults.ServerSentEvents(all.ListenAsync(module, Customer(me), cancel)));

        return group;
    }

    private static string Customer(ClaimsPrincipal me) => me.FindFirstValue("customer")!;

    internal sealed record Draft(string? Text);
}
