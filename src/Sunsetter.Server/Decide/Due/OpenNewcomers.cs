using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Decide;

/// <summary>
/// Opens an entry for each customer who has become affected since the ledger was opened: whoever uses the module must be told. And takes over who looks after
/// the others now: a customer is not left with somebody who has gone.
/// </summary>
internal sealed class OpenNewcomers(FactLog log, Evidence evidence) : IDueStep
{
    public string Name => "decide/newcomers";

    public TimeSpan Every => TimeSpan.FromMinutes(5);

    public async Task Run(DateTimeOffset now, CancellationToken cancel)
    {
        var seen = await evidence.SeeAll(cancel);
        var open = (await log.All(cancel)).Where(retirement => retirement.Stage is Stage.Announce or Stage.Migrate or Stage.Close);
        await Attempts.Each(open, async retirement =>
        {
            var customers = AffectedCustomers.Of(retirement, seen);
            Decision Due(IReadOnlyList<LedgerEntry> entries)
            {
                var known = entries.Select(entry => entry.Customer).ToHashSet();
                return ApproveDecision.OpenLedger(customers.Where(customer => !known.Contains(customer.Key))).And(Managers(entries, customers));
            }
            if (Due(await log.Entries(retirement.Id, cancel)).Facts.Count > 0)
                await log.Change(retirement.Id, Actor.Clock.Id, (_, entries) => Due(entries), cancel);
        });
    }

    private static Decision Managers(IReadOnlyList<LedgerEntry> entries, IReadOnlyList<AffectedCustomer> customers)
    {
        // A customer whom the catalogue does not know has no manager in it either.
        var now = customers.Where(customer => customer.Opening.Tier != Usage.UsageQuestions.UnknownTier).ToDictionary(customer => customer.Key, customer => customer.Opening.AccountManager);
        return Decision.All(entries.Where(entry => now.TryGetValue(entry.Customer, out var manager) && manager != entry.AccountManager)
            .Select(entry => ((CustomerKey?)entry.Customer, (Fact)new ManagerChanged(now[entry.Customer]))));
    }
}
