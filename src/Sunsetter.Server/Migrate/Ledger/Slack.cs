using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Migrate;

/// <summary>How many days the plan can lose before somebody's promise or move no longer fits (G5).</summary>
/// <param name="Days">Closing day less the latest day that binds it; negative: it does not fit.</param>
/// <param name="BoundBy">The entry whose earliest permitted day is the latest; null where a forecast binds.</param>
internal sealed record Slack(int Days, DateOnly Binding, LedgerEntry? BoundBy)
{
    public static Slack? Of(Retirement retirement, IReadOnlyList<LedgerEntry> entries, DateOnly? lastForecast)
    {
        if (retirement.Schedule is not { } schedule)
            return null;
        // A customer with a later day of their own does not bind the common one.
        var latest = entries.Where(entry => entry.Earliest is not null && entry.ClosedAt is null && entry.ClosesOn(retirement) <= schedule.ClosesOn).MaxBy(entry => entry.Earliest!.Day);
        if (latest is null && lastForecast is null)
            return null;
        var permitted = latest?.Earliest!.Day;
        return permitted is { } day && !(lastForecast > day)
            ? new Slack(schedule.ClosesOn.DayNumber - day.DayNumber, day, latest)
            : new Slack(schedule.ClosesOn.DayNumber - lastForecast!.Value.DayNumber, lastForecast.Value, null);
    }
}
