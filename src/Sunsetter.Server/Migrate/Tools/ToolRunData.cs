using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Migrate;

/// <summary>What migration tools said, as data that can be destroyed. That they ran, and how they ended, stays with the facts.</summary>
internal sealed class ToolRunData : IKeptData
{
    public DataKind Kind => DataKind.MigrationRuns;

    public async Task<Destroyed> Destroy(SunsetterDb db, Retirement retirement, IReadOnlyCollection<CustomerKey> customers, CancellationToken cancel)
    {
        var names = customers.Select(customer => customer.Value).ToList();
        var spoken = db.Set<ToolRunRow>().Where(run => run.Retirement == retirement.Id && names.Contains(run.Customer) && run.State == ToolRunState.Ended && (run.Output != "" || run.Message != ""));
        var destroyed = Destroyed.Of((await spoken.AsNoTracking().OrderBy(run => run.Id).ToListAsync(cancel)).Select(run => $"{run.Id:N}\n{run.Message}\n{run.Output}\n"));
        await spoken.ExecuteUpdateAsync(set => set.SetProperty(run => run.Output, "").SetProperty(run => run.Message, ""), cancel);
        return destroyed;
    }
}
