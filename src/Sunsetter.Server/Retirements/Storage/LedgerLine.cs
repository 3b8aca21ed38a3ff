using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Retirements;

/// <summary>When a customer will be done with the old module, as far as its use tells.</summary>
public enum Outlook
{
    /// <summary>Too little is known.</summary>
    Unknown,
    Done,

    /// <summary>Falling: done about a day.</summary>
    Falling,
    NoMovement,
    Rising,

    /// <summary>Used now and then; the next use lies after the closing.</summary>
    NextUseAfterClosing,
}

/// <summary>
/// One row of the ledger as it is listed: computed from the entry and from usage, kept so that five thousand of them can be filtered and sorted by the
/// store. It can be thrown away and computed anew.
/// </summary>
internal sealed class LedgerLine
{
    public required RetirementId Retirement { get; init; }
    public required CustomerKey Customer { get; init; }

    /// <summary>The version of the entry it was computed from.</summary>
    public int EntryVersion { get; set; }
    public string NameEn { get; set; } = "";
    public string NameZh { get; set; } = "";
    public string Tier { get; set; } = "";
    public CustomerClass Class { get; set; }
    public string? Manager { get; set; }
    public MoveState State { get; set; }
    public long? OldUsers { get; set; }
    public long? NewUsers { get; set; }
    public long? BothUsers { get; set; }

    /// <summary>Why the customer stands where they do, as it was measured last; empty before the first measurement.</summary>
    public string EvidenceEn { get; set; } = "";
    public string EvidenceZh { get; set; } = "";

    /// <summary>Users of the old module in each of the last weeks, oldest first.</summary>
    public List<long> Weeks { get; set; } = [];
    public DateOnly? NextUseOn { get; set; }
    public Outlook Outlook { get; set; }
    public DateOnly? DoneOn { get; set; }

    /// <summary>Eight times out of ten the day lies between these two; <see cref="DoneLatest"/> null: no end is in sight in the slow case.</summary>
    public DateOnly? DoneEarliest { get; set; }
    public DateOnly? DoneLatest { get; set; }
    public string ReachEn { get; set; } = "";
    public string ReachZh { get; set; } = "";

    /// <summary>0 calm, 1 look at it, 2 bad.</summary>
    public int ReachAlarm { get; set; }

    /// <summary>How the last run of the migration tool stands; empty where it never ran.</summary>
    public string RunEn { get; set; } = "";
    public string RunZh { get; set; } = "";
    public string StepEn { get; set; } = "";
    public string StepZh { get; set; } = "";
    public bool NeedsWork { get; set; }
    public bool Blocks { get; set; }

    /// <summary>A request, an agreed next day or a decision waits for somebody of ours.</summary>
    public bool Waits { get; set; }

    /// <summary>Higher comes first: what is lost when nobody acts.</summary>
    public int Consequence { get; set; }
    public DateOnly? ClosesOn { get; set; }

    /// <summary>The earliest permitted closing day while the customer is open; null else.</summary>
    public DateOnly? EarliestOn { get; set; }
}

internal sealed class LedgerTables : IStoredTables
{
    public static void Configure(ModelBuilder model) => model.Entity<LedgerLine>(line =>
    {
        line.HasKey(row => new { row.Retirement, row.Customer });
        line.Property(row => row.Weeks).StoredAsJson();
    });
}
