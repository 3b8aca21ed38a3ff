using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Console;

/// <summary>Of those who were written to in the last thirty days, whatever about: how many letters arrived, were read and acknowledged. Counted anew once a minute at most.</summary>
internal sealed class ReachThisMonth(IDbContextFactory<SunsetterDb> databases)
{
    public const int Days = 30;

    // Read and replaced as a whole, by many at once.
    private volatile Kept? kept;

    /// <param name="Told">Customers who were owed a letter, counted once for each retirement.</param>
    /// <param name="Bounced">Those to whom nothing got through.</param>
    internal sealed record Result(int Told, int Delivered, int Read, int Acknowledged, int Bounced);

    public async Task<Result> Of(DateTimeOffset now, CancellationToken cancel)
    {
        if (kept is { } known && now >= known.At && now - known.At < TimeSpan.FromMinutes(1))
            return known.Result;
        var since = now.AddDays(-Days).ToUnixTimeMilliseconds();
        await using var db = await databases.CreateDbContextAsync(cancel);
        var result = await db.Database.SqlQuery<Result>($"""
            select cast(coalesce(sum(told), 0) as integer) as "Told", cast(coalesce(sum(sent), 0) as integer) as "Delivered", cast(coalesce(sum(seen), 0) as integer) as "Read",
                cast(coalesce(sum(knows), 0) as integer) as "Acknowledged", cast(coalesce(sum(case when bounced > sent then 1 else 0 end), 0) as integer) as "Bounced"
            from (select max(case when kind = 'notice.issued' then 1 else 0 end) as told, max(case when kind = 'notice.sent' then 1 else 0 end) as sent,
                    max(case when kind in ('notice.read', 'notice.acknowledged') then 1 else 0 end) as seen, max(case when kind = 'notice.acknowledged' then 1 else 0 end) as knows,
                    max(case when kind = 'notice.bounced' then 1 else 0 end) as bounced
                from fact where retirement in (select id from retirement where stage not in ('Decide', 'Rejected', 'Finished')) and at >= {since} and kind in ('notice.issued', 'notice.sent', 'notice.read', 'notice.acknowledged', 'notice.bounced') group by retirement, customer) one
            where told = 1
            """).SingleAsync(cancel);
        kept = new Kept(now, result);
        return result;
    }

    private sealed record Kept(DateTimeOffset At, Result Result);
}
