using Microsoft.EntityFrameworkCore;
using Sunsetter.Server.Migrate;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Demo;

/// <summary>
/// A migration tool that was run for some customers: tried for all of them, moved for most, failed for one. Nothing is called: its address is invented, and
/// every run has ended.
/// </summary>
internal sealed class DemoTool(DemoPast past, DemoWorld world)
{
    private const int Customers = 14;
    private const int Rooms = 37;

    private static readonly MigrationTool Mover = new("RoomMover", MigrationToolKind.WebCall, "https://mover.magpie.example/rooms", 1_800);

    private readonly FactLog log = past.Get<FactLog>();

    public async Task Run(RetirementId id, CancellationToken cancel)
    {
        past.At(world.Today.AddDays(-24), 10);
        var tool = Mover with { Id = Guid.CreateVersion7(past.Now) };
        await log.Change(id, DemoPeople.WangJun, _ => new MigrationToolAttached(tool), cancel);
        var chosen = (await log.Entries(id, cancel)).Where(entry => entry.Customer.Value != DemoCustomers.Left).Take(Customers).Select(entry => entry.Customer).ToList();
        past.At(world.Today.AddDays(-23), 11);
        await Each(id, tool, chosen, dryRun: true, cancel);
        past.At(world.Today.AddDays(-20), 21);
        await Each(id, tool, chosen[..^3], dryRun: false, cancel);
    }

    private async Task Each(RetirementId id, MigrationTool tool, List<CustomerKey> customers, bool dryRun, CancellationToken cancel)
    {
        var runs = customers.ToDictionary(customer => customer, _ => Guid.CreateVersion7(past.Now));
        var failing = dryRun ? (CustomerKey?)null : customers[^1];
        await log.Change(id, DemoPeople.WangJun, (_, _) => Decision.All(runs.Select(run =>
            ((CustomerKey?)run.Key, (Fact)new MigrationRunRequested(run.Value, dryRun, 1, $"{id}.{run.Key}.{(dryRun ? "dry" : "real")}") { Tool = tool.Id }))), cancel);
        await past.Get<ToolRuns>().Discover(cancel);
        past.At(past.Now.AddMinutes(20));
        await using var db = await past.Get<IDbContextFactory<SunsetterDb>>().CreateDbContextAsync(cancel);
        foreach (var row in await db.Set<ToolRunRow>().Where(row => row.Retirement == id && row.State != ToolRunState.Ended).ToListAsync(cancel))
        {
            var succeeded = new CustomerKey(row.Customer) != failing;
            (row.State, row.Attempts, row.Succeeded, row.Done, row.Total) = (ToolRunState.Ended, succeeded ? 1 : ToolRun.MostAttempts, succeeded, succeeded ? Rooms : 12, Rooms);
            (row.EndedAt, row.RecordedAt, row.Message) = (past.Now, past.Now, Said(dryRun, succeeded));
            row.Output = $"{Rooms} rooms found / 找到 {Rooms} 个群聊\n{row.Message}\n";
        }
        await db.SaveChangesAsync(cancel);
        await log.Change(id, Actor.Clock.Id, (_, _) => Decision.All(runs.Select(run =>
            ((CustomerKey?)run.Key, (Fact)new MigrationRunFinished(run.Value, run.Key != failing, run.Key != failing ? Rooms : 12, Rooms, Said(dryRun, run.Key != failing))))), cancel);
    }

    private static string Said(bool dryRun, bool succeeded) =>
        !succeeded ? "room 13: two members are not in the directory of the new space / 群聊 13：两名成员不在新空间的通讯录中"
        : dryRun ? $"{Rooms} rooms can be moved / {Rooms} 个群聊可以迁移" : $"{Rooms} rooms moved, messages compared / {Rooms} 个群聊已迁移，消息已核对";
}
