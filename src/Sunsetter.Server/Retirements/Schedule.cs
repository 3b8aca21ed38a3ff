using System.Collections.Immutable;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Retirements;

/// <summary>When a module closes: a wall-clock time in the vendor's zone, so that it is one instant everywhere; waves may have days of their own.</summary>
/// <param name="ClosesOn">The closing day of every customer that is in no wave.</param>
/// <param name="At">Time of day in <paramref name="Zone"/>.</param>
/// <param name="Zone">IANA name.</param>
/// <param name="WarnFrom">From this day on applications warn.</param>
/// <param name="ObservationDays">Length of the observation window after closing (O1): 7 to 14 by default.</param>
internal sealed record Schedule(DateOnly ClosesOn, TimeOnly At, string Zone, DateOnly WarnFrom, int ObservationDays)
{
    /// <summary>Closing day by the name of the wave.</summary>
    public ImmutableSortedDictionary<string, DateOnly> Waves { get; init; } = ImmutableSortedDictionary<string, DateOnly>.Empty;

    public DateOnly DayOf(string? wave) => wave is not null && Waves.TryGetValue(wave, out var day) ? day : ClosesOn;

    /// <summary>The closing day of a customer: the wave's or the common one, or the day after an extension.</summary>
    public DateOnly DayFor(string? wave, DateOnly? extendedUntil)
    {
        var planned = DayOf(wave);
        return extendedUntil is { } until && until >= planned ? until.AddDays(1) : planned;
    }

    public DateTimeOffset InstantOf(DateOnly day) => Days.InstantOf(day, At, Days.Zone(Zone));

    public DateTimeOffset WarnFromInstant => Days.InstantOf(WarnFrom, TimeOnly.MinValue, Days.Zone(Zone));
}

/// <summary>A short announced outage before closing (C1).</summary>
/// <param name="InCustomersZone">True: <paramref name="Day"/> and <paramref name="At"/> are read in each customer's own zone; false: in the vendor's.</param>
internal sealed record Brownout(DateOnly Day, TimeOnly At, int Minutes, bool InCustomersZone)
{
    /// <summary>For a customer who does not work on <see cref="Day"/>, by the calendar of their country, it waits for the next day on which they do.</summary>
    public bool OnWorkingDays { get; init; }
}

/// <summary>A share of each customer's users that closes ahead of the customer's closing (C1); which users is the same everywhere and for ever.</summary>
/// <param name="HoursBefore">How long before the customer's own closing.</param>
/// <param name="Percent">1 to 99.</param>
internal sealed record GradualShare(int HoursBefore, int Percent);
