using System.Collections.Immutable;
using Sunsetter.Gates.Planning;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Retirements;

/// <summary>When rehearsals take place for one customer. Gates, letters, the customer's page and their calendar all ask here, so that what is said is what happens.</summary>
/// <param name="Country">The vendor's: the calendar of a customer whose country is not known.</param>
internal sealed record Rehearsals(BusinessCalendar Calendar, string Country)
{
    /// <summary>As the compiler of gates reads it.</summary>
    public static PlannedBrownout Planned(Brownout brownout, Schedule schedule) =>
        new(brownout.Day.ToDateTime(brownout.At), TimeSpan.FromMinutes(brownout.Minutes), brownout.InCustomersZone ? null : Days.Zone(schedule.Zone)) { OnWorkingDays = brownout.OnWorkingDays };

    /// <summary>Whether a customer of this country works on a day; null where its year is not published.</summary>
    public Func<DateTime, bool?> WorkingDays(string? country)
    {
        var where = country is { Length: 2 } ? country : Country;
        return day => Calendar.Of(where, DateOnly.FromDateTime(day)) is { Known: true } standing ? standing.Works : null;
    }

    /// <summary>The rehearsals of a customer in their own zone, the first one first. One that their gate would not carry out is not among them.</summary>
    /// <param name="entry">Null: what the public is told, in the vendor's zone.</param>
    public ImmutableArray<(DateTimeOffset At, int Minutes)> Of(Retirement retirement, LedgerEntry? entry) => At(retirement.Brownouts, retirement, entry);

    /// <summary>The same of other rehearsals than those that are planned now, such as one that was called off.</summary>
    public ImmutableArray<(DateTimeOffset At, int Minutes)> At(IEnumerable<Brownout> brownouts, Retirement retirement, LedgerEntry? entry)
    {
        if (retirement.Schedule is not { } schedule)
            return [];
        var customer = new CustomerDeviation { Zone = Days.Zone(entry?.TimeZone ?? schedule.Zone), IsWorkingDay = WorkingDays(entry?.Country) };
        var closes = entry?.ClosesAt(retirement) ?? schedule.InstantOf(schedule.ClosesOn);
        return
        [
            .. brownouts.Select(brownout => (At: Planned(brownout, schedule).StartFor(customer), brownout.Minutes))
                .Where(one => one.At >= schedule.WarnFromInstant && one.At < closes)
                .Select(one => (TimeZoneInfo.ConvertTime(one.At!.Value, customer.Zone), one.Minutes)).OrderBy(one => one.Item1),
        ];
    }
}
