using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Retirements;

/// <summary>The retirements whose customers are not written to for the time being.</summary>
internal sealed class HeldNotices(ReadableRetirements retirements)
{
    public async Task<IReadOnlyList<RetirementId>> Of(SunsetterDb db, CancellationToken cancel)
    {
        var rows = await db.Set<RetirementRow>().AsNoTracking().Where(row => row.Stage == Stage.Announce || row.Stage == Stage.Migrate || row.Stage == Stage.Close).ToListAsync(cancel);
        // Of one that cannot be read nobody knows whether it holds them: what waits goes on waiting.
        var readable = retirements.Of(rows).ToDictionary(retirement => retirement.Id);
        return [.. rows.Select(row => row.Id).Where(id => !readable.TryGetValue(id, out var retirement) || retirement.HoldsNotices)];
    }
}
