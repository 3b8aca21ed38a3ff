using System.Collections.Frozen;
using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Announce;
using Sunsetter.Server.Campaigns;
using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Portal;

/// <summary>A link that was opened: whom it admits and what they may see.</summary>
internal sealed record PortalVisit(PortalPass Pass, Retirement Retirement, LedgerEntry Entry)
{
    /// <summary>How the portal's facts name their author.</summary>
    public string By => $"{EntryReach.ByCustomer}{Pass.Contact}";
}

/// <summary>What a link that is one of ours leads to.</summary>
/// <param name="Left">The contact was reported as gone: they are shown nothing any more.</param>
internal sealed record PortalOpening(PortalVisit Visit, bool Expired, bool Left)
{
    public bool Admits => !Expired && !Left;
}

/// <summary>Admits by link, records the reading, sends fresh links.</summary>
internal sealed class PortalVisits(PortalLinks links, FactLog log, NoticeDesks desks, Outbox outbox, TimeProvider clock, IDbContextFactory<SunsetterDb> databases)
{
    // Programs that open links before, or instead of, a person.
    private static readonly FrozenSet<string> Scanners = new[]
    {
        "bot", "crawl", "spider", "preview", "scan", "safelinks", "proofpoint", "mimecast", "barracuda", "curl", "wget", "python", "headless", "facebookexternalhit", "slackbot", "monitor",
    }.ToFrozenSet();

    /// <summary>Null where the link admits nobody: forged, or its retirement, customer or contact is no longer there.</summary>
    public async Task<PortalOpening?> Open(string token, CancellationToken cancel)
    {
        if (links.Read(token) is not { } read || await log.Find(read.Pass.Retirement, cancel) is not { } retirement || await log.FindEntry(read.Pass.Retirement, read.Pass.Customer, cancel) is not { } entry)
            return null;
        await using var db = await databases.CreateDbContextAsync(cancel);
        var known = await db.Set<Contact>().AnyAsync(contact => contact.Customer == read.Pass.Customer && contact.Email == read.Pass.Contact, cancel);
        return known ? new PortalOpening(new PortalVisit(read.Pass, retirement, entry), read.Expired, entry.Reach.IsDead(read.Pass.Contact)) : null;
    }

    /// <summary>A person opened the page. Programs that only look at links do not count.</summary>
    public async Task Read(PortalVisit visit, HttpRequest request, CancellationToken cancel)
    {
        var agent = request.Headers.UserAgent.ToString();
        if (!HttpMethods.IsGet(request.Method) || agent.Length == 0 || request.Headers["Purpose"] == "prefetch" || request.Headers["Sec-Purpose"].ToString().StartsWith("prefetch", StringComparison.Ordinal)
            || Scanners.Any(word => agent.Contains(word, StringComparison.OrdinalIgnoreCase)))
            return;
        // Whoever has read it already needs no transaction, and holds up none.
        if (Reading(visit.Entry, visit.Pass.Contact).Facts.Count > 0)
            await log.Change(visit.Retirement.Id, visit.Entry.Customer, visit.By, (_, entry) => Reading(entry, visit.Pass.Contact), cancel);
    }

    internal static Decision Reading(LedgerEntry entry, string contact)
    {
        var edition = entry.Reach.Latest?.Edition ?? 0;
        return entry.Reach.Contacts.TryGetValue(contact, out var known) && known.ReadAt is not null && known.ReadEdition >= edition
            ? Decision.Nothing
            : Decision.Of(entry.Customer, new NoticeRead(edition, contact));
    }

    /// <summary>Mails a fresh link to the contact of an expired one, and to nobody else; at most one a day.</summary>
    public async Task SendFreshLink(PortalVisit visit, CancellationToken cancel)
    {
        var desk = await desks.Open(visit.Retirement, cancel, visit.Entry.Customer);
        var contact = desk.Contacts[visit.Entry.Customer].FirstOrDefault(contact => contact.Email == visit.Pass.Contact && contact.DeadSince is null);
        if (contact is null || visit.Entry.Reach.IsDead(contact.Email))
            return;
        var zh = contact.Locale.StartsWith("zh", StringComparison.OrdinalIgnoreCase);
        var url = desk.PortalUrl(visit.Entry, contact.Email);
        var (subject, words) = zh
            ? ($"{desk.Module.Zh}：您的专属页面新链接", "您请求的新链接如下，仅供您本人使用：")
            : ($"{desk.Module.En}: a fresh link to your page", "Here is the fresh link you asked for; it is for you only:");
        var day = Days.DayOf(clock.GetUtcNow(), TimeZoneInfo.Utc);
        await outbox.Add([new Draft(
            new MessageKey(visit.Retirement.Id, visit.Entry.Customer, $"{Outbox.AskedFor}{day:yyyyMMdd}", contact.Email, "email"), contact.Email,
            new Letter(subject, $"<p>{words}</p><p><a href=\"{url}\">{url}</a></p>", $"{words}\n{url}", zh ? "zh-CN" : "en") { RecipientName = contact.Name })], cancel);
    }
}
