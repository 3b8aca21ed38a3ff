namespace Sunsetter.Gates.Planning;

/// <summary>What is planned for a module, for everybody. Instants where one instant is meant everywhere, wall-clock times where each customer's own are.</summary>
public sealed record ClosingPlan
{
    /// <summary>From this instant applications warn; null: nothing has been announced.</summary>
    public DateTimeOffset? WarnFrom { get; init; }

    /// <summary>The common closing; null: no date yet.</summary>
    public DateTimeOffset? ClosesAt { get; init; }

    /// <summary>Since when the closing is certain ("go"). Null: gates announce the closing and do not carry it out.</summary>
    public DateTimeOffset? ConfirmedAt { get; init; }

    /// <summary>Shares of the users that close ahead of the closing.</summary>
    public IReadOnlyList<GradualStep> Gradual { get; init; } = [];

    /// <summary>Short rehearsal outages. Only those between the warning and the closing take place.</summary>
    public IReadOnlyList<PlannedBrownout> Brownouts { get; init; } = [];

    /// <summary>An emergency restore for everybody, if any.</summary>
    public RestoredSpan? Restored { get; init; }
}

/// <summary>A share of the users that closes some time before all others.</summary>
/// <param name="Before">How long before the customer's closing; more than zero.</param>
/// <param name="Share">In hundredths of a per cent, 1–9,999.</param>
public sealed record GradualStep(TimeSpan Before, int Share);

/// <summary>The module is back, for an emergency.</summary>
/// <param name="From">The instant of the restore.</param>
/// <param name="Until">When it closes again; null: until further notice.</param>
public sealed record RestoredSpan(DateTimeOffset From, DateTimeOffset? Until);

/// <summary>A short rehearsal outage.</summary>
/// <param name="Start">Wall-clock time; its kind is ignored.</param>
/// <param name="Length">Elapsed time, whatever the clocks do meanwhile.</param>
/// <param name="Zone">Where the wall clock hangs; null: at each customer's.</param>
public sealed record PlannedBrownout(DateTime Start, TimeSpan Length, TimeZoneInfo? Zone)
{
    /// <summary>On a day on which the customer does not work it waits for the next on which they do.</summary>
    public bool OnWorkingDays { get; init; }

    /// <summary>When it begins for one customer; null where it does not take place, because no day that is known to be a working day follows within a month.</summary>
    /// <param name="customer">Their zone and business calendar.</param>
    public DateTimeOffset? StartFor(CustomerDeviation customer) => BrownoutWindow.Of(this, customer) is { } window ? new DateTimeOffset(window.From, TimeSpan.Zero) : null;
}
