using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sunsetter.Client.Usage;

/// <summary>The body of <c>POST /edge/v1/usage</c>. Times are UTC, so that they are written with a Z.</summary>
/// <remarks>
/// No <c>sentAt</c>: times follow the server's clock already, and a batch may wait for days. The instant at which it was cut, sent with it then, would look like a
/// clock that is days slow, and move the use to the day of delivery.
/// </remarks>
internal sealed record UsageBatch(Guid Batch, IReadOnlyList<UsageEvent> Events)
{
    public const string Path = "edge/v1/usage";

    /// <summary>Events per batch at most: well below what a server takes in one request.</summary>
    public const int Most = 5_000;

    public static IEnumerable<UsageBatch> From(List<KeyValuePair<UseKey, long>> counts, DateTimeOffset now) =>
        counts.Chunk(Most).Select(chunk => new UsageBatch(Guid.CreateVersion7(now), [.. chunk.Select(UsageEvent.From)]));

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, UsageJson.Default.UsageBatch);
}

/// <summary>One line of a batch: how often a person used, or was refused, a module in a quarter of an hour.</summary>
internal sealed record UsageEvent(DateTime Time, string Module, string Customer, string User, long Count, bool Refused)
{
    public static UsageEvent From(KeyValuePair<UseKey, long> counted) =>
        new(counted.Key.Time.UtcDateTime, counted.Key.Module, counted.Key.Customer, counted.Key.User, counted.Value, counted.Key.Refused);
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault)]
[JsonSerializable(typeof(UsageBatch))]
internal sealed partial class UsageJson : JsonSerializerContext;
