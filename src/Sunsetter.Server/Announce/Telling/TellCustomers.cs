using Sunsetter.Server.Announce.Duties;
using Sunsetter.Server.Announce.Reach;
using Sunsetter.Server.Announce.Texts;
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
            if (Tells(retirement))
                await Tell(retirement, ladder, now, cancel);
        });
    }

    /// <summary>Notices go out. Whoever was promised a day is told that it is called off, whether or not notices were held back before.</summary>
    public static bool Tells(Retirement retirement) =>
        retirement.Stage is Stage.Cancelled or Stage.Deferred || retirement.Announcing.ReleasedAt is not null && retirement.Stage is (Stage.Announce or Stage.Migrate or Stage.Close);

    private async Task Tell(Retirement retirement, ReminderLadder ladder, DateTimeOffset now, CancellationToken cancel)
    {
        NoticeDesk? desk = null;
        var attempts = new Attempts();
        for (var due = await looks.Due(retirement, null, now, cancel); due.Count > 0; due = await looks.Due(retirement, due[^1].Customer, now, cancel))
        {
            desk ??= await desks.Open(retirement, cancel);
            var (some, of) = (due, desk);
            await attempts.Try(() => Tell(retirement, some, ladder, now, of, attempts, cancel));
        }
        attempts.End();
    }

    private async Task Tell(Retirement retirement, IReadOnlyList<LedgerEntry> due, ReminderLadder ladder, DateTimeOffset now, NoticeDesk desk, Attempts attempts, CancellationToken cancel)
    {
        var known = await outbox.Keys(retirement.Id, [.. due.Select(entry => entry.Customer)], cancel);
        await outbox.WithdrawStopped(retirement.Id, cancel);
        var drafts = new List<Draft>();
        var looked = new List<AnnounceLookRow>();
        var findings = new List<string>();
        var (advanced, held) = await Advance(retirement, due, ladder, now, desk, attempts, cancel);
        foreach (var entry in advanced)
            await attempts.Try(() =>
            {
                var owed = held.TryGetValue(entry.Customer, out var finding);
                drafts.AddRange(Drafts(retirement, entry, desk, known, found => finding ??= found));
                if (finding is { } why)
                    findings.Add($"{entry.Customer}: {why.En}");
                looked.Add(new AnnounceLookRow
                {
                    Retirement = retirement.Id, Customer = entry.Customer, EntryVersion = entry.Version, RetirementVersion = retirement.Version,
                    AgainAt = owed || finding is not null ? now + Looks.Held : Looks.AgainAt(entry, ladder.SilenceDays, now), FindingEn = finding?.En, FindingZh = finding?.Zh,
                });
                return Task.CompletedTask;
            });
        if (findings.Count > 0)
            Held(findings.Count, retirement.Id.ToString(), findings[0]);
        // What another node asked for at the same moment may have kept ours out of the outbox: then all are looked at again at the next turn.
        if (drafts.Count == 0 || await outbox.Add(drafts, cancel) == drafts.Count)
            await looks.Remember(looked, cancel);
    }

    /// <summary>Issues the notices and takes the steps up that are due, all of them in one transaction each; answers the entries as they are then, and whose notice was held back, with what was found; nothing was where one was merely overtaken.</summary>
    private async Task<(IReadOnlyList<LedgerEntry> Entries, IReadOnlyDictionary<CustomerKey, Text?> Held)> Advance(
        Retirement retirement, IReadOnlyList<LedgerEntry> due, ReminderLadder ladder, DateTimeOffset now, NoticeDesk desk, Attempts attempts, CancellationToken cancel)
    {
        ReachEscalated? Step(Retirement of, LedgerEntry entry) => Silence.Next(of, entry, [.. desk.Contacts[entry.Customer]], ladder.SilenceDays, now);
        var (sound, issued, silent, held) = (new List<LedgerEntry>(), new List<(CustomerKey Customer, int Edition)>(), new List<CustomerKey>(), new Dictionary<CustomerKey, Text?>());
        // One of whom something cannot be reckoned keeps nobody else from being told.
        foreach (var entry in due)
            await attempts.Try(() =>
            {
                var notice = NextNotice.Of(retirement, entry, ladder, now);
                var finding = notice is null ? null : Finding(entry, notice, desk);
                if (Step(retirement, entry) is not null)
                    silent.Add(entry.Customer);
                if (notice is not null && finding is null)
                    issued.Add((entry.Customer, notice.Edition));
                else if (notice is not null)
                    held[entry.Customer] = finding;
                sound.Add(entry);
                return Task.CompletedTask;
            });
        if (issued.Count > 0)
            await log.Change(retirement.Id, [.. issued.Select(one => one.Customer)], Actor.Clock.Id, (current, entries) => Facts(entries, entry => NextNotice.Of(current, entry, ladder, now)), cancel);
        // What an earlier notice still has in the queue would now say something that no longer holds.
        foreach (var same in issued.GroupBy(one => one.Edition))
            await outbox.Withdraw(retirement.Id, [.. same.Select(one => one.Customer)], [$"{StepPrefix}{same.Key}"], cancel);
        if (silent.Count > 0)
            await log.Change(retirement.Id, silent, Actor.Clock.Id, (current, entries) => Facts(entries, entry => Step(current, entry)), cancel);

        var changed = (await log.Entries(retirement.Id, [.. issued.Select(one => one.Customer).Union(silent)], cancel)).ToDictionary(entry => entry.Customer);
        // One who was overtaken while it was decided is still owed their notice.
        foreach (var entry in changed.Values.Where(entry => NextNotice.Of(retirement, entry, ladder, now) is not null))
            held.TryAdd(entry.Customer, null);
        return ([.. sound.Select(entry => changed.GetValueOrDefault(entry.Customer, entry))], held);
    }

    private static Decision Facts(IReadOnlyList<LedgerEntry> entries, Func<LedgerEntry, EntryFact?> due) =>
        Decision.All(entries.Select(entry => (entry.Customer, Fact: due(entry))).Where(one => one.Fact is not null).Select(one => ((CustomerKey?)one.Customer, (Fact)one.Fact!)));

    /// <summary>Why a notice is held back: one with a finding is not issued at all. The finding is shown on Announce and among the needs.</summary>
    private static Text? Finding(LedgerEntry entry, NoticeIssued due, NoticeDesk desk)
    {
        var written = desk.Write(entry, due.Kind, null, desk.Contacts[entry.Customer].FirstOrDefault()?.Locale ?? entry.Locale, entry.Reach.Latest?.ClosesOn);
        return Finding(written);
    }

    private static Text? Finding(Outcome<WrittenNotice> written) => written.Refusal?.Sentence ?? written.Value.Findings.FirstOrDefault()?.Sentence;

    /// <summary>The messages of the newest notice that have not ended yet. The outbox knows those that are there already.</summary>
    internal static IEnumerable<Draft> Drafts(Retirement retirement, LedgerEntry entry, NoticeDesk desk, IReadOnlySet<string> known, Action<Text> held)
    {
        if (entry.Reach.Latest is not { } notice || entry.ClosedAt is not null && notice.Kind != NoticeKind.CalledOff)
            yield break;
        var before = entry.Reach.Notices.Where(known => known.Edition < notice.Edition && known.Kind != NoticeKind.CalledOff).LastOrDefault()?.ClosesOn;
        foreach (var contact in Audience.Of(entry, desk.Contacts[entry.Customer]))
        {
            MessageKey Key(string channel) => new(retirement.Id, entry.Customer, $"{StepPrefix}{notice.Edition}", contact.Email, channel);
            if (!known.Contains(Key("email").ToString()) && Draft(retirement, entry, desk, notice, contact, Key("email"), contact.Email, before, held) is { } mail)
                yield return mail;
            if (entry.Reach.Escalation >= Escalation.AnotherChannel && Silence.ChatOf(contact) is { } channel && !known.Contains(Key(channel).ToString())
                && Draft(retirement, entry, desk, notice, contact, Key(channel), contact.ImAddress!, before, held) is { } post)
                yield return post;
        }
    }

    private static Draft? Draft(Retirement retirement, LedgerEntry entry, NoticeDesk desk, IssuedNotice notice, Contact contact, MessageKey key, string address, DateOnly? before, Action<Text> held)
    {
        var promised = notice.Kind == NoticeKind.CalledOff ? notice.ClosesOn : notice.Kind == NoticeKind.Changed ? before : null;
        var written = desk.Write(entry, notice.Kind, contact, contact.Locale, promised);
        if (Finding(written) is { } finding)
        {
            held(finding);
            return null;
        }
        var first = entry.Reach.Deliveries.FirstOrDefault(delivery => delivery.Recipient == contact.Email && delivery.Channel == "email" && delivery.On is not null);
        return new Draft(key, address, written.Value.Letter with { ListId = retirement.Module.Value, InReplyTo = first?.MessageId });
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} notices of the retirement {Retirement} are held back, such as {Example}")]
    private partial void Held(int count, string retirement, string example);
}
