using Sunsetter.Server.Announce.Duties;
using Sunsetter.Server.Announce.Reach;
using Sunsetter.Server.Campaigns;
using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Announce.Telling;

/// <summary>
/// Looks at every retirement and does what is due: duties are drawn up, customers are told, silence is escalated. What was decided is a fact; the
/// messages follow from the facts, so that a crash between the two is made good at the next turn.
/// </summary>
internal sealed partial class TellCustomers(FactLog log, Settings settings, NoticeDesks desks, Outbox outbox, ILogger<TellCustomers> logger) : IDueStep
{
    /// <summary>How the outbox names a notice; <see cref="RecordDelivery"/> reads it back.</summary>
    public const string StepPrefix = "notice-";

    public string Name => "announce/tell";

    public TimeSpan Every => TimeSpan.FromSeconds(5);

    public async Task Run(DateTimeOffset now, CancellationToken cancel)
    {
        var ladder = await settings.Get<ReminderLadder>(cancel);
        foreach (var retirement in await log.All(cancel))
        {
            if (retirement.Stage is Stage.Announce or Stage.Migrate or Stage.Close)
                await log.Change(retirement.Id, Actor.Clock.Id, new DrawUpDuties().Decide, cancel);
            if (retirement.Announcing.ReleasedAt is not null && retirement.Stage is Stage.Announce or Stage.Migrate or Stage.Close or Stage.Cancelled or Stage.Deferred)
                await Tell(retirement, ladder, now, cancel);
        }
    }

    private async Task Tell(Retirement retirement, ReminderLadder ladder, DateTimeOffset now, CancellationToken cancel)
    {
        var desk = await desks.Open(retirement, cancel);
        foreach (var entry in await log.Entries(retirement.Id, cancel))
        {
            if (NextNotice.Of(retirement, entry, ladder, now) is { } due)
                await Issue(retirement, entry, ladder, now, desk, due, cancel);
            if (Silence.Next(retirement, entry, [.. desk.Contacts[entry.Customer]], ladder.SilenceDays, now) is not null)
                await log.Change(retirement.Id, entry.Customer, Actor.Clock.Id, (current, one) =>
                    Silence.Next(current, one, [.. desk.Contacts[one.Customer]], ladder.SilenceDays, now) is { } step ? Decision.Of(one.Customer, step) : Decision.Nothing, cancel);
        }

        var known = await outbox.Keys(retirement.Id, cancel);
        var drafts = new List<Draft>();
        foreach (var entry in await log.Entries(retirement.Id, cancel))
            drafts.AddRange(Drafts(retirement, entry, desk, known));
        if (drafts.Count > 0)
            await outbox.Add(drafts, cancel);
    }

    private async Task Issue(Retirement retirement, LedgerEntry entry, ReminderLadder ladder, DateTimeOffset now, NoticeDesk desk, NoticeIssued due, CancellationToken cancel)
    {
        // A notice with a finding is not issued at all; the finding is shown on Announce and among the needs.
        var written = desk.Write(entry, due.Kind, null, desk.Contacts[entry.Customer].FirstOrDefault()?.Locale ?? entry.Locale, entry.Reach.Latest?.ClosesOn);
        if (written.Refusal is not null || written.Value.Findings.Count > 0)
        {
            Held(due.Step, entry.Customer, written.Refusal?.Sentence.En ?? written.Value.Findings[0].Sentence.En);
            return;
        }
        await log.Change(retirement.Id, entry.Customer, Actor.Clock.Id, (current, one) =>
            NextNotice.Of(current, one, ladder, now) is { } still ? Decision.Of(one.Customer, still) : Decision.Nothing, cancel);
        // What an earlier notice still has in the queue would now say something that no longer holds.
        await outbox.Withdraw(retirement.Id, entry.Customer, [$"{StepPrefix}{due.Edition}"], cancel);
    }

    /// <summary>The messages of the newest notice that have not ended yet. The outbox knows those that are there already.</summary>
    internal static IEnumerable<Draft> Drafts(Retirement retirement, LedgerEntry entry, NoticeDesk desk, IReadOnlySet<string> known)
    {
        if (entry.Reach.Latest is not { } notice || entry.ClosedAt is not null && notice.Kind != NoticeKind.CalledOff)
            yield break;
        var before = entry.Reach.Notices.Where(known => known.Edition < notice.Edition && known.Kind != NoticeKind.CalledOff).LastOrDefault()?.ClosesOn;
        foreach (var contact in Audience.Of(entry, desk.Contacts[entry.Customer]))
        {
            MessageKey Key(string channel) => new(retirement.Id, entry.Customer, $"{StepPrefix}{notice.Edition}", contact.Email, channel);
            if (!known.Contains(Key("email").ToString()) && Draft(retirement, entry, desk, notice, contact, Key("email"), contact.Email, before) is { } mail)
                yield return mail;
            if (entry.Reach.Escalation >= Escalation.AnotherChannel && Silence.ChatOf(contact) is { } channel && !known.Contains(Key(channel).ToString())
                && Draft(retirement, entry, desk, notice, contact, Key(channel), contact.ImAddress!, before) is { } post)
                yield return post;
        }
    }

    private static Draft? Draft(Retirement retirement, LedgerEntry entry, NoticeDesk desk, IssuedNotice notice, Contact contact, MessageKey key, string address, DateOnly? before)
    {
        var promised = notice.Kind == NoticeKind.CalledOff ? notice.ClosesOn : notice.Kind == NoticeKind.Changed ? before : null;
        var written = desk.Write(entry, notice.Kind, contact, contact.Locale, promised);
        if (written.Refusal is not null || written.Value.Findings.Count > 0)
            return null;
        var first = entry.Reach.Deliveries.FirstOrDefault(delivery => delivery.Recipient == contact.Email && delivery.Channel == "email" && delivery.On is not null);
        return new Draft(key, address, written.Value.Letter with { ListId = retirement.Module.Value, InReplyTo = first?.MessageId });
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The notice {Step} to {Customer} is held back: {Finding}")]
    private partial void Held(string step, CustomerKey customer, string finding);
}
