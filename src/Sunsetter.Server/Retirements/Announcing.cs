using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Retirements;

/// <summary>What a retirement knows of its announce stage.</summary>
internal sealed record Announcing
{
    public ImmutableArray<DutyState> Duties { get; init; } = [];

    /// <summary>What support says; null until somebody wrote it.</summary>
    public Text? TalkTracks { get; init; }
    public DateTimeOffset? TalkTracksConfirmedAt { get; init; }
    public string? TalkTracksConfirmedBy { get; init; }

    /// <summary>Since when customers are told; null before, or while paused.</summary>
    public DateTimeOffset? ReleasedAt { get; init; }
    public string? PausedBecause { get; init; }

    public DateTimeOffset? PublishedAt { get; init; }

    [JsonIgnore]
    public bool SupportIsReady => TalkTracksConfirmedAt is not null;

    public Announcing Apply(Recorded happened) => happened.Fact switch
    {
        DutiesDrawnUp fact => this with { Duties = [.. fact.Duties.Select(duty => Renewed(duty))] },
        DutyAssigned fact => With(fact.Duty, duty => duty with { Assignee = fact.Person }),
        DutyAcknowledged fact => With(fact.Duty, duty => duty with { AcknowledgedAt = happened.At, AcknowledgedBy = happened.By, Assignee = duty.Assignee ?? happened.By }),
        DutyDone fact => With(fact.Duty, duty => duty with { DoneAt = happened.At, DoneBy = happened.By, Note = fact.Note, AcknowledgedAt = duty.AcknowledgedAt ?? happened.At }),
        TalkTracksWritten fact => this with { TalkTracks = fact.Words, TalkTracksConfirmedAt = null, TalkTracksConfirmedBy = null },
        TalkTracksConfirmed => this with { TalkTracksConfirmedAt = happened.At, TalkTracksConfirmedBy = happened.By },
        NoticesReleased => (this with { ReleasedAt = happened.At, PausedBecause = null }).Fulfilled("product.texts", happened),
        // Who has done it need not report it once more.
        ReplacementSignedOff => Fulfilled("qa.replacement", happened),
        ReplacementSignOffWithdrawn => With("qa.replacement", duty => new DutyState(duty.Duty) { Assignee = duty.Assignee }),
        BackupVerified => Fulfilled("operations.backup", happened),
        NoticesPaused fact => this with { ReleasedAt = null, PausedBecause = fact.Reason },
        AnnouncementPublished => this with { PublishedAt = PublishedAt ?? happened.At },
        _ => this,
    };

    private DutyState Renewed(Duty duty)
    {
        var known = Duties.FirstOrDefault(state => state.Duty.Id == duty.Id);
        if (known is null)
            return new DutyState(duty);
        // Who said yes to one day has not said yes to another; what is done stays done.
        return known.Duty.By == duty.By || known.DoneAt is not null
            ? known with { Duty = duty }
            : new DutyState(duty) { Assignee = known.Assignee };
    }

    private Announcing Fulfilled(string id, Recorded happened) => With(id, duty => duty.DoneAt is not null ? duty
        : duty with { DoneAt = happened.At, DoneBy = happened.By, AcknowledgedAt = duty.AcknowledgedAt ?? happened.At, AcknowledgedBy = duty.AcknowledgedBy ?? happened.By });

    private Announcing With(string id, Func<DutyState, DutyState> change) =>
        this with { Duties = [.. Duties.Select(state => state.Duty.Id == id ? change(state) : state)] };
}

/// <summary>A duty and how far it has come.</summary>
internal sealed record DutyState(Duty Duty)
{
    /// <summary>E-mail address; null while it lies with the whole team.</summary>
    public string? Assignee { get; init; }
    public DateTimeOffset? AcknowledgedAt { get; init; }
    public string? AcknowledgedBy { get; init; }
    public DateTimeOffset? DoneAt { get; init; }
    public string? DoneBy { get; init; }
    public string? Note { get; init; }
}
