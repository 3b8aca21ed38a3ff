using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Announce.Texts;
using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Announce;

/// <summary>Opens a desk for one retirement: everything that its notices draw on, read once.</summary>
internal sealed class NoticeDesks(IDbContextFactory<SunsetterDb> databases, KeptCatalogue catalogue, Settings settings, People people, PortalLinks links, Calendars calendars, TimeProvider clock)
{
    /// <param name="only">Only their use is read; null: everybody's.</param>
    public async Task<NoticeDesk> Open(Retirement retirement, CancellationToken cancel, CustomerKey? only = null)
    {
        var modules = await catalogue.Modules(cancel);
        return new NoticeDesk(retirement, links, clock.GetUtcNow())
        {
            Workspace = await settings.Get<Workspace>(cancel),
            Templates = await settings.Get<NoticeTemplates>(cancel),
            People = (await people.All(cancel)).ToDictionary(one => one.Person.Email!, one => one.Person, StringComparer.OrdinalIgnoreCase),
            Contacts = await catalogue.Contacts(cancel),
            Rehearsals = await calendars.Rehearsals(cancel),
            Users = await Users(retirement.Id, only, cancel),
            Module = modules.FirstOrDefault(module => module.Key == retirement.Module)?.Name ?? Text.Same(retirement.Module.Value),
            Replacement = modules.FirstOrDefault(module => module.Key == retirement.Replacement),
            ReplacementIsGoing = retirement.Replacement is { } key && await IsGoing(key, retirement.Id, cancel),
        };
    }

    /// <summary>Whether another retirement of the module is under way.</summary>
    private async Task<bool> IsGoing(ModuleKey module, RetirementId but, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return (await db.Set<RetirementRow>().Where(row => row.Module == module && row.Id != but).Select(row => row.Stage).ToListAsync(cancel)).Exists(stage => !Retirement.IsEnd(stage));
    }

    private async Task<IReadOnlyDictionary<CustomerKey, long>> Users(RetirementId id, CustomerKey? only, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var lines = db.Set<LedgerLine>().Where(line => line.Retirement == id && line.OldUsers != null);
        if (only is { } one)
            lines = lines.Where(line => line.Customer == one);
        return await lines.Select(line => new { line.Customer, line.OldUsers }).ToDictionaryAsync(line => line.Customer, line => line.OldUsers!.Value, cancel);
    }
}

/// <summary>Writes the notices of one retirement.</summary>
internal sealed class NoticeDesk(Retirement retirement, PortalLinks links, DateTimeOffset now)
{
    /// <summary>How long the customer's page stays open after closing: for exports and last questions.</summary>
    private const int DaysAfterClosing = 31;

    public required Workspace Workspace { get; init; }
    public required NoticeTemplates Templates { get; init; }
    public required IReadOnlyDictionary<string, Person> People { get; init; }
    public required ILookup<CustomerKey, Contact> Contacts { get; init; }
    public required Rehearsals Rehearsals { get; init; }

    /// <summary>Users of the old module in the last fourteen days, as measured within the last minutes; nobody stands here of whom nothing is known.</summary>
    public required IReadOnlyDictionary<CustomerKey, long> Users { get; init; }
    public required Text Module { get; init; }
    public required Module? Replacement { get; init; }
    public required bool ReplacementIsGoing { get; init; }

    public string AnnouncementUrl => $"{Workspace.PublicUrl}/announcements/{retirement.Module}";

    /// <summary>The account manager, where they still work here; else the support desk.</summary>
    public Helper HelperOf(LedgerEntry? entry, string locale) =>
        entry?.AccountManager is { } manager && People.TryGetValue(manager, out var person)
            ? new Helper(person.Name, person.Email!, person.PhoneNumber ?? "", IsAccountManager: true)
            : new Helper(new Text($"{Workspace.Vendor.En} support", $"{Workspace.Vendor.Zh}客服").In(locale), Workspace.SupportEmail, Workspace.SupportPhone, IsAccountManager: false);

