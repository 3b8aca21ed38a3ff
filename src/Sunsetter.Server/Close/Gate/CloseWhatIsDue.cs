using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Close;

/// <summary>What the clock does to a confirmed closing: restores end, customers close, and when the last is closed the observation begins.</summary>
internal static class CloseWhatIsDue
{
    /// <summary>As many customers as one transaction takes; the rest follow at once in the next.</summary>
    public const int Batch = 500;

    public static Decision Decide(Retirement retirement, IReadOnlyList<LedgerEntry> entries, DateTimeOffset now)
    {
        if (retirement.Ended)
            return Decision.Nothing;
        var decision = EndOfRestore(retirement, now);
        foreach (var entry in entries.Where(entry => Due(retirement, entry, now)).Take(Batch))
            decision = decision.And(Close(retirement, entry, now));
        return decision.Facts.Count > 0 ? decision : Observation(retirement, entries, now);
    }

    /// <summary>The next instant at which something becomes due; null where nothing will without a change.</summary>
    public static DateTimeOffset? Next(Retirement retirement, IReadOnlyList<LedgerEntry> entries, DateTimeOffset now)
    {
        if (retirement.Ended)
            return null;
        var instants = entries.Where(entry => entry.ClosedAt is null).Select(entry => ClosingTime.Of(retirement, entry))
            .Concat(entries.Select(entry => entry.Restore?.Until)).Append(retirement.Restore?.Until);
        if (retirement is { Stage: Stage.Close, ClosingConfirmed: true, Restore: null } && entries.All(entry => entry is { ClosedAt: not null, Restore: null }))
            instants = instants.Append(entries.Count > 0 ? now : retirement.GoHolds ? retirement.Schedule?.InstantOf(retirement.Schedule.ClosesOn) : null);
        return instants.Min();
    }

    private static bool Due(Retirement retirement, LedgerEntry entry, DateTimeOffset now) =>
        entry.Restore?.Until <= now || entry.ClosedAt is null && ClosingTime.Of(retirement, entry) <= now;

    private static Decision EndOfRestore(Retirement retirement, DateTimeOffset now) =>
        retirement.Restore?.Until <= now ? new ModuleRestoreEnded("Its time is over · 到期自动结束") : Decision.Nothing;

    private static Decision Close(Retirement retirement, LedgerEntry entry, DateTimeOffset now)
    {
        var decision = entry.Restore?.Until <= now ? Decision.Of(entry.Customer, new CustomerRestoreEnded("Its time is over · 到期自动结束")) : Decision.Nothing;
        return entry.ClosedAt is null && ClosingTime.Of(retirement, entry) is { } instant && instant <= now
            ? decision.And(Decision.Of(entry.Customer, new CustomerClosed(instant)))
            : decision;
    }

    private static Decision Observation(Retirement retirement, IReadOnlyList<LedgerEntry> entries, DateTimeOffset now)
    {
        if (retirement is not { Stage: Stage.Close, ClosingConfirmed: true, Restore: null, Schedule: { } schedule } || entries.Any(entry => entry.ClosedAt is null || entry.Restore is not null) || entries.Count == 0 && !retirement.GoHolds)
            return Decision.Nothing;
        var last = entries.Select(entry => entry.ClosedAt!.Value).DefaultIfEmpty(schedule.InstantOf(schedule.ClosesOn)).Max();
        return last <= now ? new ObservationStarted(Days.DayOf(last, Days.Zone(schedule.Zone)).AddDays(schedule.ObservationDays)) : Decision.Nothing;
    }
}
