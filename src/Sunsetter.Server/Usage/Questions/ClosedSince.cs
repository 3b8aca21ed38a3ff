using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Usage;

/// <summary>Since when a module's gate is closed: the instant from which refused calls are counted.</summary>
internal sealed class ClosedSince(IDbContextFactory<SunsetterDb> databases)
{
    /// <returns>When the first customer of its latest retirement was closed; null where nobody is.</returns>
    public async Task<DateTimeOffset?> Of(ModuleKey module, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var latest = await db.Set<RetirementRow>().Where(row => row.Module == module && row.Stage != Stage.Rejected && row.Stage != Stage.Cancelled && row.Stage != Stage.Deferred)
            .OrderByDescending(row => row.Id).Select(row => (RetirementId?)row.Id).FirstOrDefaultAsync(cancel);
        return latest is { } id ? await db.Set<EntryRow>().Where(row => row.Retirement == id).MinAsync(row => row.ClosedAt, cancel) : null;
    }
}
