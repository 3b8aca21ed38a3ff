using Sunsetter.Server.Campaigns;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Announce;

/// <summary>
/// Keeps what stands in the team-chat channels true (N5): the announcement, and a word more when its day has moved or it is called off. What was posted is
/// read from the outbox, so that a crash loses no post and a repeated turn posts nothing twice.
/// </summary>
internal sealed class Posts(FactLog log, NoticeDesks desks, Outbox outbox, Settings settings) : IDueStep
{
    // A channel that is added later is not flooded with what was announced before it was there.
    private static readonly TimeSpan Fresh = TimeSpan.FromHours(1);

    public string Name => "announce/posts";

    public TimeSpan Every => TimeSpan.FromSeconds(15);

    public async Task Run(DateTimeOffset now, CancellationToken cancel)
    {
        var channels = (await settings.Get<ChatChannels>(cancel)).Channels;
        if (channels.IsEmpty)
            return;
        await Attempts.Each(await log.All(cancel), retirement => Post(retirement, channels, now, cancel));
    }

    private async Task Post(Retirement retirement, IReadOnlyCollection<ChatChannel> channels, DateTimeOffset now, CancellationToken cancel)
    {
        if (retirement.Announcing.PublishedAt is not { } published || retirement.HoldsNotices || Says(retirement) is not { } says)
            return;

        var posted = (await outbox.Posts(retirement.Id, cancel)).ToLookup(post => post.Channel, post => post.Step);
        var due = channels.Where(channel => posted[channel.Name].LastOrDefault() is { } last ? Said(last) != says : now - published < Fresh).ToList();
        if (due.Count == 0)
            return;
        var desk = await desks.Open(retirement, cancel);
        var drafts = due.Select(channel => Draft(desk, retirement, channel, says, [.. posted[channel.Name]])).OfType<Draft>().ToList();
        // What still waits would say what no longer holds.
        if (drafts.Count > 0)
            await outbox.Withdraw(retirement.Id, new CustomerKey(""), [.. drafts.Select(draft => draft.Key.Step), .. posted.SelectMany(steps => steps).Where(step => Said(step) == says)], cancel);
        await outbox.Add(drafts, cancel);
    }

    private static Draft? Draft(NoticeDesk desk, Retirement retirement, ChatChannel channel, string says, IReadOnlyList<string> before)
    {
        var kind = retirement.Stage is Stage.Cancelled or Stage.Deferred ? NoticeKind.CalledOff : before.Count > 0 ? NoticeKind.Changed : NoticeKind.First;
        var written = desk.Announcement(channel.Language, kind);
        return written.Refusal is not null || written.Value.Findings.Count > 0 || kind == NoticeKind.CalledOff && before.Count == 0 ? null
            : new Draft(new MessageKey(retirement.Id, null, $"{says}.{before.Count}", channel.Name, channel.Kind), channel.Url, written.Value.Letter);
    }

    /// <summary>What a post of this moment says, in a word; null where there is nothing to say any more.</summary>
    private static string? Says(Retirement retirement) => retirement.Stage switch
    {
        Stage.Cancelled or Stage.Deferred => "announcement-off",
        Stage.Announce or Stage.Migrate or Stage.Close when retirement.Schedule is { } schedule => $"announcement-{schedule.InstantOf(schedule.ClosesOn).UtcDateTime:yyyyMMddHHmm}",
        _ => null,
    };

    private static string Said(string step) => step.LastIndexOf('.') is > 0 and var end ? step[..end] : step;
}
