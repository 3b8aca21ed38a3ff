using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Usage;

namespace Sunsetter.Server.Observe;

/// <summary>What the sources say about a closed module: who knocked, whether silence can be believed, whether the exit rule holds.</summary>
internal sealed class Watch(UsageQuestions usage)
{
    /// <param name="Refused">Refused calls since the first customer was closed.</param>
    /// <param name="Covered">Whether sources still report.</param>
    internal sealed record Seen(RefusedCalls Refused, bool Covered, IReadOnlyList<ExitRule.Line> Exit);

    public async Task<Seen> Look(Retirement retirement, IReadOnlyList<LedgerEntry> entries, DateTimeOffset now, CancellationToken cancel)
    {
        if (entries.Min(entry => entry.ClosedAt) is not { } since)
            return new Seen(new RefusedCalls(0, [], []), false, ExitRule.Of(retirement, entries, null, false, now));

        var refused = Since(await usage.Refused(retirement.Module, since, cancel), entries);
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        // Nobody reports on a module that nobody can use: those who report on its replacement are the ones who would.
        var coverage = await usage.Coverage(retirement.Replacement ?? retirement.Module, today.AddDays(-ExitRule.QuietDays), today, cancel);
        var last = refused.Customers.Count == 0 ? (DateOnly?)null : Days.DayOf(refused.Customers.Max(customer => customer.Last), Days.Zone(retirement.Schedule?.Zone));
        var covered = coverage.Sufficient || refused.Customers.Count > 0 && refused.Customers.Max(customer => customer.Last) > now.AddDays(-ExitRule.QuietDays);
        return new Seen(refused, covered, ExitRule.Of(retirement, entries, last, covered, now));
    }

    // Each customer counts from their own closing: before it, a refusal was a brownout.
    private static RefusedCalls Since(RefusedCalls all, IReadOnlyList<LedgerEntry> entries)
    {
        var closed = entries.Where(entry => entry.ClosedAt is not null).ToDictionary(entry => entry.Customer, entry => entry.ClosedAt!.Value);
        var mine = all.Customers.Where(customer => closed.TryGetValue(customer.Customer, out var at) && customer.Last.AddHours(1) > at).ToList();
        return new RefusedCalls(mine.Sum(customer => customer.Calls), all.Hours, mine);
    }
}
