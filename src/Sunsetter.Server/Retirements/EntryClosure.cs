using System.Collections.Immutable;

namespace Sunsetter.Server.Retirements;

/// <summary>What this customer asked to be given of its own data (C2).</summary>
internal sealed record EntryClosure
{
    public ImmutableArray<ExportRequest> Exports { get; init; } = [];

    public EntryClosure Apply(Recorded happened) => happened.Fact switch
    {
        ExportRequested fact => this with { Exports = Exports.Add(new ExportRequest(fact.Id, happened.At, fact.Contact)) },
        ExportFetched fact => this with
        {
            Exports = [.. Exports.Select(export => export.Id == fact.Id ? export with { FetchedAt = happened.At, Bytes = fact.Bytes, Sha256 = fact.Sha256 } : export)],
        },
        _ => this,
    };
}

internal sealed record ExportRequest(Guid Id, DateTimeOffset At, string Contact)
{
    public DateTimeOffset? FetchedAt { get; init; }
    public long? Bytes { get; init; }
    public string? Sha256 { get; init; }
}
