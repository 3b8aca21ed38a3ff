using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Console;

/// <summary>The small numbers beside the navigation.</summary>
internal sealed class NavigationCounts(IDbContextFactory<SunsetterDb> databases)
{
    private static readonly Stage[] Over = [Stage.Finished, Stage.Rejected, Stage.Cancelled];

    internal sealed record Result(int Modules, int Retirements, int Customers);

    public async Task<Result> Read(CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return new Result(
            await db.Set<Module>().CountAsync(cancel),
            await db.Set<RetirementRow>().CountAsync(row => !Over.Contains(row.Stage), cancel),
            await db.Set<Customer>().CountAsync(cancel));
    }
}
