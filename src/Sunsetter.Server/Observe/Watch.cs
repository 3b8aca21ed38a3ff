using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Usage;

namespace Sunsetter.Server.Observe;

/// <summary>What the sources say about a closed module: who knocked, whether silence can be believed, whether the exit rule holds.</summary>
internal sealed class Watch(UsageQuestions usage)
{
    private const int NamedUsers = 5;

    /// <param name="Refused">Refused calls since the first customer was closed.</param>
    /// <param name="Covered">Whether sources still report.</param>
    /// <param name="Coverage">Of the days since the first closing; null before it.</param>
    internal sealed record Seen(RefusedCalls Refused, bool Covered, IReadOnlyList<ExitRule.Line> Exit, Coverage? Coverage = null)
    {
        /// <summary>Who knocks and has no entry in the ledger: nobody knew that they use it.</summary>
        public IReadOnlyList<RefusedCustomer> Strangers { get; init; } = [];
    }

    public async Task<Seen> Look(Retirement retirement, IReadOnlyList<LedgerEntry> entries, DateTimeOffset now, CancellationToken cancel)
    {
        if (FirstClosed(retirement, entries) is not { } since)
            return new Seen(new RefusedCalls(0, [], []), false, ExitRule.Of(retirement, entries, null, false, now));

        var all = await usage.Refused(retirement.Module, since, NamedUsers, cancel);
        var refused = Since(all, entries);
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var reporting = await Reporting(retirement, today, cancel);
        var coverage = await usage.Coverage(reporting, today.AddDays(-ExitRule.QuietDays), today, cancel);
        var last = refused.Customers.Count == 0 ? (DateOnly?)null : Days.DayOf(refused.Customers.Max(customer => customer.Last), Days.Zone(retirement.Schedule?.Zone));
        var covered = coverage.Sufficient || refused.Customers.Count > 0 && refused.Customers.Max(customer => customer.Last) > now.AddDays(-ExitRule.QuietDays);
        var closed = DateOnly.FromDateTime(since.UtcDateTime);
        return new Seen(refused, covered, ExitRule.Of(retirement, entries, last, covered, now), await usage.Coverage(reporting, closed < today ? closed : today, today, cancel)) { Strangers = Strangers(all, retirement, entries) };
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
