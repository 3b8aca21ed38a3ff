using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Migrate;

internal enum ToolRunState
{
    /// <summary>Waiting for its turn or being run; the lease tells which.</summary>
    Waiting,

    /// <summary>The tool has taken it and reports by itself.</summary>
    Reporting,
    Ended,
}

/// <summary>The work behind one requested run, made from its fact. What the tool said lies here, where it can be deleted; the outcome is a fact.</summary>
internal sealed class ToolRunRow
{
    /// <summary>The run's id, as in the facts.</summary>
    public required Guid Id { get; init; }
    public required RetirementId Retirement { get; init; }
    public required string Customer { get; init; }

    /// <summary>Of the fact that asked for it.</summary>
    public required int Version { get; init; }
    public required Guid Tool { get; init; }
    public required bool DryRun { get; init; }
    public ToolRunState State { get; set; }

    /// <summary>Calls of the tool so far, repeats after a failure included.</summary>
    public int Attempts { get; set; }
    public DateTimeOffset NextAttemptAt { get; set; }

    /// <summary>Until then some node runs it.</summary>
    public DateTimeOffset LeaseUntil { get; set; }

    /// <summary>Rises with each claim; what an older claim reports is not written.</summary>
    public long Fence { get; set; }

    /// <summary>When a tool that reports by itself must have ended.</summary>
    public DateTimeOffset? DeadlineAt { get; set; }

    /// <summary>Hash of the token with which the tool reports.</summary>
    public byte[]? ReportHash { get; set; }
    public int? Done { get; set; }
    public int? Total { get; set; }
    public string Message { get; set; } = "";

    /// <summary>What the tool said, the last 64 KB.</summary>
    public string Output { get; set; } = "";
    public bool? Succeeded { get; set; }
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>When the outcome stood in the ledger.</summary>
    public DateTimeOffset? RecordedAt { get; set; }
}

/// <summary>The secret of a tool, encrypted with the keys of data protection: it stands in no fact and in no export.</summary>
internal sealed class ToolSecretRow
{
    public required Guid Tool { get; init; }
    public required string Protected { get; init; }
}

internal sealed class ToolTables : IStoredTables
{
    public static void Configure(ModelBuilder model)
    {
        model.Entity<ToolRunRow>().HasKey(run => run.Id);
        model.Entity<ToolSecretRow>().HasKey(secret => secret.Tool);
    }
}
