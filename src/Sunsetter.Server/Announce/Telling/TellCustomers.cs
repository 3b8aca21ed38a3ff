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
internal sealed partial class TellCustomers(FactLog log, Settings settings, NoticeDesks desks, Outbox outbox, Looks looks, ILogger<TellCustomers> logger) : IDueStep
{
    /// <summary>How the outbox names a notice; <see cref="RecordDelivery"/> reads it back.</summary>
    public const string StepPrefix = "notice-";

    public string Name => "announce/tell";

    /// <summary>A turn at which nothing is due reads no entry, only which versions were looked at.</summary>
    public TimeSpan Every => TimeSpan.FromSeconds(5);

    public async Task Run(DateTimeOffset now, CancellationToken cancel)
    {
        var ladder = await settings.Get<ReminderLadder>(cancel);
        await Attempts.Each(await log.All(cancel), async retirement =>
        {
            if (retirement.Stage is Stage.Announce or Stage.Migrate or Stage.Close)
                await log.Change(retirement.Id, Actor.Clock.Id, new DrawUpDuties().Decide, cancel);
            if (retirement.HoldsNotices)
                // What waits would say what held when it was written. It is written anew, as things are then, once the notices are released again.
                await outbox.Drop(retirement.Id, StepPrefix, cancel);
            // Whoever was promised a day is told that it is called off, whether or not notices were held back before.
            if (retirement.Stage is Stage.Cancelled or Stage.Deferred || retirement.Announcing.ReleasedAt is not null && retirement.Stage is (Stage.Announce or Stage.Migrate or Stage.Close))
                await Tell(retirement, ladder, now, cancel);
        });
    }

    private async Task Tell(Retirement retirement, ReminderLadder ladder, DateTimeOffset now, CancellationToken cancel)
    {
        NoticeDesk? desk = null;
        var attempts = new Attempts();
        for (var due = await looks.Due(retirement, null, now, cancel); due.Count > 0; due = await looks.Due(retirement, due[^1].Customer, now, cancel))
        {
            desk ??= await desks.Open(retirement, cancel);
            await Tell(retirement, due, ladder, now, desk, attempts, cancel);
        }
        attempts.End();
    }

    private async Task Tell(Retirement retirement, IReadOnlyList<LedgerEntry> due, ReminderLadder ladder, DateTimeOffset now, NoticeDesk desk, Attempts attempts, CancellationToken cancel)
    {
        var known = await outbox.Keys(retirement.Id, [.. due.Select(entry => entry.Customer)], cancel);
        await outbox.WithdrawStopped(retirement.Id, cancel);
        var drafts = new List<Draft>();
        var looked = new List<AnnounceLookRow>();
        foreach (var entry in due)
            await attempts.Try(async () =>
            {
                var (current, held) = await Advance(retirement, entry, ladder, now, desk, cancel);
                drafts.AddRange(Drafts(retirement, current, desk, known));
                looked.Add(new AnnounceLookRow
                {
                    Retirement = retirement.Id, Customer = entry.Customer, EntryVersion = current.Version, RetirementVersion = retirement.Version,
                    AgainAt = held ? now + Looks.Held : Looks.AgainAt(current, ladder.SilenceDays, now),
                });
            });
        // What another node asked for at the same moment may have kept ours out of the outbox: then all are looked at again at the next turn.
        if (drafts.Count == 0 || await outbox.Add(drafts, cancel) == drafts.Count)
            await looks.Remember(looked, cancel);
    }

    /// <summary>Issues the notice and takes the step up that are due; answers the entry as it is then, and whether a notice was held back.</summary>
    private async Task<(LedgerEntry Entry, bool Held)> Advance(Retirement retirement, LedgerEntry entry, ReminderLadder ladder, DateTimeOffset now, NoticeDesk desk, CancellationToken cancel)
    {
        var held = false;
        var changed = false;
        if (NextNotice.Of(retirement, entry, ladder, now) is { } due)
        {
            held = !await Issue(retirement, entry, ladder, now, desk, due, cancel);
            changed = !held;
        }
        if (Silence.Next(retirement, entry, [.. desk.Contacts[entry.Customer]], ladder.SilenceDays, now) is not null)
        {
            await log.Change(retirement.Id, entry.Customer, Actor.Clock.Id, (current, one) =>
                Silence.Next(current, one, [.. desk.Contacts[one.Customer]], ladder.SilenceDays, now) is { } step ? Decision.Of(one.Customer, step) : Decision.Nothing, cancel);
            changed = true;
        }
        if (!changed)
            return (entry, held);
        var current = await log.FindEntry(retirement.Id, entry.Customer, cancel) ?? entry;
        // One who was overtaken while it was decided is still owed their notice.
        return (current, held || NextNotice.Of(retirement, current, ladder, now) is not null);
    }

    /// <summary>False where the notice is held back.</summary>
    private async Task<bool> Issue(Retirement retirement, LedgerEntry entry, ReminderLadder ladder, DateTimeOffset now, NoticeDesk desk, NoticeIssued due, CancellationToken cancel)
    {
        // A notice with a finding is not issued at all; the finding is shown on Announce and among the needs.
        var written = desk.Write(entry, due.Kind, null, desk.Contacts[entry.Customer].FirstOrDefault()?.Locale ?? entry.Locale, entry.Reach.Latest?.ClosesOn);
        if (written.Refusal is not null || written.Value.Findings.Count > 0)
        {
            Held(due.Step, entry.Customer, written.Refusal?.Sentence.En ?? written.Value.Findings[0].Sentence.En);
            return false;
        }
        await log.Change(retirement.Id, entry.Customer, Actor.Clock.Id, (current, one) =>
            NextNotice.Of(current, one, ladder, now) is { } still ? Decision.Of(one.Customer, still) : Decision.Nothing, cancel);
        // What an earlier notice still has in the queue would now say something that no longer holds.
        await outbox.Withdraw(retirement.Id, entry.Customer, [$"{StepPrefix}{due.Edition}"], cancel);
        return true;
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
