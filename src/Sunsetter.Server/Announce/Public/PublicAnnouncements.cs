using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Announce;

/// <summary>What everybody may read: the published announcements, without a word about any customer.</summary>
internal sealed class PublicAnnouncements(FactLog log, CatalogueNames names)
{
    /// <param name="Updated">When it was published, or when its dates last changed.</param>
    internal sealed record Announcement(Retirement Retirement, Text Module, Text? Replacement, DateTimeOffset Updated)
    {
        public bool CalledOff => Retirement.Stage is Stage.Cancelled or Stage.Deferred or Stage.Rejected;

        public Text Title => CalledOff
            ? new Text($"{Module.En} stays for now", $"{Module.Zh}继续保留")
            : Retirement.Schedule is { } over && Retirement.Stage is Stage.Observe or Stage.Finished
                ? new Text($"{Module.En} ended on {Day(over.ClosesOn).En}", $"{Module.Zh}已于 {Day(over.ClosesOn).Zh}停止服务")
            : Retirement.Schedule is { } schedule
                ? new Text($"{Module.En} ends on {Day(schedule.ClosesOn).En}", $"{Module.Zh}将于 {Day(schedule.ClosesOn).Zh}停止服务")
                : new Text($"{Module.En} will end", $"{Module.Zh}将停止服务");

        /// <summary>In place of why and what instead, where it stays.</summary>
        public static readonly Text Off = new("We had announced that it would close. That is called off; there is nothing you have to do.", "此前公告的停止服务计划已取消，您无需进行任何操作。");

        public Text Summary => CalledOff ? Off : new(
            string.Join(' ', Retirement.Reasons.Select(reason => reason.Explanation.En)) + (Replacement is { } to ? $" Use {to.En} instead." : Retirement.Deciding.Instead is { } instead ? $" {instead.En}" : ""),
            string.Concat(Retirement.Reasons.Select(reason => reason.Explanation.Zh)) + (Replacement is { } other ? $"请改用{other.Zh}。" : Retirement.Deciding.Instead?.Zh));

        private static Text Day(DateOnly day) => new(Days.En(day), Days.Zh(day));
    }

    /// <summary>The newest first.</summary>
    public async Task<IReadOnlyList<Announcement>> All(CancellationToken cancel)
    {
        var all = new List<Announcement>();
        foreach (var retirement in (await log.All(cancel)).Where(retirement => retirement.Announcing.PublishedAt is not null))
            all.Add(await Of(retirement, cancel));
        return [.. all.OrderByDescending(announcement => announcement.Updated)];
    }

    /// <param name="key">Id of the retirement, or key of the module: then its newest announcement.</param>
    public async Task<Announcement?> Find(string key, CancellationToken cancel) =>
        (await All(cancel)).FirstOrDefault(announcement => announcement.Retirement.Id.ToString() == key || announcement.Retirement.Module.Value == key);

    private async Task<Announcement> Of(Retirement retirement, CancellationToken cancel)
    {
        var changes = (await log.History(retirement.Id, new CustomerKey(""), cancel))
            .Where(happened => happened.Fact is RetirementScheduled or RetirementCancelled or RetirementDeferred or AnnouncementPublished).Select(happened => happened.At);
        return new Announcement(
            retirement, await names.Of(retirement.Module, cancel), retirement.Replacement is { } replacement ? await names.Of(replacement, cancel) : null,
            changes.Append(retirement.Announcing.PublishedAt!.Value).Max());
    }
}
