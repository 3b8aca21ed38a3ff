using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Decide;

/// <summary>
/// Opens an entry for each customer who has become affected since the ledger was opened: whoever uses the module must be told. And takes over who looks after
/// the others now: a customer is not left with somebody who has gone. One who comes after the go was in no list that anybody looked at: they get the time that the policy promises.
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
            var before = await log.Entries(retirement.Id, cancel);
            var times = retirement.ClosingConfirmed ? await Times(retirement, New(before, customers), seen, now, cancel) : Decision.Nothing;
            Decision Due(IReadOnlyList<LedgerEntry> entries)
            {
                var newcomers = New(entries, customers).Select(customer => customer.Key).ToHashSet();
                return ApproveDecision.OpenLedger(customers.Where(customer => newcomers.Contains(customer.Key)))
                    .And(Decision.All(times.Facts.Where(fact => newcomers.Contains(fact.Customer!.Value)))).And(Managers(entries, customers));
            }
            if (Due(before).Facts.Count > 0)
                await log.Change(retirement.Id, Actor.Clock.Id, (_, entries) => Due(entries), cancel);
        });
    }

    private static IEnumerable<AffectedCustomer> New(IReadOnlyList<LedgerEntry> entries, IReadOnlyList<AffectedCustomer> customers)
    {
        var known = entries.Select(entry => entry.Customer).ToHashSet();
        return customers.Where(customer => !known.Contains(customer.Key));
    }

    /// <summary>The earliest day of each who comes after the go, and the time until then where the plan would close them sooner.</summary>
    private async Task<Decision> Times(Retirement retirement, IEnumerable<AffectedCustomer> newcomers, Seen seen, DateTimeOffset now, CancellationToken cancel)
    {
        LedgerEntry[] opened = [.. newcomers.Select(customer => new LedgerEntry(retirement.Id, customer.Key).Apply(new Recorded(retirement.Id, customer.Key, 1, now, Actor.Clock.Id, customer.Opening)))];
        if (opened.Length == 0 || retirement.Schedule is not { } schedule)
            return Decision.Nothing;
        var ground = await evidence.Scheduling(retirement, opened, seen, cancel);
        return Decision.All(opened.SelectMany(entry => Times(retirement, schedule, entry, ground)));
    }

    private static IEnumerable<(CustomerKey?, Fact)> Times(Retirement retirement, Schedule schedule, LedgerEntry entry, SchedulingGround ground)
    {
        var (day, ahead) = (entry.ClosesOn(retirement)!.Value, retirement.FirstShareAhead);
        if (ground.Earliest(entry, NoticeStart.Of(entry, day, retirement.Deciding.TellingOn, ground.Now)) is not { } earliest)
            yield break;
        yield return (entry.Customer, new EarliestComputed(earliest.Day, earliest.RuleCode, earliest.Rule));
        // What is over for them was refused to them already; nobody is opened again by this.
        if (schedule.InstantOf(day) <= ground.Now || ClosingInstant.DayFor(schedule, day, entry.TimeZone, ahead) >= earliest.Day)
            yield break;
        var first = ClosingInstant.FirstDay(schedule, earliest.Day, entry.TimeZone, ahead);
        var closes = ground.Days.Next(first, new HashSet<CustomerKey> { entry.Customer }) ?? first;
        yield return (entry.Customer, new ExtensionGranted(closes.AddDays(-1),
            $"They appeared after the go, and the policy lets nobody be closed sooner ({earliest.Rule.En}) · 放行之后新增的客户，按政策不得更早下线（{earliest.Rule.Zh}）"));
    }

    private static Decision Managers(IReadOnlyList<LedgerEntry> entries, IReadOnlyList<AffectedCustomer> customers)
    {
        // A customer whom the catalogue does not know has no manager in it either.
        var now = customers.Where(customer => customer.Opening.Tier != Usage.UsageQuestions.UnknownTier).ToDictionary(customer => customer.Key, customer => customer.Opening.AccountManager);
        return Decision.All(entries.Where(entry => now.TryGetValue(entry.Customer, out var manager) && manager != entry.AccountManager)
            .Select(entry => ((CustomerKey?)entry.Customer, (Fact)new ManagerChanged(now[entry.Customer]))));
    }
}
