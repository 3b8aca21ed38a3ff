using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Retirements;

/// <summary>The imported years, as they are stored: one row for each country and year, replaced whole.</summary>
internal sealed class Calendars(IDbContextFactory<SunsetterDb> databases, TimeProvider clock, Settings settings)
{
    public async Task<BusinessCalendar> Read(CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var rows = await db.Set<CalendarYearRow>().AsNoTracking().ToListAsync(cancel);
        return new BusinessCalendar(rows.ToDictionary(row => (row.Country, row.Year), row => row.Days.ToImmutableArray()));
    }

    /// <summary>What guards closing days now: the vendor's calendar, the freezes and what the policy says of unknown years.</summary>
    public async Task<ClosingDays> ClosingDays(CancellationToken cancel) => new(
        await Read(cancel),
        await settings.Get<FreezeWindows>(cancel),
        (await settings.Get<Workspace>(cancel)).Country,
        (await settings.Get<NoticePolicy>(cancel)).UnknownYear);

    /// <summary>What tells on which day a customer has a rehearsal.</summary>
    public async Task<Rehearsals> Rehearsals(CancellationToken cancel) => new(await Read(cancel), (await settings.Get<Workspace>(cancel)).Country);

    public async Task<IReadOnlyList<CalendarYearRow>> Imported(CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Set<CalendarYearRow>().AsNoTracking().OrderBy(row => row.Country).ThenBy(row => row.Year).ToListAsync(cancel);
    }

    /// <summary>Puts whole years in place of what was known of them; years that the file does not hold stay as they are.</summary>
    public async Task Import(IEnumerable<CountryYear> years, string by, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        foreach (var year in years)
        {
            var row = await db.Set<CalendarYearRow>().FirstOrDefaultAsync(row => row.Country == year.Country && row.Year == year.Year, cancel)
                ?? db.Add(new CalendarYearRow { Country = year.Country, Year = year.Year }).Entity;
            (row.Days, row.Source, row.ImportedAt, row.ImportedBy) = ([.. year.Days], year.Source, clock.GetUtcNow(), by);
        }
        await db.SaveChangesAsync(cancel);
    }

    /// <summary>Makes a year unknown again; false where it was.</summary>
    public async Task<bool> Forget(string country, int year, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Set<CalendarYearRow>().Where(row => row.Country == country && row.Year == year).ExecuteDeleteAsync(cancel) > 0;
    }
}

internal sealed class CalendarYearRow
{
    public required string Country { get; init; }
    public required int Year { get; init; }
    public List<SpecialDay> Days { get; set; } = [];
    public string Source { get; set; } = "";
    public DateTimeOffset ImportedAt { get; set; }
    public string ImportedBy { get; set; } = "";
}

/// <summary>Every policy that was ever in force, newest first by number.</summary>
internal sealed class PolicyVersionRow
{
    public int Number { get; set; }
    public required string Document { get; init; }
    public required string Note { get; init; }
    public required DateTimeOffset At { get; init; }
    public required string By { get; init; }
}

internal sealed class DateTables : IStoredTables
{
    public static void Configure(ModelBuilder model)
    {
        model.Entity<CalendarYearRow>(year =>
        {
            year.HasKey(row => new { row.Country, row.Year });
            year.Property(row => row.Days).StoredAsJson();
        });
        model.Entity<PolicyVersionRow>().HasKey(version => version.Number);
    }
}
