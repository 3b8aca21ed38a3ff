using System.Collections.Immutable;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Retirements;

// What the announce stage records beside the common course.

/// <summary>What a team owes, and by when; computed from the plan (N1).</summary>
/// <param name="Id">Stable within the retirement, such as <c>support.talk-tracks</c>.</param>
internal sealed record Duty(string Id, Role Team, Text What, DateOnly By);

/// <summary>The duties as the plan of that moment asks for them. A duty whose day has moved must be acknowledged again.</summary>
[StoredAs("duties.drawn-up")]
internal sealed record DutiesDrawnUp(ImmutableArray<Duty> Duties) : RetirementFact;

/// <param name="Person">E-mail address.</param>
[StoredAs("duty.assigned")]
internal sealed record DutyAssigned(string Duty, string Person) : RetirementFact;

[StoredAs("duty.acknowledged")]
internal sealed record DutyAcknowledged(string Duty) : RetirementFact;

[StoredAs("duty.done")]
internal sealed record DutyDone(string Duty, string Note) : RetirementFact;

/// <summary>What support says on the telephone. A new text must be confirmed anew.</summary>
[StoredAs("talk-tracks.written")]
internal sealed record TalkTracksWritten(Text Words) : RetirementFact;

/// <summary>Support is ready to answer: customers may be written to.</summary>
[StoredAs("talk-tracks.confirmed")]
internal sealed record TalkTracksConfirmed : RetirementFact;

/// <summary>From now on customers are told, each when their turn comes.</summary>
[StoredAs("notices.released")]
internal sealed record NoticesReleased : RetirementFact;

/// <summary>Nobody is written to until released again.</summary>
[StoredAs("notices.paused")]
internal sealed record NoticesPaused(string Reason) : RetirementFact;

/// <summary>The announcement stands on the public page, in the feed and in the calendar.</summary>
[StoredAs("announcement.published")]
internal sealed record AnnouncementPublished : RetirementFact;

/// <summary>Why a customer is written to.</summary>
internal enum NoticeKind
{
    First,
    Reminder,

    /// <summary>The closing day they were promised has moved.</summary>
    Changed,

    /// <summary>The retirement was cancelled or put off: what they were promised no longer holds.</summary>
    CalledOff,
}

/// <summary>It was decided that this customer is to be told now. Its deliveries follow from it.</summary>
/// <param name="Edition">1 for the first notice to this customer, then without gaps.</param>
/// <param name="Step">Step of the ladder: <c>first</c>, <c>changed</c>, <c>called-off</c>, <c>replacement</c>, <c>rehearsal</c> or <c>before-30</c>.</param>
/// <param name="ClosesOn">The day promised in it.</param>
[StoredAs("notice.issued")]
internal sealed record NoticeIssued(int Edition, NoticeKind Kind, string Step, DateOnly ClosesOn) : EntryFact
{
    /// <summary>The instant promised in it; null in notices of earlier versions.</summary>
    public DateTimeOffset? ClosesAt { get; init; }

    /// <summary>The rehearsals that it tells of; null in notices of earlier versions.</summary>
    public ImmutableArray<Brownout>? Rehearsals { get; init; }
}

/// <summary>The receiving server accepted it.</summary>
/// <param name="Recipient">E-mail address of a contact, or the name of a team-chat channel.</param>
/// <param name="On">Calendar day in the customer's zone.</param>
[StoredAs("notice.sent")]
internal sealed record NoticeSent(int Edition, string Recipient, string Channel, string MessageId, DateOnly On) : EntryFact;

/// <summary>It could not be delivered, for good.</summary>
/// <param name="ContactDead">The mailbox does not exist: nobody is there to be told.</param>
[StoredAs("notice.bounced")]
internal sealed record NoticeBounced(int Edition, string Recipient, string Channel, string Reason, bool ContactDead) : EntryFact;

/// <summary>Somebody inside learnt that this contact has left.</summary>
[StoredAs("contact.lost")]
internal sealed record ContactLost(string Recipient, string Reason) : EntryFact;

/// <summary>Somebody inside learnt that a contact who passed for gone is there after all.</summary>
[StoredAs("contact.found")]
internal sealed record ContactFound(string Recipient, string Reason) : EntryFact;

/// <summary>The customer named another contact, or handed the matter over to a colleague.</summary>
[StoredAs("contact.named")]
internal sealed record ContactNamed(string Email, string Name, bool InsteadOfMe) : EntryFact;

/// <summary>The contact opened their page.</summary>
[StoredAs("notice.read")]
internal sealed record NoticeRead(int Edition, string Recipient) : EntryFact;

[StoredAs("notice.acknowledged")]
internal sealed record NoticeAcknowledged(int Edition, string Recipient) : EntryFact;

/// <summary>How many people of this customer have seen a notice inside the application, put it away, confirmed it; counted so far.</summary>
[StoredAs("notice.seen-in-app")]
internal sealed record NoticeSeenInApp(int Edition, int Seen, int Dismissed, int Acknowledged) : EntryFact;

internal enum ConversationKind
{
    Call,
    Visit,
}

/// <summary>A talk with the customer, as the account manager remembers it.</summary>
/// <param name="Told">They were told what closes and when.</param>
/// <param name="Acknowledged">They said that they know and will act.</param>
[StoredAs("conversation.logged")]
internal sealed record ConversationLogged(ConversationKind Kind, DateOnly On, string With, string Outcome, bool Told, bool Acknowledged) : EntryFact;

/// <summary>The way up when nobody answers: another contact, another channel, a person.</summary>
internal enum Escalation
{
    None,
    AnotherContact,
    AnotherChannel,
    Person,
}

/// <param name="To">The next contact, the channel or the account manager.</param>
[StoredAs("reach.escalated")]
internal sealed record ReachEscalated(Escalation Step, string To, Text Why) : EntryFact;
