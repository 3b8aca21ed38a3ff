using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Sunsetter.Gates;
using Sunsetter.Server.Announce.Texts;
using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Usage;

namespace Sunsetter.Server.Announce.InApp;

/// <summary>A friendly word in the application. Texts by language tag.</summary>
internal sealed record InAppNotice(
    string Id, string Module, IReadOnlyDictionary<string, string> Title, IReadOnlyDictionary<string, string> Body, string? Url, DateTimeOffset? ClosesAt, bool Acknowledge);

internal enum InAppMark
{
    Seen,
    Dismissed,
    Acknowledged,
}

/// <summary>Which notices one person is shown: only of modules they use and have not left, not twice a day, never again once dismissed or acknowledged.</summary>
internal sealed class InAppNotices(FactLog log, UsageQuestions usage, CatalogueNames names, Settings settings, IDbContextFactory<SunsetterDb> databases, TimeProvider clock)
{
    private static readonly TimeSpan UsersAreKnownFor = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<(RetirementId, CustomerKey), (DateTimeOffset At, HashSet<string> Users)> users = new();

    public async Task<IReadOnlyList<InAppNotice>> Of(CustomerKey customer, string user, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var shown = new List<InAppNotice>();
        foreach (var entry in await log.EntriesOf(customer, cancel))
        {
            if (await log.Find(entry.Retirement, cancel) is not { } retirement || !IsDue(retirement, entry, now) || now >= ClosesFor(user, retirement, entry) || !(await UsersOf(retirement, customer, now, cancel)).Contains(user))
                continue;
            var view = await Find(retirement.Id, customer, user, entry.Reach.Latest!.Edition, cancel);
            var today = Days.DayOf(now, Days.Zone(entry.TimeZone));
            if (view is null or { DismissedAt: null, AcknowledgedAt: null } && view?.SeenOn != today)
                shown.Add(await Write(retirement, entry, user, cancel));
        }
        return shown;
    }

