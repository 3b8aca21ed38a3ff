using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Retirements;

/// <summary>How far this customer has moved to the replacement (G3), and what they asked for.</summary>
internal sealed record EntryMove
{
    public MoveState State { get; init; }

    /// <summary>When <see cref="State"/> was observed; null while nothing was measured yet.</summary>
    public DateTimeOffset? ObservedAt { get; init; }
    public long? OldUsers { get; init; }
    public long? NewUsers { get; init; }
    public long? BothUsers { get; init; }
    public Text Evidence { get; init; }

    /// <summary>E-mail address of the person who follows this customer; null: nobody was named.</summary>
    public string? FollowedBy { get; init; }
    public DateOnly? NextOn { get; init; }
    public string NextStep { get; init; } = "";
    public FollowUp? LastFollowUp { get; init; }

    public ImmutableArray<HelpRequest> Help { get; init; } = [];

    /// <summary>The request for more time that waits for an answer.</summary>
    public ExtensionRequest? Extension { get; init; }
    /// <summary>The last request that was answered with no, until they ask again or are given time.</summary>
    public DeclinedExtension? Declined { get; init; }

    public ImmutableArray<Incentive> Incentives { get; init; } = [];
    public ImmutableArray<Faq> Faq { get; init; } = [];
    public ImmutableArray<MigrationRun> Runs { get; init; } = [];

    [JsonIgnore]
    public IEnumerable<HelpRequest> OpenHelp => Help.Where(request => request.AnsweredAt is null);

    /// <summary>They asked something, for help or for more time, and nobody has answered.</summary>
    [JsonIgnore]
    public bool IsWaiting => Extension is not null || OpenHelp.Any();

    /// <summary>The run that has not ended; there is at most one.</summary>
    [JsonIgnore]
    public MigrationRun? ActiveRun => Runs.FirstOrDefault(run => run.FinishedAt is null);

    /// <summary>Whether this attachment of a tool has once succeeded for this customer.</summary>
    public bool Succeeded(Guid tool, bool dryRun) => Runs.Any(run => run.Tool == tool && run.DryRun == dryRun && run.Succeeded);

    public EntryMove Apply(Recorded happened) => happened.Fact switch
    {
        MovementObserved fact => this with
        {
            State = fact.State,
            ObservedAt = happened.At,
            OldUsers = fact.OldUsers,
            NewUsers = fact.NewUsers,
            BothUsers = fact.BothUsers,
            Evidence = fact.Evidence,
        },
        FollowUpAssigned fact => this with { FollowedBy = fact.To, NextOn = fact.NextOn, NextStep = fact.NextStep },
        FollowUpLogged fact => this with
        {
            LastFollowUp = new FollowUp(happened.At, happened.By, fact.Outcome, fact.Note),
            NextOn = fact.NextOn,
            NextStep = fact.NextStep,
        },
        HelpRequested fact => this with { Help = Help.Add(new HelpRequest(fact.Id, happened.At, fact.Question, fact.Contact)) },
        HelpTaken fact => this with { Help = Changed(Help, request => request.Id == fact.Id, request => request with { Owner = fact.Owner }) },
        HelpAnswered fact => this with
        {
            Help = Changed(Help, request => request.Id == fact.Id, request => request with { AnsweredAt = happened.At, AnsweredBy = happened.By, Answer = fact.Answer }),
        },
        ExtensionRequested fact => this with { Extension = new ExtensionRequest(fact.Id, happened.At, fact.Until, fact.Reason, fact.Contact), Declined = null },
        ExtensionGranted => this with { Extension = null, Declined = null },
        ExtensionRefused fact => this with { Extension = null, Declined = Extension is { } asked ? new DeclinedExtension(asked.Until, fact.Reason, happened.At) : Declined },
        IncentiveOffered fact => this with { Incentives = Incentives.Add(new Incentive(fact.Id, fact.What, fact.Value, fact.Currency, fact.MoveBy, happened.At)) },
        IncentiveGranted fact => this with { Incentives = Changed(Incentives, one => one.Id == fact.Id, one => one with { GrantedAt = happened.At }) },
        IncentiveUsed fact => this with { Incentives = Changed(Incentives, one => one.Id == fact.Id, one => one with { UsedAt = happened.At }) },
        CustomerFaqWritten fact => this with { Faq = [.. Faq.Where(one => one.Id != fact.Id), new Faq(fact.Id, fact.Question, fact.Answer)] },
        CustomerFaqRemoved fact => this with { Faq = [.. Faq.Where(one => one.Id != fact.Id)] },
        MigrationRunRequested fact => this with { Runs = Runs.Add(new MigrationRun(fact.Id, happened.At, happened.By, fact.DryRun, fact.Attempt, fact.IdempotencyKey, fact.Tool)) },
        MigrationRunStopped fact => this with { Runs = Changed(Runs, run => run.Id == fact.Id, run => run with { StopAskedAt = happened.At, StopAskedBy = happened.By }) },
        MigrationRunFinished fact => this with
        {
            Runs = Changed(Runs, run => run.Id == fact.Id, run => run with
            {
                FinishedAt = happened.At,
                Succeeded = fact.Succeeded,
                Done = fact.Done,
                Total = fact.Total,
                Output = fact.Output,
            }),
        },
        _ => this,
    };

    private static ImmutableArray<T> Changed<T>(ImmutableArray<T> all, Predicate<T> which, Func<T, T> change) =>
        [.. all.Select(one => which(one) ? change(one) : one)];
}