    /// <summary>The page of one contact; its link ends a month after the closing.</summary>
    public string PortalUrl(LedgerEntry entry, string contact)
    {
        var closes = entry.ClosesAt(retirement) ?? now;
        var ends = (closes > now ? closes : now).AddDays(DaysAfterClosing);
        var locale = NoticeTemplates.LanguageOf(Contacts[entry.Customer].FirstOrDefault(known => known.Email == contact)?.Locale ?? entry.Locale);
        return $"{Workspace.PublicUrl}/c/{links.TokenFor(new PortalPass(retirement.Id, entry.Customer, contact, ends))}?lang={locale}";
    }

    /// <param name="contact">Null in a preview: then the link leads nowhere.</param>
    public NoticeSubject? About(LedgerEntry entry, NoticeKind kind, Contact? contact, string locale, DateOnly? promisedBefore)
    {
        if ((entry.ClosesAt(retirement) ?? (retirement.Schedule is { } schedule ? schedule.InstantOf(schedule.ClosesOn) : null)) is not { } closes)
            return null;
        var zone = Days.Zone(entry.TimeZone);
        return Common(kind, locale, closes, zone, entry) with
        {
            RehearsalsOff = [.. Rehearsals.At(CalledOff(entry), retirement, entry).Select(rehearsal => rehearsal.At).Where(at => at > now)],
            Zone = entry.TimeZone,
            Customer = entry.Name,
            Contact = contact?.Name ?? "",
            Class = entry.Class,
            Users = Users.TryGetValue(entry.Customer, out var users) ? (int)users : null,
            ReplacementChanged = entry.Reach.Notices.TakeLast(2).Any(notice => notice.Kind != NoticeKind.CalledOff && notice.At < retirement.ReplacementChangedAt),
            // Where only the hour has changed there is no other day to name.
            PromisedBefore = promisedBefore is { } before && (kind != NoticeKind.Changed || before != entry.ClosesOn(retirement)) ? DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(retirement.Schedule!.InstantOf(before), zone).DateTime) : null,
            Helper = HelperOf(entry, locale),
            PortalUrl = contact is null ? $"{Workspace.PublicUrl}/c/{PortalLinks.Preview}" : PortalUrl(entry, contact.Email),
        };
    }

    /// <summary>For everybody: the announcement and the talk tracks.</summary>
    public NoticeSubject? ForAll(string locale, NoticeKind kind = NoticeKind.First) => retirement.Schedule is { } schedule
        ? Common(kind, locale, schedule.InstantOf(schedule.ClosesOn), Days.Zone(schedule.Zone), null) with
        {
            Zone = schedule.Zone,
            Contact = new Text("all customers", "各位客户").In(locale),
            PromisedBefore = kind == NoticeKind.CalledOff ? schedule.ClosesOn : null,
        }
        : null;

    public Outcome<WrittenNotice> Write(LedgerEntry entry, NoticeKind kind, Contact? contact, string locale, DateOnly? promisedBefore) =>
        About(entry, kind, contact, locale, promisedBefore) is { } about
            ? WriteNotice.From(Templates.Find(NoticeTemplates.NameOf(kind, entry.Class), locale), about)
            : new Refusal("notices.no-date", "There is no closing day yet. Set it on Decide.", "尚无下线日，请先在“评估决策”中确定。");

    /// <param name="kind">First: the announcement itself; else what became of it.</param>
    public Outcome<WrittenNotice> Announcement(string locale, NoticeKind kind = NoticeKind.First) => ForAll(locale, kind) is { } about
        ? WriteNotice.From(Templates.Find(kind == NoticeKind.First ? "announcement" : NoticeTemplates.NameOf(kind, CustomerClass.Standard), locale), about)
        : new Refusal("notices.no-date", "There is no closing day yet. Set it on Decide.", "尚无下线日，请先在“评估决策”中确定。");

    /// <summary>A first draft of the talk tracks, in both languages.</summary>
    public Outcome<Text> TalkTracks()
    {
        var words = new List<string>();
        foreach (var locale in (string[])["en", "zh-CN"])
        {
            if (ForAll(locale) is not { } about)
                return new Refusal("notices.no-date", "There is no closing day yet. Set it on Decide.", "尚无下线日，请先在“评估决策”中确定。");
            var text = LiquidText.Render(Templates.Find("talk-tracks", locale).Body, about.Values(forMarkdown: false), locale == "en" ? Languages.English : Languages.Chinese);
            if (text.Refused(out var refusal))
                return refusal;
            words.Add(text.Value.Trim());
        }
        return new Text(words[0], words[1]);
    }

    /// <summary>One customer of each kind: those of a kind get the same letter but for names. What a page tries; the release tries all.</summary>
    public IEnumerable<LedgerEntry> Kinds(IEnumerable<LedgerEntry> entries) => entries.Where(entry => entry.ClosedAt is null)
        .DistinctBy(entry => (entry.Class, Contacts[entry.Customer].FirstOrDefault()?.Locale ?? entry.Locale, entry.TimeZone, entry.ClosesOn(retirement), HelperOf(entry, entry.Locale).IsAccountManager));

    /// <summary>Customers whose first notice the lint would hold back.</summary>
    public IReadOnlyList<(Text Customer, LintFinding Finding)> Broken(IEnumerable<LedgerEntry> entries)
    {
        var broken = new List<(Text, LintFinding)>();
        foreach (var entry in entries.Where(entry => entry.ClosedAt is null))
        {
            var locale = Contacts[entry.Customer].FirstOrDefault()?.Locale ?? entry.Locale;
            var written = Write(entry, NoticeKind.First, null, locale, null);
            if (written.Refused(out var refusal))
                broken.Add((entry.Name, new LintFinding(NoticePart.When, refusal.Sentence)));
            else if (written.Value.Findings.Count > 0)
                broken.Add((entry.Name, written.Value.Findings[0]));
        }
        return broken;
    }

    /// <summary>Rehearsals that stood in the letter before this one and are not planned any more.</summary>
    private IEnumerable<Brownout> CalledOff(LedgerEntry entry) =>
        entry.Reach.Notices.TakeLast(2).SelectMany(notice => notice.Rehearsals ?? []).Distinct().Except(retirement.Brownouts);

    private NoticeSubject Common(NoticeKind kind, string locale, DateTimeOffset closes, TimeZoneInfo zone, LedgerEntry? entry) => new()
    {
        Kind = kind, Locale = locale, Vendor = Workspace.Vendor, Customer = new Text("all customers", "各位客户"), Class = CustomerClass.Standard,
        Module = Module, Replacement = Replacement?.Name ?? (retirement.Replacement is { } key ? Text.Same(key.Value) : null),
        ReplacementStands = retirement.Replacement is null || Replacement is not null && !ReplacementIsGoing,
        Instead = retirement.Replacement is null ? retirement.Deciding.Instead : null,
        ReplacementUrl = Uri.TryCreate(Replacement?.DocumentationUrl, UriKind.Absolute, out var url) && url.Scheme is "https" or "http" ? Replacement!.DocumentationUrl : "",
        Reasons = retirement.Reasons, Closes = TimeZoneInfo.ConvertTime(closes, zone), Zone = zone.Id, Today = Days.DayOf(now, zone),
        Brownouts = Rehearsals.Of(retirement, entry),
        Shares = [.. retirement.Gradual.Select(share => (TimeZoneInfo.ConvertTime(closes.AddHours(-share.HoursBefore), zone), share.Percent)).OrderBy(share => share.Item1)],
        Helper = HelperOf(null, locale), PortalUrl = $"{Workspace.PublicUrl}/announcements", AnnouncementUrl = AnnouncementUrl,
    };
}
