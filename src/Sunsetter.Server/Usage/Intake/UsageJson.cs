using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Usage;

/// <summary>
/// Reads a batch: <c>{ "batch": "…", "sentAt": "…", "events": [ { "time": "…", "module": "…", "customer": "…", "user": "…", "count": 3, "refused": true } ] }</c>.
/// Unknown members are skipped. Where the sender says what its clock shows while it sends the batch, and that is off by a minute or more, the times are moved by the difference.
/// </summary>
internal ref struct UsageJson
{
    public const int MostEvents = 100_000;

    // What a clock may be off without mattering, network included.
    private static readonly TimeSpan Tolerated = TimeSpan.FromMinutes(1);

    private static readonly Refusal InvalidName = new("usage.name", "Module, customer and user must be strings of valid Unicode, at most 200 characters.", "模块、客户和用户必须是有效的 Unicode 字符串，最多 200 个字符。");

    private readonly ReadOnlySpan<byte> json;
    private readonly UsageLines lines;
    private readonly UsageSender sender;
    private readonly DateTimeOffset now;
    private readonly byte[] scratch;
    private long skew;

    private UsageJson(ReadOnlySpan<byte> json, UsageLines lines, UsageSender sender, DateTimeOffset now)
    {
        this.json = json;
        (this.lines, this.sender, this.now, scratch) = (lines, sender, now, new byte[3 * 1024]);
    }

    /// <returns>The head of the batch, its events counted in <paramref name="lines"/>; or why it cannot be read.</returns>
    public static Outcome<UsageBatchHead> Read(ReadOnlySpan<byte> json, UsageLines lines, UsageSender sender, DateTimeOffset now)
    {
        try
        {
            return new UsageJson(json, lines, sender, now).Read(new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 8 }));
        }
        catch (JsonException broken)
        {
            return Malformed(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"line {broken.LineNumber + 1}, byte {broken.BytePositionInLine}"));
        }
        catch (InvalidOperationException)
        {
            return Malformed("the name of a member is no valid Unicode");
        }
    }

    private Outcome<UsageBatchHead> Read(Utf8JsonReader reader)
    {
        string? batch = null;
        DateTimeOffset? sentAt = null;
        Utf8JsonReader events = default;
        var content = Range.All;
        var found = false;
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
            return Malformed("the start");
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("events"u8))
            {
                reader.Read();
                if (found)
                    return new Refusal("usage.events-twice", "The batch has two “events” arrays. Put all events into one.", "批次中有两个“events”数组。请合并为一个。", StatusCodes.Status400BadRequest);
                // The clock of the sender may be told after the events: they are read once the rest is known.
                events = reader;
                found = reader.TokenType == JsonTokenType.StartArray;
                reader.Skip();
                content = (int)events.TokenStartIndex..(int)reader.BytesConsumed;
            }
            else if (reader.ValueTextEquals("batch"u8))
            {
                reader.Read();
                batch = reader.TokenType == JsonTokenType.String ? Text(ref reader) : null;
                reader.Skip();
            }
            else if (reader.ValueTextEquals("sentAt"u8))
            {
                reader.Read();
                if (reader.TokenType != JsonTokenType.String || !reader.TryGetDateTimeOffset(out var sent))
                    return new Refusal("usage.sent-at", "“sentAt” must be an ISO 8601 instant, such as 2026-11-22T16:00:00Z.", "“sentAt”必须是 ISO 8601 时间，例如 2026-11-22T16:00:00Z。", StatusCodes.Status400BadRequest);
                sentAt = sent;
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }
        if (!found)
            return new Refusal("usage.no-events", "The batch has no “events” array.", "批次缺少“events”数组。", StatusCodes.Status400BadRequest);

        if (sentAt is { } said && (now - said).Duration() >= Tolerated)
            skew = (long)(now - said).TotalMilliseconds;
        var total = 0;
        while (events.Read() && events.TokenType != JsonTokenType.EndArray)
        {
            if (total == MostEvents)
                return new Refusal("usage.too-many-events", $"A batch may hold {MostEvents} events at most. Send the rest in another batch.", $"一个批次最多 {MostEvents} 条事件。请把其余的放入另一批次。", StatusCodes.Status413PayloadTooLarge);
            ReadEvent(ref events, total++);
        }
        // Of the events alone: a repetition may come packed in another way, or tell the time anew.
        return new UsageBatchHead(batch, TimeSpan.FromMilliseconds(skew), total, Convert.ToHexStringLower(SHA256.HashData(json[content]).AsSpan(0, 16)));
    }

    private readonly void ReadEvent(ref Utf8JsonReader reader, int line)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            lines.Reject(line, new("usage.event", "An event must be an object with time, module, customer and user.", "事件必须是包含 time、module、customer 和 user 的对象。"));
            return;
        }

        ReadOnlySpan<byte> module = default, customer = default, user = default;
        var free = scratch.AsSpan();
        long? time = null;
        long count = 1;
        var refused = false;
        Refusal? problem = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("time"u8))
            {
                reader.Read();
                time = Time(ref reader);
            }
            else if (reader.ValueTextEquals("module"u8))
                module = Name(ref reader, ref free, ref problem);
            else if (reader.ValueTextEquals("customer"u8))
                customer = Name(ref reader, ref free, ref problem);
            else if (reader.ValueTextEquals("user"u8))
                user = Name(ref reader, ref free, ref problem);
            else if (reader.ValueTextEquals("count"u8))
            {
                reader.Read();
                if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out count))
                    count = 0;
            }
            else if (reader.ValueTextEquals("refused"u8))
            {
                reader.Read();
                if (reader.TokenType is not (JsonTokenType.True or JsonTokenType.False))
                    problem ??= new("usage.refused", "“refused” must be true or false.", "“refused”必须是 true 或 false。");
                refused = reader.TokenType == JsonTokenType.True;
            }
            else
                reader.Read();
            // Past the end of a value that is an object or array; nothing to skip otherwise.
            reader.Skip();
        }

        if (problem is null && time is null)
            problem = new("usage.time", "The time is missing or not an ISO 8601 instant with zone, nor seconds since 1970.", "缺少时间，或时间既不是带时区的 ISO 8601，也不是自 1970 年起的秒数。");
        problem ??= sender.Bind(ref customer, ref user);
        if (problem is not null)
        {
            lines.Reject(line, problem);
            return;
        }
        lines.Add(line, new UsageEvent
        {
            Module = module,
            Customer = customer,
            User = user.IsEmpty ? UsageLimits.NoUser : user,
            UnixMilliseconds = time!.Value + skew,
            Count = count,
            Refused = refused,
        });
    }

    private static long? Time(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Number)
            return reader.TryGetDouble(out var seconds) && Math.Abs(seconds) < 253_402_300_800 ? (long)(seconds * 1_000) : null;
        if (reader.TokenType != JsonTokenType.String)
            return null;
        // Many who write JSON escape the “+” of a zone.
        return UsageTime.TryParse(reader.ValueIsEscaped ? Encoding.UTF8.GetBytes(Text(ref reader) ?? "") : reader.ValueSpan, out var milliseconds) ? milliseconds : null;
    }

    private static ReadOnlySpan<byte> Name(scoped ref Utf8JsonReader reader, scoped ref Span<byte> free, scoped ref Refusal? problem)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
            return default;
        if (reader.TokenType != JsonTokenType.String || reader.ValueSpan.Length > 1_024)
        {
            problem ??= InvalidName;
            return default;
        }
        if (!reader.ValueIsEscaped)
            return reader.ValueSpan;
        try
        {
            var written = reader.CopyString(free);
            var name = free[..written];
            free = free[written..];
            return name;
        }
        catch (Exception bad) when (bad is InvalidOperationException or ArgumentException)
        {
            // An escape that is half of a surrogate pair, no text at all; or a member that is there again and again.
            problem ??= InvalidName;
            return default;
        }
    }

    private static string? Text(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static Refusal Malformed(string where) => new(
        "usage.malformed", $"The body is not valid JSON ({where}). Send an object with “batch” and “events”.", $"正文不是有效的 JSON（{where}）。请发送包含“batch”和“events”的对象。",
        StatusCodes.Status400BadRequest);
}

/// <param name="Batch">The sender's own key of the batch; null where it gave none.</param>
/// <param name="Skew">By how much times were moved.</param>
/// <param name="Content">A fingerprint of the events.</param>
internal sealed record UsageBatchHead(string? Batch, TimeSpan Skew, int Events, string Content);