    /// <summary>False where there is no such notice for this customer, or not any more: after the end names of users are deleted one day, and none is written anew.</summary>
    public async Task<bool> Mark(string id, CustomerKey customer, string user, InAppMark mark, CancellationToken cancel)
    {
        var parts = id.Split('-');
        if (parts.Length != 2 || !RetirementId.TryParse(parts[0], null, out var retirement) || !int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var edition)
            || await log.Find(retirement, cancel) is not { Ended: false } || await log.FindEntry(retirement, customer, cancel) is not { } entry || !entry.Reach.Notices.Any(notice => notice.Edition == edition))
            return false;
        var (now, today) = (clock.GetUtcNow(), Days.DayOf(clock.GetUtcNow(), Days.Zone(entry.TimeZone)));
        await using var db = await databases.CreateDbContextAsync(cancel);
        var (day, at) = (today.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), now.ToUnixTimeMilliseconds());
        long? dismissed = mark == InAppMark.Dismissed ? at : null;
        long? acknowledged = mark == InAppMark.Acknowledged ? at : null;
        await db.Database.ExecuteSqlAsync($"""
            insert into in_app_view (retirement, customer, user_name, edition, seen_on, dismissed_at, acknowledged_at)
            values ({retirement.ToString()}, {customer.Value}, {user}, {edition}, {day}, {dismissed}, {acknowledged})
            on conflict (retirement, customer, user_name, edition) do update set
                seen_on = excluded.seen_on, dismissed_at = coalesce(in_app_view.dismissed_at, excluded.dismissed_at),
                acknowledged_at = coalesce(in_app_view.acknowledged_at, excluded.acknowledged_at)
            """, cancel);
        return true;
    }

    /// <summary>From the warning day on, until the closing, and only after the customer's administrators were told.</summary>
    private static bool IsDue(Retirement retirement, LedgerEntry entry, DateTimeOffset now) =>
        retirement.Stage is Stage.Announce or Stage.Migrate or Stage.Close && retirement.Announcing.ReleasedAt is not null
        && entry.Reach.Latest is { Kind: not NoticeKind.CalledOff } && entry.Reach.ToldOn is not null && entry.ClosedAt is null
        && retirement.Schedule is { } schedule && now >= schedule.WarnFromInstant;

    /// <summary>The instant at which the module closes for this person: their share's, where users close in shares.</summary>
    private static DateTimeOffset ClosesFor(string user, Retirement retirement, LedgerEntry entry)
    {
        var (closes, bucket) = (entry.ClosesAt(retirement)!.Value, UserBucket.Of(retirement.Module.Value, user));
        return retirement.Gradual.Where(share => bucket < share.Percent * 100).Select(share => closes.AddHours(-share.HoursBefore)).Append(closes).Min();
    }

    private async Task<InAppNotice> Write(Retirement retirement, LedgerEntry entry, string user, CancellationToken cancel)
    {
        var module = await names.Of(retirement.Module, cancel);
        var replacement = retirement.Replacement is { } key ? await names.Of(key, cancel) : (Text?)null;
        var workspace = await settings.Get<Workspace>(cancel);
        var closes = ClosesFor(user, retirement, entry);
        var day = Days.DayOf(closes, Days.Zone(entry.TimeZone));
        var (en, zh) = (NoticeSubject.SayDay(day, "en"), NoticeSubject.SayDay(day, "zh-CN"));
        return new InAppNotice(
            $"{retirement.Id}-{entry.Reach.Latest!.Edition}", retirement.Module.Value,
            new Dictionary<string, string> { ["en"] = $"{module.En} closes on {en}", ["zh-CN"] = $"{module.Zh}将于 {zh}停止服务" },
            new Dictionary<string, string>
            {
                ["en"] = replacement is { } next ? $"Thank you for using it. {next.En} is ready for you and takes its place." : "Thank you for using it. Please save what you need before then.",
                ["zh-CN"] = replacement is { } other ? $"感谢您的使用。“{other.Zh}”已为您准备就绪，将接替它。" : "感谢您的使用。请在此之前保存您需要的内容。",
            },
            retirement.Announcing.PublishedAt is null ? null : $"{workspace.PublicUrl}/announcements/{retirement.Module}", closes, AsksToConfirm(retirement, entry));
    }

    /// <summary>Where much depends on it, until somebody at the customer has confirmed the day: whoever works there is asked whether they know.</summary>
    private static bool AsksToConfirm(Retirement retirement, LedgerEntry entry) =>
        (entry.Class != CustomerClass.Standard || retirement.Deciding.DeclaredMajor is not null) && entry.Reach.AcknowledgedAt is null;

    // Names of users are kept, or hashed; where they are hashed nobody can be recognised, and nobody is bothered.
    private async Task<HashSet<string>> UsersOf(Retirement retirement, CustomerKey customer, DateTimeOffset now, CancellationToken cancel)
    {
        if (users.TryGetValue((retirement.Id, customer), out var known) && now - known.At < UsersAreKnownFor)
            return known.Users;
        var still = await usage.UsersNotMoved(retirement.Module, retirement.Replacement ?? default, customer, Days.DayOf(now, TimeZoneInfo.Utc), UsageQuestions.Month, int.MaxValue, cancel);
        var read = still.Select(one => one.Name).OfType<string>().ToHashSet(StringComparer.Ordinal);
        foreach (var old in users.Where(old => now - old.Value.At >= UsersAreKnownFor))
            users.TryRemove(old);
        users[(retirement.Id, customer)] = (now, read);
        return read;
    }

    private async Task<InAppViewRow?> Find(RetirementId retirement, CustomerKey customer, string user, int edition, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Set<InAppViewRow>().AsNoTracking().FirstOrDefaultAsync(row => row.Retirement == retirement && row.Customer == customer.Value && row.UserName == user && row.Edition == edition, cancel);
    }
}
