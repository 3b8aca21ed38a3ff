using System.Collections.Immutable;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Retirements;

/// <summary>The state of a retirement: the fold of its facts. Each stage keeps what it alone knows in a part of its own.</summary>
internal sealed record Retirement(RetirementId Id)
{
    /// <summary>Raise it when <see cref="Apply"/> or a part folds differently: stored states are then folded anew at start.</summary>
    public const int FoldVersion = 4;

    /// <summary>Its stored state cannot be read: only module and stage are known, from beside it. Stands among the others for one that begins; nothing is done with it.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool IsDamaged { get; init; }

    public int Version { get; init; }
    public ModuleKey Module { get; init; }
    public ModuleKey? Replacement { get; init; }

    /// <summary>When something else came to take its place after the decision; whoever had been told before is told again. Null where it is as it was decided.</summary>
    public DateTimeOffset? ReplacementChangedAt { get; init; }
    public Text Title { get; init; }

    /// <summary>E-mail address of the person who answers for it.</summary>
    public string Owner { get; init; } = "";
    public string ProposedBy { get; init; } = "";
    public DateTimeOffset ProposedAt { get; init; }
    public ImmutableArray<Reason> Reasons { get; init; } = [];

    public Stage Stage { get; init; }

    /// <summary>Why it was rejected, deferred or cancelled.</summary>
    public string? StageReason { get; init; }

    /// <summary>When each stage was entered, first time.</summary>
    public ImmutableSortedDictionary<Stage, DateTimeOffset> Entered { get; init; } = ImmutableSortedDictionary<Stage, DateTimeOffset>.Empty;

    public Schedule? Schedule { get; init; }
    public ImmutableArray<Brownout> Brownouts { get; init; } = [];
    public ImmutableArray<GradualShare> Gradual { get; init; } = [];

    /// <summary>How long before a customer's closing its first users close.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public TimeSpan FirstShareAhead => TimeSpan.FromHours(Gradual.IsEmpty ? 0 : Gradual.Max(share => share.HoursBefore));

    public bool ClosingConfirmed { get; init; }

    /// <summary>The plan for which the last "go" was given; null before.</summary>
    public ConfirmedPlan? Confirmed { get; init; }

    /// <summary>The go holds for the common day.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool GoHolds => Confirmed is { } plan && Schedule is { } now && plan.Holds(now);

    /// <summary>The go holds for this customer: without it they are not closed.</summary>
    public bool GoHoldsFor(LedgerEntry entry) => Confirmed is { } plan && Schedule is { } now && plan.HoldsFor(now, entry.Wave, entry.ExtendedUntil, new(entry.Dates.Waves));

    /// <summary>The emergency restore in force for everybody, if any.</summary>
    public Restore? Restore { get; init; }

    public DateOnly? ObservationEndsOn { get; init; }

    public Deciding Deciding { get; init; } = new();
    public Announcing Announcing { get; init; } = new();
    public Migrating Migrating { get; init; } = new();
    public Closing Closing { get; init; } = new();
    public Observing Observing { get; init; } = new();

    /// <summary>Nobody is written to until the notices are released again; that it is called off is told all the same.</summary>
    public bool HoldsNotices => Announcing is { ReleasedAt: null, PausedBecause: not null } && Stage is (Stage.Announce or Stage.Migrate or Stage.Close);

    public bool Ended => IsEnd(Stage);

    public static bool IsEnd(Stage stage) => stage is Stage.Finished or Stage.Rejected or Stage.Cancelled;

    public Retirement Apply(Recorded happened)
    {
        var next = happened.Fact switch
        {
            RetirementProposed fact => this with
            {
                Module = fact.Module,
                Replacement = fact.Replacement,
                Title = fact.Title,
                Owner = fact.Owner,
                Reasons = fact.Reasons,
                ProposedBy = happened.By,
                ProposedAt = happened.At,
            },
            ReasonsRestated fact => this with { Reasons = fact.Reasons },
            ReplacementChosen fact => this with { Replacement = fact.Replacement, ReplacementChangedAt = Stage == Stage.Decide ? null : happened.At },
            RetirementApproved => Enter(Stage.Announce, happened),
            RetirementRejected fact => Enter(Stage.Rejected, happened) with { StageReason = fact.Reason },
            RetirementDeferred fact => Enter(Stage.Deferred, happened) with { StageReason = fact.Reason },
            RetirementResumed => Enter(Stage.Decide, happened) with { StageReason = null },
            RetirementCancelled fact => Enter(Stage.Cancelled, happened) with { StageReason = fact.Reason },
            RetirementScheduled fact => this with { Schedule = fact.Schedule },
            MigrationStarted => Enter(Stage.Migrate, happened),
            Retirements.ClosingConfirmed => Enter(Stage.Close, happened) with { ClosingConfirmed = true, Confirmed = Schedule is { } plan ? new ConfirmedPlan(happened.At, plan) : null },
            ObservationExtended fact => this with { ObservationEndsOn = fact.Until },
            ObservationStarted fact => Enter(Stage.Observe, happened) with { ObservationEndsOn = fact.EndsOn },
            RetirementFinished => Enter(Stage.Finished, happened),
            BrownoutScheduled fact => this with { Brownouts = Brownouts.Add(fact.Brownout) },
            BrownoutWithdrawn fact => this with { Brownouts = Brownouts.Remove(fact.Brownout) },
            GradualClosingSet fact => this with { Gradual = fact.Shares },
            ModuleRestored fact => this with { Restore = new Restore(happened.At, fact.Until, fact.Reason, happened.By) },
            ModuleRestoreEnded => this with { Restore = null },
            _ => this,
        };
        return next with
        {
            Version = happened.Version,
            Deciding = Deciding.Apply(happened),
            Announcing = Announcing.Apply(happened),
            Migrating = Migrating.Apply(happened),
            Closing = Closing.Apply(happened),
            Observing = Observing.Apply(happened),
        };
    }

    private Retirement Enter(Stage stage, Recorded happened) =>
        this with { Stage = stage, Entered = Entered.ContainsKey(stage) ? Entered : Entered.Add(stage, happened.At) };
}

/// <summary>An emergency restore in force.</summary>
/// <param name="Until">Null: until somebody ends it.</param>
internal sealed record Restore(DateTimeOffset From, DateTimeOffset? Until, string Reason, string By)
{
    public bool InForceAt(DateTimeOffset now) => now >= From && (Until is null || now < Until);
}
