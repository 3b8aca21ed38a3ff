using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Campaigns;

/// <summary>Takes messages that are due, each for one sender at a time, and writes down how they ended.</summary>
internal sealed class Claims(HeldNotices heldNotices, IDbContextFactory<SunsetterDb> databases, TimeProvider clock)
{
    // Who asked for something gets it, also while notices are held back.
    private const string AskedFor = Outbox.AskedFor + "%";

    // Of each channel: attempts of the last minute as last counted, and those made since.
    private readonly ConcurrentDictionary<string, (DateTimeOffset At, int Attempts)> counted = [];

    /// <summary>Claims up to <paramref name="most"/> due messages of a channel, never more than its pace still allows within this minute.</summary>
    public async Task<IReadOnlyList<MessageRow>> Take(string channel, int most, int perMinute, TimeSpan lease, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var now = clock.GetUtcNow();
        var recent = await Recent(db, channel, now, cancel);
        var count = Math.Min(most, perMinute - recent.Attempts);
        if (count <= 0)
            return [];
        var held = string.Join(' ', await heldNotices.Of(db, cancel));
        var (at, until, waiting) = (now.ToUnixTimeMilliseconds(), (now + lease).ToUnixTimeMilliseconds(), nameof(MessageState.Waiting));
        // The outer conditions stand again: on PostgreSQL a sender that had to wait for the row looks at its newest version.
        var taken = await db.Set<MessageRow>().FromSql($"""
            update message set lease_until = {until}, fence = fence + 1, attempts = attempts + 1, last_attempt_at = {at}
            where state = {waiting} and lease_until <= {at} and id in (
                select id from message where state = {waiting} and channel = {channel} and next_attempt_at <= {at} and lease_until <= {at}
                    and (customer = '' or step like {AskedFor} or {held} not like '%' || retirement || '%')
                order by next_attempt_at, id limit {count})
            returning *
            """).AsNoTracking().ToListAsync(cancel);
        counted[channel] = (recent.At, recent.Attempts + taken.Count);
        return taken;
    }

    // Counting a minute's attempts each time would cost more than claiming; within a second our own are added up.
    private async Task<(DateTimeOffset At, int Attempts)> Recent(SunsetterDb db, string channel, DateTimeOffset now, CancellationToken cancel)
    {
        if (counted.TryGetValue(channel, out var known) && now >= known.At && now - known.At < TimeSpan.FromSeconds(1))
            return known;
        var minuteAgo = now.AddMinutes(-1);
        return (now, await db.Set<MessageRow>().CountAsync(row => row.Channel == channel && row.LastAttemptAt > minuteAgo, cancel));
    }

