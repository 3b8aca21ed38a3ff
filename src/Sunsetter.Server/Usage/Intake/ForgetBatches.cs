using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Usage;

/// <summary>Forgets the keys of batches that nobody will send again. Those of files are kept: a file may be imported again after years.</summary>
internal sealed class ForgetBatches(IDbContextFactory<SunsetterDb> databases) : IDueStep
{
    /// <summary>A batch sent again later than this would count twice.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    public string Name => "usage/forget-batches";

    public TimeSpan Every => TimeSpan.FromHours(1);

    public async Task Run(DateTimeOffset now, CancellationToken cancel)
    {
        var before = (now - Kept).ToUnixTimeMilliseconds();
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.Database.ExecuteSqlAsync($"delete from usage_batch where received_at < {before} and key like 'edge/%'", cancel);
    }
}
