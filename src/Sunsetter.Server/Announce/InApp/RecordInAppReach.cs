using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Announce.InApp;

/// <summary>
/// Carries into the ledger what people saw inside the application: the first one at once, later ones at most once an hour, so that ten thousand
/// people make a handful of facts and not ten thousand.
/// </summary>
internal sealed class RecordInAppReach(FactLog log, IDbContextFactory<SunsetterDb> databases) : IDueStep
{
    private static readonly TimeSpan Quiet = TimeSpan.FromHours(1);

    public string Name => "record-in-app-reach";

    public TimeSpan Every => TimeSpan.FromSeconds(15);

    public async Task Run(DateTimeOffset now, CancellationToken cancel)
    {
        await Attempts.Each((await Counted(cancel)).GroupBy(count => (count.Retirement, count.Customer)), async customer =>
        {
            if (!RetirementId.TryParse(customer.Key.Retirement, null, out var retirement) || await log.Find(retirement, cancel) is null or { Ended: true })
                return;
            await log.Change(retirement, new CustomerKey(customer.Key.Customer), Actor.Clock.Id, (_, entry) =>
                customer.Select(count => New(entry, count, now)).OfType<NoticeSeenInApp>().Aggregate(Decision.Nothing, (all, fact) => all.And(Decision.Of(entry.Customer, fact))), cancel);
        });
    }

    private static NoticeSeenInApp? New(LedgerEntry entry, Count count, DateTimeOffset now)
    {
        var known = entry.Reach.InApp.FirstOrDefault(one => one.Edition == count.Edition);
        return known is not null && ((known.Seen, known.Dismissed, known.Acknowledged) == (count.Seen, count.Dismissed, count.Acknowledged) || now - known.At < Quiet)
            ? null : new NoticeSeenInApp(count.Edition, count.Seen, count.Dismissed, count.Acknowledged);
    }

    private async Task<List<Count>> Counted(CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Database.SqlQuery<Count>($"""
            select retirement, customer, edition, cast(count(*) as integer) as seen, cast(count(dismissed_at) as integer) as dismissed, cast(count(acknowledged_at) as integer) as acknowledged
            from in_app_view group by retirement, customer, edition order by retirement, customer, edition
            """).ToListAsync(cancel);
    }

    private sealed record Count(string Retirement, string Customer, int Edition, int Seen, int Dismissed, int Acknowledged);
}
