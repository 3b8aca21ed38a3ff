using System.Text.Json;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Gates;

internal sealed record ReceiptBody(string? Instance, long? Version, DateTimeOffset? ObeyedAt, string? Client, double? ClockOffsetMs);

/// <summary>Receipts from applications, and what they prove.</summary>
internal static class ReceiptsApi
{
    private const int LongestBody = 4_096;

    public static void Map(WebApplication app, RouteGroupBuilder api)
    {
        app.MapPost("/edge/v1/receipts", Post).NeedsKey(EdgeScopes.Gates).WithTags("Edge");
        var gates = api.MapGroup("/gates").WithTags("Gates");
        gates.MapGet("/proof", async (long? version, GateAnswers answers, CancellationToken cancel) => TypedResults.Ok(await answers.Proof(version, cancel))).Needs(Permission.Read);
        gates.MapGet("/restores", async (string? retirement, GateAnswers answers, CancellationToken cancel) => TypedResults.Ok(await answers.Restores(retirement, cancel))).Needs(Permission.Read);
    }

    private static async Task<IResult> Post(HttpContext http, GateReceipts receipts, TimeProvider clock, CancellationToken cancel)
    {
        var caller = http.Caller();
        if (caller.IsBrowser)
            return EdgeRefusals.Scope("receipts").ToProblem();
        if (await Body(http.Request, cancel) is not { } body)
            return EdgeRefusals.BadRequest("The body is a receipt: {\"instance\": …, \"version\": …}, at most 4 KB of JSON.", "请求体应为回执：{\"instance\": …, \"version\": …}，JSON 不超过 4 KB。").ToProblem();
        if (body.Instance is not { Length: > 0 and <= 100 } instance || instance.Any(char.IsControl))
            return EdgeRefusals.BadRequest("“instance” is 1 to 100 characters, the same for the life of a process.", "“instance”为 1 到 100 个字符，在进程生命周期内保持不变。").ToProblem();
        if (body.Version is not (>= 0 and var version))
            return EdgeRefusals.BadRequest("“version” is the version that the instance obeys.", "“version”为该实例当前遵循的版本。").ToProblem();
        var now = clock.GetUtcNow();
        var client = body.Client is { Length: <= 100 } name && !name.Any(char.IsControl) ? name : "";
        // Nobody obeys after saying so: a clock that is far ahead is believed up to the arrival.
        var obeyedAt = body.ObeyedAt > now.AddMinutes(1) ? now : body.ObeyedAt;
        receipts.Take(new Receipt(instance, version, obeyedAt, client, (long?)body.ClockOffsetMs, caller.Name, now));
        return Results.NoContent();
    }

    // Read here and not by binding: the key is asked for first, and a body that does not parse gets our own answer.
    private static async Task<ReceiptBody?> Body(HttpRequest request, CancellationToken cancel)
    {
        var bytes = new byte[LongestBody + 1];
        var read = await request.Body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancel);
        if (read > LongestBody)
            return null;
        try
        {
            return JsonSerializer.Deserialize<ReceiptBody>(bytes.AsSpan(0, read), Json.Stored);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
