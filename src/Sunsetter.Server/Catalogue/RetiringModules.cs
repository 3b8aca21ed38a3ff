using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Catalogue;

/// <summary>Modules that go or have gone: they take nobody's place any more.</summary>
internal static class RetiringModules
{
    private static readonly Stage[] Staying = [Stage.Rejected, Stage.Deferred, Stage.Cancelled];

    public static async Task<IReadOnlySet<ModuleKey>> Of(SunsetterDb db, CancellationToken cancel) =>
        (await db.Set<RetirementRow>().Where(row => !Staying.Contains(row.Stage)).Select(row => row.Module).ToListAsync(cancel)).ToHashSet();
}
