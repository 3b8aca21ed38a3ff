using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Usage;

/// <summary><c>POST /edge/v1/usage</c>: answers 202 once every accepted event is durable.</summary>
internal static class ReceiveUsage
{
    // A phone on a bad line is faster; who is slower holds memory for hours.
    private static readonly MinDataRate Slowest = new(bytesPerSecond: 1_024, gracePeriod: TimeSpan.FromSeconds(10));

    public static async Task<Results<Accepted<UsageReceipt>, ProblemHttpResult>> Handle(
        HttpContext http, UsageIntake intake, UnknownKeys keys, TimeProvider clock, CancellationToken cancel)
    {
        if (intake.Full)
            return Problem(http, UsageIntake.Busy);
        var now = clock.GetUtcNow();
        var sender = UsageSender.Of(http.User);
        var lines = new UsageLines(await keys.Snapshot(cancel), now) { MayName = !sender.IsBound };
        if (http.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } rate && HttpProtocol.IsHttp11(http.Request.Protocol))
            rate.MinDataRate = Slowest;
        var head = await ReadBody(http.Request, intake, lines, sender, now, cancel);
        if (head.Refused(out var refusal))
            return Problem(http, refusal);
        var key = Key(http.Request, head.Value, sender);
        if (key.Refused(out refusal))
            return Problem(http, refusal);

        var stored = await intake.Store(
            new UsageDelivery(key.Value, sender.Source, now, lines.Tally, lines.RejectedCount)
            {
                Content = head.Value.Content,
                Heartbeats = [UsageTally.DayOf(now.ToUnixTimeMilliseconds())],
                ReportsToday = sender.IsBound,
            }, cancel);
        if (stored.Refused(out refusal))
            return Problem(http, refusal);
        var unknown = lines.UnknownNames();
        return TypedResults.Accepted((string?)null, new UsageReceipt(
            head.Value.Batch, lines.Tally.Events, lines.RejectedCount, [.. lines.Rejected.Select(line => new RejectedEvent(line.Line, line.Reason.Code, line.Reason.Sentence.ToString()))],
            !stored.Value, (long)head.Value.Skew.TotalSeconds, unknown.Modules, unknown.Customers));
    }

    private static async Task<Outcome<UsageBatchHead>> ReadBody(HttpRequest request, UsageIntake intake, UsageLines lines, UsageSender sender, DateTimeOffset now, CancellationToken cancel)
    {
        var received = await UsageBody.Read(request, sender.IsBound, sender.IsBound ? intake.BrowserBodies : intake.Bodies, cancel);
        if (received.Refused(out var refusal))
            return refusal;
        using var body = received.Value;
        if (!await intake.Parsing.WaitAsync(TimeSpan.FromSeconds(2), cancel))
            return UsageIntake.Busy;
        try
        {
            return UsageJson.Read(body.Json, lines, sender, now);
        }
        finally
        {
            intake.Parsing.Release();
        }
    }

    private static Outcome<string> Key(HttpRequest request, UsageBatchHead head, UsageSender sender)
    {
        var key = request.Headers["Idempotency-Key"].ToString() is { Length: > 0 } header ? header : head.Batch;
        if (string.IsNullOrEmpty(key))
            return new Refusal("usage.no-key", "Give the batch a key that stays the same when it is sent again: “batch” or the header Idempotency-Key.", "请为批次指定一个重发时不变的键：“batch”字段或 Idempotency-Key 请求头。", StatusCodes.Status400BadRequest);
        if (key.Length > 200 || key.Any(char.IsControl) || key.Any(char.IsSurrogate))
            return new Refusal("usage.key", "The key of the batch may have 200 characters at most, and no control characters.", "批次键最多 200 个字符，且不得含控制字符。", StatusCodes.Status400BadRequest);
        // Two senders may happen to choose the same key; none may choose a name that makes its key look like another's.
        var whole = string.Join('/', "edge", Uri.EscapeDataString(sender.Source), Uri.EscapeDataString(sender.OnlyCustomer ?? ""), Uri.EscapeDataString(sender.OnlyUser ?? ""), key);
        // A key is kept for a month, the id of a person must not be.
        return sender.IsBound ? "edge/" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(whole))) : whole;
    }

    private static ProblemHttpResult Problem(HttpContext http, Refusal refusal)
    {
        if (refusal.Status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
            http.Response.Headers.RetryAfter = 2.ToString(CultureInfo.InvariantCulture);
        return refusal.ToProblem();
    }
}

/// <summary>What became of a batch.</summary>
/// <param name="Accepted">Events that are counted; durable.</param>
/// <param name="Rejected">Events that are not.</param>
/// <param name="Rejects">The first 1,000 of them.</param>
/// <param name="Duplicate">The batch had been counted before; this time it changed nothing.</param>
/// <param name="ClockSkewSeconds">By how much the times were moved because the sender's clock differs from ours.</param>
/// <param name="UnknownModules">Counted, but not in the catalogue; at most 20.</param>
/// <param name="UnknownCustomers">Counted, but not in the catalogue; at most 20.</param>
internal sealed record UsageReceipt(
    string? Batch, int Accepted, int Rejected, IReadOnlyList<RejectedEvent> Rejects, bool Duplicate, long ClockSkewSeconds,
    IReadOnlyList<string> UnknownModules, IReadOnlyList<string> UnknownCustomers);

/// <param name="Line">Position in “events”, from 0.</param>
internal sealed record RejectedEvent(long Line, string Code, string Reason);
