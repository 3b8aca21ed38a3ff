using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Usage;

namespace Sunsetter.Server.Observe;

/// <summary>What the sources say about a closed module: who knocked, who was let in all the same, whether silence can be believed, whether the exit rule holds.</summary>
internal sealed class Watch(UsageQuestions usage, CatalogueNames names)
{
    private const int NamedUsers = 5;

    /// <param name="Refused">Refused calls since the first customer was closed.</param>
    /// <param name="Covered">Whether sources still report.</param>
    /// <param name="Coverage">Of the days since the first closing; null before it.</param>
    internal sealed record Seen(RefusedCalls Refused, bool Covered, IReadOnlyList<ExitRule.Line> Exit, Coverage? Coverage = null)
    {
        /// <summary>Who knocks and has no entry in the ledger: nobody knew that they use it.</summary>
        public IReadOnlyList<RefusedCustomer> Strangers { get; init; } = [];

        /// <summary>Who uses it although it is closed for them.</summary>
        public IReadOnlyList<StillUsing> StillUsing { get; init; } = [];

        /// <summary>Which sources reported on the module on those days; a day of use does not say whose report it was.</summary>
        public IReadOnlyList<string> UseReportedBy { get; init; } = [];
    }

    public async Task<Seen> Look(Retirement retirement, IReadOnlyList<LedgerEntry> entries, DateTimeOffset now, CancellationToken cancel)
    {
        if (FirstClosed(retirement, entries) is not { } since)
            return new Seen(new RefusedCalls(0, [], []), false, ExitRule.Of(retirement, entries, null, [], false, now));

        var all = await usage.Refused(retirement.Module, since, NamedUsers, cancel);
        var refused = Since(all, entries);
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var reporting = await Reporting(retirement, today, cancel);
        var coverage = await usage.Coverage(reporting, today.AddDays(-ExitRule.QuietDays), today, cancel);
        var last = refused.Customers.Count == 0 ? (DateOnly?)null : Days.DayOf(refused.Customers.Max(customer => customer.Last), Days.Zone(retirement.Schedule?.Zone));
        var covered = coverage.Sufficient || refused.Customers.Count > 0 && refused.Customers.Max(customer => customer.Last) > now.AddDays(-ExitRule.QuietDays);
        var closed = DateOnly.FromDateTime(since.UtcDateTime) is var day && day < today ? day : today;
        var still = await StillUsing(retirement, entries, closed, today, cancel);
        return new Seen(refused, covered, ExitRule.Of(retirement, entries, last, still, covered, now), await usage.Coverage(reporting, closed, today, cancel))
        {
            Strangers = Strangers(all, retirement, entries),
            StillUsing = still,
            UseReportedBy = still.Count == 0 ? [] : [.. (await usage.Coverage(retirement.Module, closed, today, cancel)).Sources.Where(source => source.Last >= still.Min(one => one.Since)).Select(source => source.Source)],
        };
    }

    private async Task<IReadOnlyList<StillUsing>> StillUsing(Retirement retirement, IReadOnlyList<LedgerEntry> entries, DateOnly from, DateOnly until, CancellationToken cancel)
    {
        var still = UseAfterClosing.Of(retirement, entries, from, await usage.DaysOfUse(retirement.Module, from, until, cancel));
        var known = entries.Select(entry => entry.Customer).ToHashSet();
        return [.. await Task.WhenAll(still.Select(async one => known.Contains(one.Customer) ? one : one with { Name = await names.Of(one.Customer, cancel) }))];
    }

    // Where nobody was affected, the module closed on the common day all the same.
    private static DateTimeOffset? FirstClosed(Retirement retirement, IReadOnlyList<LedgerEntry> entries) =>
        entries.Count == 0 && retirement is { Stage: Stage.Observe, Schedule: { } schedule } ? schedule.InstantOf(schedule.ClosesOn) : entries.Min(entry => entry.ClosedAt);

    // For whoever has no entry the module closed on the common day; before it, a refusal was a brownout.
    private static IReadOnlyList<RefusedCustomer> Strangers(RefusedCalls all, Retirement retirement, IReadOnlyList<LedgerEntry> entries)
    {
        if (retirement.Schedule is not { } schedule)
            return [];

        var (known, closed) = (entries.Select(entry => entry.Customer).ToHashSet(), schedule.InstantOf(schedule.ClosesOn));
        return [.. all.Customers.Where(customer => !known.Contains(customer.Customer) && customer.Last.AddHours(1) > closed)];
    }

    /// <summary>
    /// The module whose sources would report a refused call: those that counted calls to the old one, whatever they report now. Where none ever did, or all have ended
    /// for good, those of the replacement.
    /// </summary>
    private async Task<ModuleKey> Reporting(Retirement retirement, DateOnly today, CancellationToken cancel) =>
        retirement.Replacement is { } replacement && (await usage.Coverage(retirement.Module, today, today, cancel)).Sources.All(source => source.Ended is not null)
            ? replacement : retirement.Module;

    // Each customer counts from their own closing: before it, a refusal was a brownout.
    private static RefusedCalls Since(RefusedCalls all, IReadOnlyList<LedgerEntry> entries)
    {
        var closed = entries.Where(entry => entry.ClosedAt is not null).ToDictionary(entry => entry.Customer, entry => entry.ClosedAt!.Value);
        var mine = all.Customers.Where(customer => closed.TryGetValue(customer.Customer, out var at) && customer.Last.AddHours(1) > at).ToList();
        return new RefusedCalls(mine.Sum(customer => customer.Calls), all.Hours, mine);
    }
}
