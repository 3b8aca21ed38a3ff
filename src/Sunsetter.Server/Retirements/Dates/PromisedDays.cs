using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Retirements;

/// <summary>Days that were allowed when they were promised and are not any more: a freeze was added, or the holidays of their year were published.</summary>
internal static class PromisedDays
{
    /// <summary>Why the first of them cannot stay; null where all can. The day after an extension was not chosen by the calendar.</summary>
    public static Refusal? Lost(Retirement retirement, IEnumerable<LedgerEntry> entries, ClosingDays days, DateOnly today) => retirement.Schedule is not { } schedule ? null
        : entries.Where(entry => entry.ClosedAt is null && entry.ExtendedUntil is null)
            .GroupBy(entry => entry.ClosesOn(retirement)!.Value, entry => entry.Customer).Select(day => (Day: day.Key, Customers: (IEnumerable<CustomerKey>)day))
            .DefaultIfEmpty((Day: schedule.ClosesOn, Customers: [])).Where(one => one.Day > today).OrderBy(one => one.Day)
            .Select(Refusal? (one) => days.Forbids(one.Day, one.Customers)).FirstOrDefault(refusal => refusal is { Code: not Weekend });

    // No day becomes one after it was promised.
    private const string Weekend = "calendar.weekend";
}
