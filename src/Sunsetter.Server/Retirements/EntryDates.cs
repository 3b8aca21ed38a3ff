using System.Collections.Immutable;

namespace Sunsetter.Server.Retirements;

/// <summary>What was asked and changed about one customer's dates.</summary>
internal sealed record EntryDates
{
    /// <summary>An override that waits for another person's approval.</summary>
    public OverrideAsked? Asked { get; init; }

    /// <summary>The last move of a day that this customer had been told.</summary>
    public MovedDay? Moved { get; init; }

    /// <summary>Every choice of a wave, oldest first.</summary>
    public ImmutableArray<WaveChosen> Waves { get; init; } = [];

    /// <summary>Who asked for the override in force, and when it was approved.</summary>
    public Excepted? Excepted { get; init; }

    public EntryDates Apply(Recorded happened) => happened.Fact switch
    {
        OverrideRequested fact => this with { Asked = new OverrideAsked(fact.Day, fact.Reason, happened.By, happened.At) },
        OverrideDeclined => this with { Asked = null },
        EarliestOverridden fact => this with { Asked = null, Excepted = new Excepted(fact.RequestedBy, happened.At) },
        WaveSet fact => this with { Waves = Waves.Add(new WaveChosen(happened.At, fact.Wave, happened.By)) },
        DateMoved fact => this with { Moved = new MovedDay(fact.From, fact.To, fact.Reason, happened.At) },
        _ => this,
    };
}

internal sealed record OverrideAsked(DateOnly Day, string Reason, string By, DateTimeOffset At);

internal sealed record Excepted(string RequestedBy, DateTimeOffset At);

internal sealed record MovedDay(DateOnly From, DateOnly To, string Reason, DateTimeOffset At);
