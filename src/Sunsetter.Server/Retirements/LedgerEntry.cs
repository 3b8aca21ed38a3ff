using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Retirements;

/// <summary>One customer's entry in the closing ledger: the fold of its facts.</summary>
internal sealed record LedgerEntry(RetirementId Retirement, CustomerKey Customer)
{
    public int Version { get; init; }
    public DateTimeOffset OpenedAt { get; init; }
    public Text Name { get; init; }
    public string Tier { get; init; } = "";
    public CustomerClass Class { get; init; }
    public string? AccountManager { get; init; }
    public string TimeZone { get; init; } = "UTC";
    public string Locale { get; init; } = "en";

    /// <summary>Two letters; null: not known.</summary>
    public string? Country { get; init; }

    public string? Wave { get; init; }

    /// <summary>The earliest day on which this customer may be closed (N3), and why.</summary>
    public EarliestDay? Earliest { get; init; }

    /// <summary>Open until the end of this day, by a granted extension.</summary>
    public DateOnly? ExtendedUntil { get; init; }

    /// <summary>The instant at which the gate closed for this customer, as recorded; null while open.</summary>
    public DateTimeOffset? ClosedAt { get; init; }

    public Restore? Restore { get; init; }

    public EntryDates Dates { get; init; } = new();
    public EntryReach Reach { get; init; } = new();
    public EntryMove Move { get; init; } = new();
    public EntryClosure Closure { get; init; } = new();
    public EntryWatch Watch { get; init; } = new();

    /// <summary>The day on which this customer closes by the plan: the wave's or the common one, or the day after an extension.</summary>
    public DateOnly? ClosesOn(Retirement retirement) => retirement.Schedule?.DayFor(Wave, ExtendedUntil);

    /// <summary>The instant of <see cref="ClosesOn"/>; null while the retirement has no schedule.</summary>
    public DateTimeOffset? ClosesAt(Retirement retirement) =>
        ClosesOn(retirement) is { } day ? retirement.Schedule!.InstantOf(day) : null;

    public LedgerEntry Apply(Recorded happened)
    {
        var next = happened.Fact switch
        {
            EntryOpened fact => this with
            {
                OpenedAt = happened.At,
                Name = fact.Name,
                Tier = fact.Tier,
                Class = fact.Class,
                AccountManager = fact.AccountManager,
                TimeZone = fact.TimeZone,
                Locale = fact.Locale,
                Country = fact.Country,
            },
            ManagerChanged fact => this with { AccountManager = fact.Manager },
            WaveSet fact => this with { Wave = fact.Wave },
            EarliestComputed fact => this with { Earliest = new EarliestDay(fact.Day, fact.RuleCode, fact.Rule, Overridden: false) },
            EarliestOverridden fact => this with
            {
                Earliest = new EarliestDay(fact.Day, "override", new Text($"overridden: {fact.Reason}", $"经批准的例外：{fact.Reason}"), Overridden: true),
            },
            ExtensionGranted fact => this with { ExtendedUntil = fact.Until },
            // The record of a closing may come after a restore that was pressed in between: that one stays.
            CustomerClosed fact => this with { ClosedAt = fact.EffectiveAt, Restore = Restore is { } restore && restore.From >= fact.EffectiveAt ? restore : null },
            CustomerRestored fact => this with { Restore = new Restore(happened.At, fact.Until, fact.Reason, happened.By) },
            CustomerRestoreEnded => this with { Restore = null },
            _ => this,
        };
        return next with
        {
            Version = happened.Version,
            Dates = Dates.Apply(happened),
            Reach = Reach.Apply(happened, Platform.Days.Zone(TimeZone)),
            Move = Move.Apply(happened),
            Closure = Closure.Apply(happened),
            Watch = Watch.Apply(happened),
        };
    }
}

/// <param name="RuleCode">Stable code of the deciding rule, such as <c>contract</c>.</param>
/// <param name="Rule">The rule as a person reads it.</param>
/// <param name="Overridden">An approved override stands in place of the policy's day.</param>
internal sealed record EarliestDay(DateOnly Day, string RuleCode, Text Rule, bool Overridden);
