using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Sunsetter.Server.Retirements;

/// <summary>What this customer was told, and whether someone alive has received, read and acknowledged it (N6).</summary>
internal sealed record EntryReach
{
    /// <summary>How facts name an author who came through the customer's page; their address follows.</summary>
    public const string ByCustomer = "customer:";

    /// <summary>What was decided to be told, oldest first.</summary>
    public ImmutableArray<IssuedNotice> Notices { get; init; } = [];
    public ImmutableArray<Delivery> Deliveries { get; init; } = [];

    /// <summary>By e-mail address.</summary>
    public ImmutableSortedDictionary<string, ContactReach> Contacts { get; init; } = ImmutableSortedDictionary<string, ContactReach>.Empty;
    public ImmutableArray<Conversation> Conversations { get; init; } = [];

    /// <summary>
    /// The newest count of what people saw inside the application, by edition, oldest first. It tells that somebody at the customer knows, but
    /// not that those who answer for it do: the way up the contacts goes on.
    /// </summary>
    public ImmutableArray<InAppReach> InApp { get; init; } = [];

    public Escalation Escalation { get; init; }
    public DateTimeOffset? EscalatedAt { get; init; }

    /// <summary>First opening of the customer's page by one of its contacts since the day that holds was told; a moved day is to be read anew.</summary>
    public DateTimeOffset? ReadAt { get; init; }

    /// <summary>When somebody said that they know the day that holds; one who knew another day has to say so anew.</summary>
    public DateTimeOffset? AcknowledgedAt { get; init; }
    public string? AcknowledgedBy { get; init; }

    /// <summary>The first of the newest notices that name the same day: whoever knows this one knows the day that holds; reminders change nothing.</summary>
    [JsonIgnore]
    public IssuedNotice? Promise => Latest is { } latest
        ? Notices.Reverse().TakeWhile(notice => notice.ClosesOn == latest.ClosesOn && notice.Kind == NoticeKind.CalledOff == (latest.Kind == NoticeKind.CalledOff)).Last() : null;

    [JsonIgnore]
    public IssuedNotice? Latest => Notices.Length == 0 ? null : Notices[^1];

    /// <summary>
    /// The day of the first notice that reached somebody alive, in the customer's zone; the notice period counts from it. A delivery to someone who
    /// proved to be gone does not count, unless they had read it.
    /// </summary>
    [JsonIgnore]
    public DateOnly? ToldOn => Told(_ => true);

    /// <summary>The day on which somebody alive was told this closing day; null while nobody was.</summary>
    public DateOnly? ToldOf(DateOnly closesOn) =>
        Told(edition => Notices.Any(notice => notice.Edition == edition && notice.ClosesOn == closesOn && notice.Kind != NoticeKind.CalledOff));

    /// <summary>Every contact, every channel and, after them, a person were tried: nothing is left but to decide.</summary>
    [JsonIgnore]
    public bool EscalationExhausted => Escalation == Escalation.Person && Conversations.Any(talk => IsOfNow(talk.Edition) && !(talk.At < EscalatedAt));

    /// <summary>A person spoke with them since the day that holds was told.</summary>
    [JsonIgnore]
    public bool SpokenWith => Conversations.Any(talk => IsOfNow(talk.Edition));

    public bool IsDead(string contact) => Contacts.TryGetValue(contact, out var reach) && reach.DeadSince is not null;

    public bool HasHandedOver(string contact) => Contacts.TryGetValue(contact, out var reach) && reach.HandedOverAt is not null;

    /// <summary>When they acknowledged this closing day; null where they know of another one only.</summary>
    public DateTimeOffset? AcknowledgedOf(DateOnly? closesOn) => Latest is { } latest && latest.ClosesOn != closesOn ? null : AcknowledgedAt;

    /// <param name="zone">The customer's own.</param>
    public EntryReach Apply(Recorded happened, TimeZoneInfo zone) => happened.Fact switch
    {
        NoticeIssued fact => (IsNewPromise(fact) ? this with { ReadAt = null, AcknowledgedAt = null, AcknowledgedBy = null } : this) with
        {
            Notices = Notices.Add(new IssuedNotice(fact.Edition, fact.Kind, fact.Step, fact.ClosesOn, happened.At) { Rehearsals = fact.Rehearsals, ClosesAt = fact.ClosesAt }),
        },
        NoticeSent fact => this with { Deliveries = Deliveries.Add(new Delivery(fact.Edition, fact.Recipient, fact.Channel, fact.MessageId, happened.At, fact.On, null)) },
        NoticeBounced fact => (this with { Deliveries = Deliveries.Add(new Delivery(fact.Edition, fact.Recipient, fact.Channel, "", happened.At, null, fact.Reason)) })
            .Dead(fact.ContactDead ? fact.Recipient : null, happened.At, fact.Reason),
        ContactLost fact => Dead(fact.Recipient, happened.At, fact.Reason),
        ContactFound fact => With(fact.Recipient, contact => contact with { DeadSince = null, DeadReason = null }),
        ContactNamed fact => (fact.InsteadOfMe && happened.By.StartsWith(ByCustomer, StringComparison.Ordinal)
                ? With(happened.By[ByCustomer.Length..], contact => contact with { HandedOverAt = happened.At }) : this)
            .With(fact.Email, contact => contact with { NamedAt = happened.At, NamedBy = happened.By, HandedOverAt = null }),
        NoticeRead fact => With(fact.Recipient, contact => contact with { ReadAt = contact.ReadAt ?? happened.At, ReadEdition = Math.Max(contact.ReadEdition, fact.Edition) }) with { ReadAt = ReadAt ?? happened.At },
        NoticeAcknowledged fact => With(fact.Recipient, contact => contact with { AcknowledgedAt = happened.At }) with { AcknowledgedAt = happened.At, AcknowledgedBy = fact.Recipient, ReadAt = ReadAt ?? happened.At },
        NoticeSeenInApp fact => this with { InApp = [.. InApp.Where(one => one.Edition != fact.Edition), new InAppReach(fact.Edition, happened.At, fact.Seen, fact.Dismissed, fact.Acknowledged)] },
        ConversationLogged fact => this with
        {
            Conversations = Conversations.Add(new Conversation(fact.Kind, fact.On, fact.With, fact.Outcome, fact.Told, fact.Acknowledged, happened.By, happened.At, EditionOn(fact.On, zone))),
            ReadAt = ReadAt ?? (fact.Told && Holds(fact.On, zone) ? happened.At : null),
            AcknowledgedAt = fact.Acknowledged && Holds(fact.On, zone) ? happened.At : AcknowledgedAt,
            AcknowledgedBy = fact.Acknowledged && Holds(fact.On, zone) ? fact.With : AcknowledgedBy,
        },
        ReachEscalated fact => this with { Escalation = fact.Step, EscalatedAt = happened.At },
        _ => this,
    };

