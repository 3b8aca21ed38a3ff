using System.Collections.Immutable;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Retirements;

/// <summary>What a retirement knows of its observe stage.</summary>
internal sealed record Observing
{
    /// <summary>By id, in the order in which they were raised.</summary>
    public ImmutableArray<Anomaly> Anomalies { get; init; } = [];
    public ImmutableArray<Thanks> Thanks { get; init; } = [];

    /// <summary>Filled when the retirement is finished.</summary>
    public string? Learnt { get; init; }
    public string? ClosingWords { get; init; }

    public Observing Apply(Recorded happened) => happened.Fact switch
    {
        AnomalyRaised fact => this with { Anomalies = Anomalies.Add(new Anomaly(fact.Id, fact.What, happened.At)) },
        AnomalySettled fact => this with
        {
            Anomalies = [.. Anomalies.Select(anomaly => anomaly.Id == fact.Id ? anomaly with { SettledAt = happened.At, SettledBy = happened.By, Note = fact.Note } : anomaly)],
        },
        ThanksGiven fact => this with { Thanks = Thanks.Add(new Thanks(fact.Person, fact.For, fact.GoesTo)) },
        RetirementFinished fact => this with { Learnt = fact.Learnt, ClosingWords = fact.Thanks },
        _ => this,
    };
}

internal sealed record Anomaly(string Id, Text What, DateTimeOffset RaisedAt)
{
    public DateTimeOffset? SettledAt { get; init; }
    public string? SettledBy { get; init; }
    public string? Note { get; init; }
}

/// <summary>Somebody who built the module, what for, and where they go next.</summary>
internal sealed record Thanks(string Person, string For, string GoesTo);
