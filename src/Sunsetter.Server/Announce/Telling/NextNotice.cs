using System.Collections.Immutable;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Announce.Telling;

/// <summary>
/// Which notice a customer is owed now, if any. Computed from what was issued and what holds, so that a missed turn loses nothing and a doubled one
/// repeats nothing: missed rungs are not sent one after the other, the nearest one speaks for all.
/// </summary>
internal static class NextNotice
{
    public static NoticeIssued? Of(Retirement retirement, LedgerEntry entry, ReminderLadder ladder, DateTimeOffset now)
    {
        var reach = entry.Reach;
        var edition = reach.Notices.Length + 1;
        if (retirement.Stage is Stage.Cancelled or Stage.Deferred)
            return reach.Latest is { Kind: not NoticeKind.CalledOff } promised ? new NoticeIssued(edition, NoticeKind.CalledOff, "called-off", promised.ClosesOn) : null;

        if (retirement.Announcing.ReleasedAt is null || retirement.Stage is not (Stage.Announce or Stage.Migrate or Stage.Close))
            return null;
        if (entry.ClosedAt is not null || entry.ClosesOn(retirement) is not { } day)
            return null;
        // A plan names the vendor's day; the letter names, and the reminders count to, the day it is where the customer is.
        var (closesAt, zone) = (entry.ClosesAt(retirement)!.Value, Days.Zone(entry.TimeZone));
        var (theirs, today) = (Days.DayOf(closesAt, zone), Days.DayOf(now, zone));
        if (theirs <= today)
            return null;

        ImmutableArray<Brownout> rehearsals = [.. retirement.Brownouts.Where(brownout => brownout.Day >= today)];
        var notice = reach.Latest switch
        {
            // Released early, the first letter still waits for the day on which the plan tells customers.
            null or { Kind: NoticeKind.CalledOff } when today < retirement.Deciding.TellingOn => null,
            null or { Kind: NoticeKind.CalledOff } => new NoticeIssued(edition, NoticeKind.First, "first", day),
            { } latest when latest.ClosesOn != day => new NoticeIssued(edition, NoticeKind.Changed, "changed", day),
            // The hour stands in the letter too: who was told ten o'clock must hear of two.
            { ClosesAt: { } promised } when promised != closesAt => new NoticeIssued(edition, NoticeKind.Changed, "changed", day),
            // Whoever prepares to move must hear at once that they are to move elsewhere.
            { At: var at } when at < retirement.ReplacementChangedAt => new NoticeIssued(edition, NoticeKind.Reminder, "replacement", day),
            // Somebody who plans around a rehearsal must hear at once that one was set or called off: the next rung may lie behind it.
            { Rehearsals: { } told } when !told.Where(brownout => brownout.Day >= today).ToHashSet().SetEquals(rehearsals)
                => new NoticeIssued(edition, NoticeKind.Reminder, "rehearsal", day),
            _ => Reminder(entry, ladder, day, edition, theirs, today),
        };
        return notice is null ? null : notice with { Rehearsals = rehearsals, ClosesAt = closesAt };
    }

    private static NoticeIssued? Reminder(LedgerEntry entry, ReminderLadder ladder, DateOnly day, int edition, DateOnly theirs, DateOnly today)
    {
        var zone = Days.Zone(entry.TimeZone);
        var left = theirs.DayNumber - today.DayNumber;
        var rungs = ladder.DaysBefore.Where(rung => left <= rung).ToList();
        if (rungs.Count == 0)
            return null;
        var rung = rungs.Min();
        // One who was written to shortly before the rung is not written to again at it: a tenth of the rung is "shortly".
        var since = theirs.AddDays(-rung - rung / 10);
        return entry.Reach.Notices.Any(notice => notice.ClosesOn == day && Days.DayOf(notice.At, zone) >= since)
            ? null
            : new NoticeIssued(edition, NoticeKind.Reminder, $"before-{rung}", day);
    }
}
