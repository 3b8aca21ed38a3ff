using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Gates;

/// <summary>
/// What gates need of the catalogue, the workspace and the business calendars, as it was when the position was last raised for it. A copy, so that one
/// position has one content on every node, whenever it is read.
/// </summary>
/// <param name="Pages">Where a module is explained, for those that have such a page: the address that notices give for a replacement.</param>
/// <param name="Country">The vendor's: the calendar of a customer whose country is not known.</param>
/// <param name="Calendars">By country and year, such as <c>CN 2027</c>: the days that differ from their weekday.</param>
internal sealed record GateBasis(
    ImmutableSortedDictionary<string, Text> Modules, ImmutableSortedDictionary<string, string> Pages, Text Vendor, string SupportEmail, string PublicUrl, string Country, ImmutableSortedDictionary<string, ImmutableArray<SpecialDay>> Calendars)
{
    public static readonly GateBasis Empty = new(ImmutableSortedDictionary<string, Text>.Empty, ImmutableSortedDictionary<string, string>.Empty, Text.Same(""), "", "", "", ImmutableSortedDictionary<string, ImmutableArray<SpecialDay>>.Empty);

    private BusinessCalendar? calendar;

    public string Json() => JsonSerializer.Serialize(this, Platform.Json.Stored);

    public static GateBasis Read(string json)
    {
        var read = JsonSerializer.Deserialize<GateBasis>(json, Platform.Json.Stored)!;
        // As earlier versions stored it: copied anew within seconds.
        return read with { Pages = read.Pages ?? Empty.Pages, Country = read.Country ?? "", Calendars = read.Calendars ?? Empty.Calendars };
    }

    /// <summary>Whether a customer of this country works on a day; null where its year is not published.</summary>
    public Func<DateTime, bool?> WorkingDays(string? country)
    {
        var known = calendar ??= new BusinessCalendar(Calendars.ToDictionary(year => (year.Key[..2], int.Parse(year.Key.AsSpan(3), CultureInfo.InvariantCulture)), year => year.Value));
        return new Rehearsals(known, Country).WorkingDays(country);
    }
}

/// <summary>Copies the catalogue when it has changed. Level-triggered: whoever changed it need not tell.</summary>
internal sealed class KeepGateBasis(IDbContextFactory<SunsetterDb> databases, Settings settings, Calendars calendars) : IDueStep
{
    /// <summary>Raised after a copy: gates have a new position.</summary>
    public event Action? Copied;

    public string Name => "gate-basis";

    public TimeSpan Every => TimeSpan.FromSeconds(3);

    public async Task Run(DateTimeOffset now, CancellationToken cancel)
    {
        var workspace = await settings.Get<Workspace>(cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var names = await db.Set<Module>().AsNoTracking().Select(module => new { module.Key, module.NameEn, module.NameZh, module.DocumentationUrl }).ToListAsync(cancel);
        var basis = new GateBasis(
            names.ToImmutableSortedDictionary(module => module.Key.Value, module => new Text(module.NameEn, module.NameZh.Length > 0 ? module.NameZh : module.NameEn), StringComparer.Ordinal),
            names.Where(module => ModuleProjection.IsPage(module.DocumentationUrl)).ToImmutableSortedDictionary(module => module.Key.Value, module => module.DocumentationUrl, StringComparer.Ordinal),
            workspace.Vendor, workspace.SupportEmail, workspace.PublicUrl, workspace.Country, await Years(now.Year, cancel)).Json();
        if (basis == await Stored(db, cancel))
            return;

        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await db.Database.ExecuteSqlAsync($"insert into gate_basis (id, json) values (1, {basis}) on conflict (id) do update set json = excluded.json", cancel);
        await GatePosition.Raise(db, null, [], restores: false, now, cancel);
        await transaction.CommitAsync(cancel);
        Copied?.Invoke();
    }

    /// <summary>Only the years in which something may still be planned, and without the names of the days: gates ask who works.</summary>
    private async Task<ImmutableSortedDictionary<string, ImmutableArray<SpecialDay>>> Years(int year, CancellationToken cancel) =>
        (await calendars.Imported(cancel)).Where(one => one.Year >= year && one.Country.Length == 2).ToImmutableSortedDictionary(
            one => string.Create(CultureInfo.InvariantCulture, $"{one.Country} {one.Year}"), one => one.Days.Select(day => day with { Name = "" }).ToImmutableArray(), StringComparer.Ordinal);

    public static async Task<string?> Stored(SunsetterDb db, CancellationToken cancel) =>
        await db.Database.SqlQuery<string>($"select json as \"Value\" from gate_basis where id = 1").SingleOrDefaultAsync(cancel);
}
