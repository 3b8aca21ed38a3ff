using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Observe;

/// <summary>
/// Makes one case of each closed customer who still calls, and one finding of all use that no gate stopped. Repeats safely: a case is opened once, and again only for later calls; a
/// finding is not raised beside one that waits.
/// </summary>
internal sealed class GatherRefusedCalls(FactLog log, Watch watch) : IDueStep
{
    public string Name => "observe/gather-refused-calls";

    public TimeSpan Every => TimeSpan.FromSeconds(10);

    public async Task Run(DateTimeOffset now, CancellationToken cancel)
    {
        await Attempts.Each((await log.All(cancel)).Where(retirement => retirement.Stage is Stage.Close or Stage.Observe), async retirement =>
        {
            var entries = await log.Entries(retirement.Id, cancel);
            var seen = await watch.Look(retirement, entries, now, cancel);
            if (UseAfterClosing.Find(retirement, seen.StillUsing, seen.UseReportedBy) is { } used)
                await log.Change(retirement.Id, Actor.Clock.Id, used.Decide, cancel);
            foreach (var customer in seen.Refused.Customers)
            {
                var command = new OpenCase(customer.Calls, customer.UserCount, customer.Last);
                // Most ticks have nothing new: ask the rule before opening a transaction for it.
                if (entries.FirstOrDefault(entry => entry.Customer == customer.Customer) is { } entry && command.Decide(retirement, entry).Facts.Count > 0)
                    await log.Change(retirement.Id, customer.Customer, Actor.Clock.Id, command.Decide, cancel);
            }
        });
    }
}
