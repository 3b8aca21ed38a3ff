using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sunsetter.Client.Live;

/// <summary>The server's sign of life: its time, its newest version and when that was made.</summary>
internal sealed record TimeEvent(DateTimeOffset Now, long Version, DateTimeOffset? IssuedAt);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(TimeEvent))]
internal sealed partial class FeedJson : JsonSerializerContext;
