using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Decide;

/// <summary>Opens an entry for each customer who has become affected since the ledger was opened: whoever uses the module must be told.</summary>
internal sealed class OpenNewcomers(FactLog log, AffectedCustomers affected) : IDueStep
{
    public string Name => "decide/newcomers";

    public TimeSpan Every => TimeSpan.FromMinutes(5);

    public async Task Run(DateTimeOffset now, CancellationToken cancel)
    {
        foreach (var retirement in await log.All(cancel))
        {
            if (retirement.Stage is not (Stage.Announce or Stage.Migrate or Stage.Close))
                continue;
            var customers = await affected.Of(retirement, now, cancel);
            await log.Change(retirement.Id, Actor.Clock.Id, (_, entries) =>
            {
                var known = entries.Select(entry => entry.Customer).ToHashSet();
                return ApproveDecision.OpenLedger(customers.Where(customer => !known.Contains(customer.Key)));
            }, cancel);
        }
    }
}
