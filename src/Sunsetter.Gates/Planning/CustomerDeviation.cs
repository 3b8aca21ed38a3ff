namespace Sunsetter.Gates.Planning;

/// <summary>In what one customer differs from the plan.</summary>
public sealed record CustomerDeviation
{
    /// <summary>A customer that differs in nothing, with clocks on UTC.</summary>
    public static readonly CustomerDeviation None = new();

    /// <summary>A closing of their own: a wave or an extension.</summary>
    public DateTimeOffset? ClosesAt { get; init; }

    /// <summary>Whether <see cref="ClosesAt"/> is an extension: the reason code says so.</summary>
    public bool Extended { get; init; }

    /// <summary>When this customer was closed, as recorded: it stays so, whatever the plan says later.</summary>
    public DateTimeOffset? ClosedAt { get; init; }

    /// <summary>An emergency restore for this customer.</summary>
    public RestoredSpan? Restored { get; init; }

    /// <summary>The customer has moved already: rehearsals would only annoy.</summary>
    public bool SparedFromBrownouts { get; init; }

    /// <summary>The customer's clock.</summary>
    public TimeZoneInfo Zone { get; init; } = TimeZoneInfo.Utc;

    /// <summary>The customer's business calendar: true, false, or null where the year is not published. Null: every day is a working day.</summary>
    public Func<DateTime, bool?>? IsWorkingDay { get; init; }
}
