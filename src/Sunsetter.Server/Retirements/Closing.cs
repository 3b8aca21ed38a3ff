using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Sunsetter.Server.Retirements;

/// <summary>What a retirement knows of its close stage.</summary>
internal sealed record Closing
{
    /// <summary>Who has planned since the last "go", each once: schedules, shares of users, days accepted although their year is unknown. Somebody else must confirm the closing.</summary>
    public ImmutableArray<string> Planners { get; init; } = [];

    /// <summary>The "go", who gave it and with which words; null before.</summary>
    public SignOff? Go { get; init; }

    public SignOff? BackupVerified { get; init; }

    /// <summary>The newest archive.</summary>
    public Archive? Archive { get; init; }

    /// <summary>Every emergency restore for everybody, the last perhaps still in force.</summary>
    public ImmutableArray<OpenAgain> Restores { get; init; } = [];

    public ImmutableArray<LegalHold> Holds { get; init; } = [];
    public ImmutableArray<DeletionCertificate> Deletions { get; init; } = [];

    [JsonIgnore]
    public IEnumerable<LegalHold> HoldsInForce => Holds.Where(hold => hold.LiftedAt is null);

    public Closing Apply(Recorded happened) => happened.Fact switch
    {
        RetirementScheduled or UnknownYearAccepted or GradualClosingSet => Planners.Contains(happened.By) ? this : this with { Planners = Planners.Add(happened.By) },
        ClosingConfirmed fact => this with { Go = new SignOff(happened.At, happened.By, fact.Note, null), Planners = [] },
        ModuleRestored fact => this with { Restores = OpenAgain.Begin(Restores, happened.At, fact.Until) },
        ModuleRestoreEnded => this with { Restores = OpenAgain.End(Restores, happened.At) },
        BackupVerified fact => this with { BackupVerified = new SignOff(happened.At, happened.By, fact.Evidence, fact.Link) },
        ArchiveMade fact => this with { Archive = new Archive(fact.Id, happened.At, happened.By, fact.Sha256, fact.Bytes, fact.Files) },
        ArchiveVerified fact when Archive?.Id == fact.Id => this with { Archive = Archive with { VerifiedAt = happened.At } },
        LegalHoldPlaced fact => this with { Holds = Holds.Add(new LegalHold(fact.Id, happened.At, happened.By, fact.Customer, fact.Reason)) },
        LegalHoldLifted fact => this with { Holds = [.. Holds.Select(hold => hold.Id == fact.Id ? hold with { LiftedAt = happened.At } : hold)] },
        DataDeleted fact => this with
        {
            Deletions = Deletions.Add(new DeletionCertificate(fact.Id, happened.At, happened.By, fact.Kind, fact.Count, fact.KeptUntil, fact.ContentSha256, fact.ArchiveSha256) { Customers = fact.Customers, RetentionDays = fact.RetentionDays }),
        },
        _ => this,
    };
}

internal sealed record Archive(Guid Id, DateTimeOffset At, string By, string Sha256, long Bytes, int Files)
{
    /// <summary>When the stored file was read again and matched; null until then.</summary>
    public DateTimeOffset? VerifiedAt { get; init; }
}

/// <param name="Customer">Null: the whole retirement is held.</param>
internal sealed record LegalHold(Guid Id, DateTimeOffset At, string By, CustomerKey? Customer, string Reason)
{
    public DateTimeOffset? LiftedAt { get; init; }
}

/// <summary>Kinds of data that Sunsetter itself holds, each with a retention period of its own.</summary>
internal enum DataKind
{
    /// <summary>Who of a customer used the module on which day.</summary>
    Usage,

    /// <summary>Output of migration runs.</summary>
    MigrationRuns,

    /// <summary>Archive files.</summary>
    Archives,

    /// <summary>Messages as they went out, with their recipients.</summary>
    Notices,
}

internal sealed record DeletionCertificate(Guid Id, DateTimeOffset At, string By, DataKind Kind, long Count, DateOnly? KeptUntil, string ContentSha256, string ArchiveSha256)
{
    public ImmutableArray<CustomerKey> Customers { get; init; } = [];
    public int RetentionDays { get; init; }
}
