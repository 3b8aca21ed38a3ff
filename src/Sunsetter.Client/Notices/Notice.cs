using System.Text.Json;
using System.Text.Json.Serialization;

namespace Sunsetter.Client.Notices;

/// <summary>A friendly word for one signed-in person, to be shown inside the application.</summary>
/// <param name="Id">Names the notice when it is marked.</param>
/// <param name="Module">The module it is about.</param>
/// <param name="Title">By language tag (<c>en</c>, <c>zh-CN</c>).</param>
/// <param name="Body">By language tag; plain text.</param>
/// <param name="Url">Where to read more, if anywhere.</param>
/// <param name="ClosesAt">When the module closes for this person's customer, if a date is set.</param>
/// <param name="Acknowledge">Whether the person is asked to confirm that they have understood.</param>
public sealed record Notice(
    string Id,
    string Module,
    IReadOnlyDictionary<string, string> Title,
    IReadOnlyDictionary<string, string> Body,
    string? Url,
    DateTimeOffset? ClosesAt,
    bool Acknowledge);

/// <summary>What a person did with a notice. Each counts for the proof that somebody alive was reached.</summary>
public enum NoticeMark
{
    /// <summary>It was on their screen.</summary>
    Seen,

    /// <summary>They closed it; it is not shown to them again.</summary>
    Dismissed,

    /// <summary>They confirmed that they have understood.</summary>
    Acknowledged,
}

internal sealed record NoticeList(IReadOnlyList<Notice>? Notices);

internal sealed record MarkBody(string Customer, string User, DateTime At);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(NoticeList))]
[JsonSerializable(typeof(MarkBody))]
internal sealed partial class NoticeJson : JsonSerializerContext;
