using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Announce.Telling;

/// <summary>That an entry was looked at in these versions, and when it is looked at again although neither has changed.</summary>
internal sealed class AnnounceLookRow
{
    public required RetirementId Retirement { get; init; }
    public required CustomerKey Customer { get; init; }
    public required int EntryVersion { get; init; }
    public required int RetirementVersion { get; init; }
    public required DateTimeOffset AgainAt { get; init; }

    /// <summary>Why their notice is held back; null where it is not.</summary>
    public string? FindingEn { get; init; }
    public string? FindingZh { get; init; }
}

internal sealed class AnnounceTables : IStoredTables
{
    public static void Configure(ModelBuilder model) => model.Entity<AnnounceLookRow>().HasKey(look => new { look.Retirement, look.Customer });
}

/// <summary>
/// Which entries the announce stage must look at: those that changed, those of a retirement that changed, and those whose instant has come. It only saves
/// work: forgetting it all makes every entry be looked at once more.
/// </summary>
internal sealed class Looks(IDbContextFactory<SunsetterDb> databases)
{
    // What was looked at is remembered after each batch: a server that dies begins again at the last one.
    private const int Batch = 50;

    /// <summary>Contacts, templates and settings are no facts of an entry; what changes there is noticed within this time.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    /// <summary>A notice that was held back is tried again so soon.</summary>
    public static readonly TimeSpan Held = TimeSpan.FromMinutes(1);

    /// <summary>The next entries to look at behind <paramref name="after"/>, in the order of their keys; empty when none is left.</summary>
    public async Task<IReadOnlyList<LedgerEntry>> Due(Retirement retirement, CustomerKey? after, DateTimeOffset now, CancellationToken cancel)
    {
        var (id, version, from, at) = (retirement.Id.ToString(), retirement.Version, after?.Value ?? "", now.ToUnixTimeMilliseconds());
        await using var db = await databases.CreateDbContextAsync(cancel);
        var states = await db.Database.SqlQuery<string>($"""
            select entry.state as "Value" from entry left join announce_look look on look.retirement = entry.retirement and look.customer = entry.customer
            where entry.retirement = {id} and entry.customer > {from}
                and (look.customer is null or look.entry_version <> entry.version or look.retirement_version <> {version} or look.again_at <= {at})
            order by entry.customer limit {Batch}
            """).ToListAsync(cancel);
        return [.. states.Select(States.Read<LedgerEntry>)];
    }

    public async Task Remember(IReadOnlyCollection<AnnounceLookRow> looks, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        foreach (var look in looks)
            await db.Database.ExecuteSqlAsync($"""
                insert into announce_look (retirement, customer, entry_version, retirement_version, again_at, finding_en, finding_zh)
                values ({look.Retirement.ToString()}, {look.Customer.Value}, {look.EntryVersion}, {look.RetirementVersion}, {look.AgainAt.ToUnixTimeMilliseconds()}, {look.FindingEn}, {look.FindingZh})
                on conflict (retirement, customer) do update set entry_version = excluded.entry_version, retirement_version = excluded.retirement_version,
                    again_at = excluded.again_at, finding_en = excluded.finding_en, finding_zh = excluded.finding_zh
                """, cancel);
        await transaction.CommitAsync(cancel);
    }

    /// <summary>Whose notice was held back at the last look, and what was found in it: nothing is written anew to know it. Empty while no notices go out.</summary>
    public async Task<IReadOnlyDictionary<CustomerKey, Text>> HeldBack(Retirement retirement, CancellationToken cancel)
    {
        if (!TellCustomers.Tells(retirement))
            return new Dictionary<CustomerKey, Text>();
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Set<AnnounceLookRow>().AsNoTracking().Where(look => look.Retirement == retirement.Id && look.FindingEn != null)
            .ToDictionaryAsync(look => look.Customer, look => new Text(look.FindingEn!, look.FindingZh!), cancel);
    }

    /// <summary>When time alone can make something due: the customer's next midnight for the ladder, the end of the silence, and <see cref="Longest"/> at the latest.</summary>
    internal static DateTimeOffset AgainAt(LedgerEntry entry, int silenceDays, DateTimeOffset now)
    {
        var zone = Days.Zone(entry.TimeZone);
        var midnight = Days.InstantOf(Days.DayOf(now, zone).AddDays(1), TimeOnly.MinValue, zone);
        var again = now + Longest < midnight ? now + Longest : midnight;
        return Reach.Silence.Since(entry.Reach) + TimeSpan.FromDays(silenceDays) is { } deadline && deadline > now && deadline < again ? deadline : again;
    }
}
