using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Gates;

/// <summary>Forgets instances that ended long ago, and changes that no node and no page will ask for. What a restore measured is kept with its change.</summary>
internal sealed class ForgetOldReceipts(IDbContextFactory<SunsetterDb> databases) : IDueStep
{
    /// <summary>Every process of an application leaves a receipt behind: containers that restart leave thousands.</summary>
    public static readonly TimeSpan ReceiptsKept = TimeSpan.FromDays(7);

    /// <summary>A node that slept longer reads everything anew.</summary>
    public static readonly TimeSpan ChangesKept = TimeSpan.FromDays(30);

    public string Name => "gate-receipts/forget";

    public TimeSpan Every => TimeSpan.FromHours(1);

    public async Task Run(DateTimeOffset now, CancellationToken cancel)
    {
        var receipts = (now - ReceiptsKept).ToUnixTimeMilliseconds();
        var changes = (now - ChangesKept).ToUnixTimeMilliseconds();
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.Database.ExecuteSqlAsync($"delete from gate_receipt where seen_at < {receipts}", cancel);
        // Restores are few and stay: their times are shown. The newest change dates the snapshot.
        await db.Database.ExecuteSqlAsync($"""
            delete from gate_change where at < {changes} and restores = 0 and position < (select value from gate_position where name = 'gates')
            """, cancel);
    }
}
