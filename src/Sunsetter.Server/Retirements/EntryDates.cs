namespace Sunsetter.Server.Retirements;

/// <summary>What was asked and changed about one customer's dates.</summary>
internal sealed record EntryDates
{
    /// <summary>An override that waits for another person's approval.</summary>
    public OverrideAsked? Asked { get; init; }

    /// <summary>The last move of a day that this customer had been told.</summary>
    public MovedDay? Moved { get; init; }

    public EntryDates Apply(Recorded happened) => happened.Fact switch
    {
        OverrideRequested fact => this with { Asked = new OverrideAsked(fact.Day, fact.Reason, happened.By, happened.At) },
        OverrideDeclined or EarliestOverridden => this with { Asked = null },
        DateMoved fact => this with { Moved = new MovedDay(fact.From, fact.To, fact.Reason, happened.At) },
        _ => this,
    };
}

internal sealed record OverrideAsked(DateOnly Day, string Reason, string By, DateTimeOffset At);

internal sealed record MovedDay(DateOnly From, DateOnly To, string Reason, DateTimeOffset At);
