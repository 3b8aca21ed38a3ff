using Sunsetter.Server.Announce.Telling;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Announce.Reach;

/// <summary>How far every customer of a retirement has been reached. Its page has several parts that ask; within one request it is read once.</summary>
internal sealed class ReachOfAll(FactLog log, NoticeDesks desks, Looks looks, Settings settings, TimeProvider clock)
{
    private (string Id, Task<Result?> Reading)? latest;

    internal sealed record Result(Retirement Retirement, IReadOnlyList<(LedgerEntry Entry, ReachState State)> Customers, NoticeDesk Desk, IReadOnlyDictionary<CustomerKey, Text> Held);

    /// <summary>Null where there is no such retirement.</summary>
    public Task<Result?> Of(string id, CancellationToken cancel)
    {
        if (latest is not { } known || known.Id != id)
            latest = known = (id, Read(id, cancel));
        return known.Reading;
    }

    private async Task<Result?> Read(string id, CancellationToken cancel)
    {
        if (!RetirementId.TryParse(id, null, out var key) || await log.Find(key, cancel) is not { } retirement)
            return null;
        var (desk, days) = (await desks.Open(retirement, cancel), (await settings.Get<ReminderLadder>(cancel)).SilenceDays);
        var (held, now) = (await looks.HeldBack(retirement, cancel), clock.GetUtcNow());
        return new Result(retirement, [.. (await log.Entries(key, cancel)).Select(entry => (entry, ReachState.Of(retirement, entry, desk.Contacts[entry.Customer], days, now, Of(held, entry))))], desk, held);

        static Text? Of(IReadOnlyDictionary<CustomerKey, Text> held, LedgerEntry entry) => held.TryGetValue(entry.Customer, out var finding) ? finding : null;
    }
}
