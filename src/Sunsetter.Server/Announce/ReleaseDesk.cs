using Sunsetter.Server.Announce.Telling;
using Sunsetter.Server.Campaigns;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Announce;

/// <summary>Releases notices and publishes announcements: first everything is written and linted, then the rule is asked.</summary>
internal sealed class ReleaseDesk(FactLog log, NoticeDesks desks, Outbox outbox, Settings settings)
{
    public async Task<Outcome<Retirement>> Release(RetirementId id, Actor actor, CancellationToken cancel)
    {
        if (await log.Find(id, cancel) is not { } retirement)
            return Refusal.NotFound("retirement", "退役", id.ToString());
        var broken = (await desks.Open(retirement, cancel)).Broken(await log.Entries(id, cancel));
        return await log.Change(id, actor.Id, (current, entries) => new ReleaseNotices().Decide(current, entries, broken), cancel);
    }

    /// <summary>Publishes, and posts to every team-chat channel that is set up, each once.</summary>
    public async Task<Outcome<Retirement>> Publish(RetirementId id, Actor actor, CancellationToken cancel)
    {
        if (await log.Find(id, cancel) is not { } retirement)
            return Refusal.NotFound("retirement", "退役", id.ToString());
        var desk = await desks.Open(retirement, cancel);
        var written = new[] { "zh-CN", "en" }.ToDictionary(locale => locale, desk.Announcement);
        foreach (var one in written.Values)
            if (one.Refused(out var refusal))
                return refusal;
        var outcome = await log.Change(id, actor.Id, current => new PublishAnnouncement().Decide(current, [.. written.Values.SelectMany(one => one.Value.Findings)]), cancel);
        if (outcome.Refusal is null)
        {
            var channels = (await settings.Get<ChatChannels>(cancel)).Channels;
            await outbox.Add([.. channels.Select(channel => new Draft(new MessageKey(id, null, "announcement", channel.Name, channel.Kind), channel.Url, written[channel.Language].Value.Letter))], cancel);
        }
        return outcome;
    }
}