    /// <summary>Gives back what a sender that died had claimed. For one who has just become the sender of all.</summary>
    public async Task FreeAll(CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.Set<MessageRow>().Where(row => row.State == MessageState.Waiting && row.LeaseUntil > DateTimeOffset.UnixEpoch)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.LeaseUntil, DateTimeOffset.UnixEpoch), cancel);
    }

    /// <summary>Writes the ends of many attempts in one transaction.</summary>
    /// <param name="chance">0 up to 1, anew for each.</param>
    /// <returns>Those whose claim had been lost meanwhile: for them the newer claim's result counts.</returns>
    public async Task<IReadOnlyList<MessageRow>> End(IReadOnlyList<EndedAttempt> ended, Func<double> chance, CancellationToken cancel)
    {
        var lost = new List<MessageRow>();
        var accepted = ended.Where(one => one.Attempt is Attempt.Accepted).Select(one => one.Message).ToList();
        if (accepted.Count > 0)
        {
            var written = await EndAccepted(accepted, cancel);
            lost.AddRange(accepted.Where(message => !written.Contains(message.Id)));
        }
        foreach (var one in ended.Where(one => one.Attempt is not Attempt.Accepted))
            if (!await End(one.Message, one.Attempt, chance(), cancel))
                lost.Add(one.Message);
        return lost;
    }

    private async Task<HashSet<Guid>> EndAccepted(IReadOnlyList<MessageRow> accepted, CancellationToken cancel)
    {
        var arguments = new List<object> { nameof(MessageState.Sent), clock.GetUtcNow().ToUnixTimeMilliseconds(), nameof(MessageState.Waiting) };
        var claimed = new List<string>();
        foreach (var message in accepted)
        {
            claimed.Add($"({{{arguments.Count}}}, {{{arguments.Count + 1}}})");
            arguments.AddRange([message.Id.ToString("N"), message.Fence]);
        }
        await using var db = await databases.CreateDbContextAsync(cancel);
        // Joined, not "in": SQLite would look at every waiting message for a pair in a list.
        var written = await db.Database.SqlQuery<string>(FormattableStringFactory.Create($$"""
            with ended (claimed, turn) as (values {{string.Join(", ", claimed)}})
            update message set state = {0}, ended_at = {1}, failure = null, failure_code = null
            from ended where id = claimed and fence = turn and state = {2}
            returning id as "Value"
            """, [.. arguments])).ToListAsync(cancel);
        return [.. written.Select(Guid.Parse)];
    }

    /// <summary>Writes the end of an attempt. False where the claim had been lost meanwhile: then the newer claim's result counts.</summary>
    public async Task<bool> End(MessageRow claimed, Attempt attempt, double chance, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var now = clock.GetUtcNow();
        var mine = db.Set<MessageRow>().Where(row => row.Id == claimed.Id && row.Fence == claimed.Fence && row.State == MessageState.Waiting);
        var written = attempt switch
        {
            Attempt.Accepted => await mine.ExecuteUpdateAsync(set => set.SetProperty(row => row.State, MessageState.Sent).SetProperty(row => row.EndedAt, now)
                .SetProperty(row => row.Failure, (string?)null).SetProperty(row => row.FailureCode, (string?)null), cancel),
            Attempt.Refused refused => await Fail(mine, refused.Code, refused.Reason, refused.RecipientGone, now, cancel),
            Attempt.Postponed postponed when now - claimed.CreatedAt >= Backoff.GiveUpAfter => await Fail(mine, postponed.Code, $"Given up after {claimed.Attempts} attempts: {postponed.Reason}", false, now, cancel),
            Attempt.Postponed when await mine.AnyAsync(row => row.NextAttemptAt == MessageRow.Never, cancel) => await Withdraw(mine, now, cancel),
            Attempt.Postponed postponed => await Postpone(mine.Where(row => row.NextAttemptAt != MessageRow.Never), postponed, now + Later(postponed, claimed.Attempts, chance), cancel),
            _ => throw new InvalidOperationException($"Unknown end of an attempt: {attempt}."),
        };
        return written == 1;
    }

    private static TimeSpan Later(Attempt.Postponed postponed, int attempts, double chance)
    {
        var delay = Backoff.Delay(attempts, chance);
        return postponed.After is { } after && after > delay ? after : delay;
    }

    private static Task<int> Withdraw(IQueryable<MessageRow> mine, DateTimeOffset now, CancellationToken cancel) =>
        mine.ExecuteUpdateAsync(set => set.SetProperty(row => row.State, MessageState.Withdrawn).SetProperty(row => row.EndedAt, now).SetProperty(row => row.ReportedAt, now), cancel);

    private static Task<int> Fail(IQueryable<MessageRow> mine, string code, string reason, bool gone, DateTimeOffset now, CancellationToken cancel) =>
        mine.ExecuteUpdateAsync(set => set.SetProperty(row => row.State, MessageState.Failed).SetProperty(row => row.EndedAt, now)
            .SetProperty(row => row.FailureCode, code).SetProperty(row => row.Failure, Short(reason)).SetProperty(row => row.RecipientGone, gone), cancel);

    private static Task<int> Postpone(IQueryable<MessageRow> mine, Attempt.Postponed postponed, DateTimeOffset next, CancellationToken cancel) =>
        mine.ExecuteUpdateAsync(set => set.SetProperty(row => row.NextAttemptAt, next).SetProperty(row => row.LeaseUntil, DateTimeOffset.UnixEpoch)
            .SetProperty(row => row.FailureCode, postponed.Code).SetProperty(row => row.Failure, Short(postponed.Reason)), cancel);

    // What a foreign server says is kept, but not at any length; half a character or a zero, which PostgreSQL does not take, would keep the end from being written.
    internal static string Short(string reason) =>
        Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(reason.Length <= 500 ? reason : reason[..500])).Replace('\0', ' ');
}

/// <summary>A claimed message and how the attempt to send it ended.</summary>
internal sealed record EndedAttempt(MessageRow Message, Attempt Attempt);
