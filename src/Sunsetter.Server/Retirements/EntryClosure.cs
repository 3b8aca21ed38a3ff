using System.Collections.Immutable;

namespace Sunsetter.Server.Retirements;

/// <summary>What this customer asked to be given of its own data (C2), and when it was open again.</summary>
internal sealed record EntryClosure
{
    public ImmutableArray<ExportRequest> Exports { get; init; } = [];

    /// <summary>Every emergency restore for this customer, the last perhaps still in force.</summary>
    public ImmutableArray<OpenAgain> Restores { get; init; } = [];

    public EntryClosure Apply(Recorded happened) => happened.Fact switch
    {
        ExportRequested fact => this with { Exports = Exports.Add(new ExportRequest(fact.Id, happened.At, fact.Contact)) },
        ExportFetched fact => this with
        {
            Exports = [.. Exports.Select(export => export.Id == fact.Id ? export with { FetchedAt = happened.At, Bytes = fact.Bytes, Sha256 = fact.Sha256 } : export)],
        },
        CustomerRestored fact => this with { Restores = OpenAgain.Begin(Restores, happened.At, fact.Until) },
        CustomerRestoreEnded => this with { Restores = OpenAgain.End(Restores, happened.At) },
        _ => this,
    };
}

internal sealed record ExportRequest(Guid Id, DateTimeOffset At, string Contact)
{
    public DateTimeOffset? FetchedAt { get; init; }
    public long? Bytes { get; init; }
    public string? Sha256 { get; init; }
}
