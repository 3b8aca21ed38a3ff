using Sunsetter.Server.Announce.Telling;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Usage;

namespace Sunsetter.Server.Announce;

/// <summary>Releases notices, publishes announcements and starts the migration: first what the rule must know is gathered, then it is asked.</summary>
internal sealed class ReleaseDesk(FactLog log, NoticeDesks desks, Posts posts, UsageQuestions usage, Calendars calendars, TimeProvider clock)
{
    public async Task<Outcome<Retirement>> Release(RetirementId id, Actor actor, CancellationToken cancel)
    {
        if (await log.Find(id, cancel) is not { } retirement)
            return Refusal.NotFound("retirement", "退役", id.ToString());
        var broken = (await desks.Open(retirement, cancel)).Broken(await log.Entries(id, cancel));
        var days = await calendars.ClosingDays(cancel);
        return await log.Change(id, actor.By, (current, entries) => new ReleaseNotices().Decide(current, entries, broken, PromisedDays.Lost(current, entries, days, Today.Of(current, clock.GetUtcNow()))), cancel);
    }

    /// <summary>Publishes; <see cref="Posts"/> brings it to the team-chat channels.</summary>
    public async Task<Outcome<Retirement>> Publish(RetirementId id, Actor actor, CancellationToken cancel)
    {
        if (await log.Find(id, cancel) is not { } retirement)
            return Refusal.NotFound("retirement", "退役", id.ToString());
        var desk = await desks.Open(retirement, cancel);
        var written = new[] { "zh-CN", "en" }.Select(locale => desk.Announcement(locale)).ToList();
        foreach (var one in written)
            if (one.Refused(out var refusal))
                return refusal;
        var outcome = await log.Change(id, actor.By, current => new PublishAnnouncement().Decide(current, [.. written.SelectMany(one => one.Value.Findings)]), cancel);
        if (outcome.Refusal is null)
            await posts.Run(clock.GetUtcNow(), cancel);
        return outcome;
    }

    public async Task<Outcome<Retirement>> StartMigration(RetirementId id, Actor actor, CancellationToken cancel)
    {
        if (await log.Find(id, cancel) is not { } retirement)
            return Refusal.NotFound("retirement", "退役", id.ToString());
        var today = Days.DayOf(clock.GetUtcNow(), TimeZoneInfo.Utc);
        var known = (await usage.Coverage(retirement.Module, today.AddDays(1 - UsageQuestions.Month), today, cancel)).Sufficient;
        return await log.Change(id, actor.By, (current, entries) => new StartMigration(known).Decide(current, entries), cancel);
    }
}
