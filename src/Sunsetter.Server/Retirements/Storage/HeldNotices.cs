using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Retirements;

/// <summary>The retirements whose customers are not written to for the time being.</summary>
internal static class HeldNotices
{
    public static async Task<IReadOnlyList<RetirementId>> Of(SunsetterDb db, CancellationToken cancel)
    {
        var states = await db.Set<RetirementRow>().Where(row => row.Stage == Stage.Announce || row.Stage == Stage.Migrate || row.Stage == Stage.Close).Select(row => row.State).ToListAsync(cancel);
        return [.. states.Select(States.Read<Retirement>).Where(retirement => retirement.HoldsNotices).Select(retirement => retirement.Id)];
    }
}