    // A talk can have told only what had been decided by its day: one that is logged late gives nobody less notice.
    private int EditionOn(DateOnly day, TimeZoneInfo zone) => Notices.LastOrDefault(notice => Platform.Days.DayOf(notice.At, zone) <= day)?.Edition ?? 0;

    // Whether what was said on that day was about the closing day that holds.
    private bool Holds(DateOnly day, TimeZoneInfo zone) => IsOfNow(EditionOn(day, zone));

    private bool IsOfNow(int edition) => Promise is not { Edition: > 1 } promise || edition >= promise.Edition;

    private bool IsNewPromise(NoticeIssued fact) =>
        Latest is { } latest && fact.Kind != NoticeKind.CalledOff && (latest.Kind == NoticeKind.CalledOff || latest.ClosesOn != fact.ClosesOn);

    private DateOnly? Told(Func<int, bool> edition)
    {
        var written = Deliveries.Where(delivery => delivery.On is not null && edition(delivery.Edition) && Counts(delivery)).Select(delivery => delivery.On);
        var spoken = Conversations.Where(talk => talk.Told && edition(talk.Edition)).Select(talk => (DateOnly?)talk.On);
        return written.Concat(spoken).Min();
    }

    private bool Counts(Delivery delivery) =>
        delivery.Channel == "email" && (!Contacts.TryGetValue(delivery.Recipient, out var contact) || contact.DeadSince is null || contact.ReadAt is not null);

    private EntryReach Dead(string? contact, DateTimeOffset at, string reason) =>
        contact is null ? this : With(contact, known => known with { DeadSince = known.DeadSince ?? at, DeadReason = known.DeadReason ?? reason });

    private EntryReach With(string contact, Func<ContactReach, ContactReach> change) =>
        this with { Contacts = Contacts.SetItem(contact, change(Contacts.TryGetValue(contact, out var known) ? known : new ContactReach())) };
}

/// <summary>A notice that was decided.</summary>
internal sealed record IssuedNotice(int Edition, NoticeKind Kind, string Step, DateOnly ClosesOn, DateTimeOffset At)
{
    /// <summary>The instant that stood in it; null where that was not recorded.</summary>
    public DateTimeOffset? ClosesAt { get; init; }

    /// <summary>The rehearsals that stood in it; null where that was not recorded.</summary>
    public ImmutableArray<Brownout>? Rehearsals { get; init; }
}

/// <summary>One message of a notice, to one recipient over one channel, and its end.</summary>
/// <param name="On">Day of acceptance in the customer's zone; null where it failed.</param>
/// <param name="Failure">Null where it was accepted.</param>
internal sealed record Delivery(int Edition, string Recipient, string Channel, string MessageId, DateTimeOffset At, DateOnly? On, string? Failure);

/// <summary>People of one customer whom a notice reached inside the application.</summary>
internal sealed record InAppReach(int Edition, DateTimeOffset At, int Seen, int Dismissed, int Acknowledged);

/// <summary>What is known of one contact in this matter.</summary>
internal sealed record ContactReach
{
    public DateTimeOffset? ReadAt { get; init; }

    /// <summary>The newest edition they have read.</summary>
    public int ReadEdition { get; init; }
    public DateTimeOffset? AcknowledgedAt { get; init; }
    public DateTimeOffset? DeadSince { get; init; }
    public string? DeadReason { get; init; }

    /// <summary>Set when a colleague named them.</summary>
    public DateTimeOffset? NamedAt { get; init; }
    public string? NamedBy { get; init; }

    /// <summary>Set when they named a colleague to be written to in their place.</summary>
    public DateTimeOffset? HandedOverAt { get; init; }

    /// <summary>They acknowledged after this promise was made; a reminder of the same day asks for nothing new.</summary>
    public bool Knows(IssuedNotice? promise) => AcknowledgedAt is { } at && (promise is null || at >= promise.At);
}

/// <summary>A logged talk.</summary>
/// <param name="Edition">The newest notice on the day of the talk; 0 where they were told by word of mouth first.</param>
internal sealed record Conversation(
    ConversationKind Kind, DateOnly On, string With, string Outcome, bool Told, bool Acknowledged, string By, DateTimeOffset At, int Edition);
