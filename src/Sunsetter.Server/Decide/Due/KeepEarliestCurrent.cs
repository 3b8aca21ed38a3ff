using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Decide;

/// <summary>
/// Keeps each open entry's earliest closing day as the policy, the contract, the use and the day of telling have it now. While the planned day of
/// telling has passed without a customer having been told, their day moves on with each day.
/// </summary>
internal sealed class KeepEarliestCurrent(FactLog log, Evidence evidence) : IDueStep
{
    private const int Batch = 500;

    public string Name => "decide/earliest";

    public TimeSpan Every => TimeSpan.FromMinutes(5);

    public async Task Run(DateTimeOffset now, CancellationToken cancel)
    {
        var seen = await evidence.SeeAll(cancel);
        var open = (await log.All(cancel)).Where(retirement => retirement.Stage is Stage.Announce or Stage.Migrate or Stage.Close && retirement.Deciding.TellingOn is not null);
        await Attempts.Each(open, async retirement =>
        {
            var entries = await log.Entries(retirement.Id, cancel);
            var ground = await evidence.Scheduling(retirement, entries, seen, cancel);
            foreach (var changed in entries.Where(entry => Newer(retirement, entry, ground).Any()).Select(entry => entry.Customer).Chunk(Batch))
                await log.Change(retirement.Id, changed, Actor.Clock.Id, (current, theirs) => Decision.All(theirs.SelectMany(entry => Newer(current, entry, ground))), cancel);
        });
    }

    private static IEnumerable<(CustomerKey?, Fact)> Newer(Retirement retirement, LedgerEntry entry, SchedulingGround ground)
    {
        if (entry.ClosedAt is not null || retirement.Deciding.TellingOn is null)
            yield break;
        var earliest = ground.Earliest(entry, NoticeStart.Of(entry, entry.ClosesOn(retirement), retirement.Deciding.TellingOn, ground.Now));
        if (earliest is { Overridden: false } && earliest != entry.Earliest)
            yield return (entry.Customer, new EarliestComputed(earliest.Day, earliest.RuleCode, earliest.Rule));
    }
}
