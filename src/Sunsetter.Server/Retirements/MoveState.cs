using System.Collections.Immutable;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Retirements;

/// <summary>Where a customer stands between the old module and its replacement, measured from usage. Silence is not a move.</summary>
internal enum MoveState
{
    /// <summary>Usage of this customer is not reported, or not since long enough.</summary>
    Unknown,

    /// <summary>They use the old module and nobody uses the replacement.</summary>
    NotStarted,
    Moving,

    /// <summary>Nobody uses the old module and nobody the replacement.</summary>
    Quiet,
    Moved,

    /// <summary>Had moved, and uses the old module again.</summary>
    WentBack,
}

/// <summary>How a follow-up ended.</summary>
internal enum FollowUpOutcome
{
    Reached,
    NoAnswer,
    Promised,
    NeedsHelp,
    Refuses,
}

internal sealed record FollowUp(DateTimeOffset At, string By, FollowUpOutcome Outcome, string Note);

internal sealed record HelpRequest(Guid Id, DateTimeOffset At, string Question, string Contact)
{
    public string? Owner { get; init; }
    public DateTimeOffset? AnsweredAt { get; init; }
    public string? AnsweredBy { get; init; }
    public string? Answer { get; init; }
}

/// <param name="Reason">As the customer reads it.</param>
internal sealed record DeclinedExtension(DateOnly Until, string Reason, DateTimeOffset At);

internal sealed record ExtensionRequest(Guid Id, DateTimeOffset At, DateOnly Until, string Reason, string Contact);

internal sealed record Incentive(Guid Id, string What, decimal Value, string Currency, DateOnly MoveBy, DateTimeOffset OfferedAt)
{
    public DateTimeOffset? GrantedAt { get; init; }
    public DateTimeOffset? UsedAt { get; init; }
}

/// <summary>A question customers ask, and the agreed answer.</summary>
internal sealed record Faq(Guid Id, Text Question, Text Answer);

internal sealed record MigrationRun(Guid Id, DateTimeOffset At, string By, bool DryRun, int Attempt, string IdempotencyKey, Guid Tool)
{
    /// <summary>When somebody asked to stop it; it ends soon after.</summary>
    public DateTimeOffset? StopAskedAt { get; init; }
    public string? StopAskedBy { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }
    public bool Succeeded { get; init; }
    public int? Done { get; init; }
    public int? Total { get; init; }
    public string Output { get; init; } = "";
}

/// <summary>How a migration tool is run.</summary>
internal enum MigrationToolKind
{
    /// <summary>An HTTP POST to the tool's address.</summary>
    WebCall,

    /// <summary>A command of the administrator's allow-list.</summary>
    Command,
}

/// <param name="Target">The address of a web call, or the name of a command in the allow-list.</param>
/// <param name="TimeoutSeconds">A run that takes longer is stopped and counts as failed.</param>
internal sealed record MigrationTool(string Name, MigrationToolKind Kind, string Target, int TimeoutSeconds)
{
    /// <summary>New with every attachment: what was proved of one tool is not proved of the next.</summary>
    public Guid Id { get; init; }

    /// <summary>Of a command: one by one, with names in braces that are filled in, such as <c>--customer={customer}</c>.</summary>
    public ImmutableArray<string> Arguments { get; init; } = [];

    /// <summary>The header of a web call that carries the secret; null where there is none. The secret itself stands in no fact.</summary>
    public string? SecretHeader { get; init; }
}
