using CsCheck;
using Sunsetter.Server.Close;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Tests.Retirements;

namespace Sunsetter.Server.Tests.Close;

public sealed class CloseWhatIsDueTests
{
    private static readonly DateTimeOffset Planned = new(2027, 3, 1, 2, 0, 0, TimeSpan.FromHours(8));

    [Fact]
    public void Nobody_is_closed_a_millisecond_before_the_instant() =>
        Assert.Empty(CloseWhatIsDue.Decide(Gone(), [Told.Entry()], Planned.AddMilliseconds(-1)).Facts);

    [Fact]
    public void At_the_instant_the_customer_is_closed_at_the_instant() =>
        Assert.Equal(Planned, CloseWhatIsDue.Decide(Gone(), [Told.Entry()], Planned).Answered<CustomerClosed>().EffectiveAt);

    [Fact]
    public void A_late_tick_records_the_planned_instant_not_its_own() =>
        Assert.Equal(Planned, CloseWhatIsDue.Decide(Gone(), [Told.Entry()], Planned.AddHours(9)).Answered<CustomerClosed>().EffectiveAt);

    [Fact]
    public void Without_a_go_nobody_is_ever_closed() =>
        Assert.Empty(CloseWhatIsDue.Decide(Told.Migrating(), [Told.Entry()], Planned.AddYears(1)).Facts);

    [Fact]
    public void The_observation_begins_when_the_last_is_closed_and_lasts_as_planned()
    {
        var closed = Told.Entry(new CustomerClosed(Planned));

        Assert.Equal(new DateOnly(2027, 3, 15), CloseWhatIsDue.Decide(Gone(), [closed], Planned).Answered<ObservationStarted>().EndsOn);
    }

    [Fact]
    public void The_observation_waits_for_the_customer_with_an_extension()
    {
        var later = Told.EntryOf(new CustomerKey("orbit"), CustomerClass.Standard, new ExtensionGranted(Told.ClosesOn, "Audit"));

        Assert.Empty(CloseWhatIsDue.Decide(Gone(), [Told.Entry(new CustomerClosed(Planned)), later], Planned.AddHours(1)).Facts);
    }

    [Fact]
    public void A_restore_ends_by_itself_at_its_instant()
    {
        var open = Told.Entry(new CustomerClosed(Planned), new CustomerRestored("Payroll", Planned.AddDays(2)));

        Assert.Empty(CloseWhatIsDue.Decide(Gone(), [open], Planned.AddDays(2).AddMilliseconds(-1)).Facts);
        CloseWhatIsDue.Decide(Gone(), [open], Planned.AddDays(2)).Answered<CustomerRestoreEnded>();
    }

    [Fact]
    public void A_restore_pressed_between_the_instant_and_its_record_stays()
    {
        LedgerEntry At(LedgerEntry entry, double seconds, EntryFact fact) => entry.Apply(new Recorded(entry.Retirement, entry.Customer, entry.Version + 1, Planned.AddSeconds(seconds), "ops@vendor.test", fact));
        var pressed = At(Told.Entry(), 2, new CustomerRestored("Payroll", Planned.AddDays(2)));

        var recorded = At(pressed, 9, new CustomerClosed(Planned));

        Assert.Equal((Planned, Planned.AddDays(2)), (recorded.ClosedAt, recorded.Restore?.Until));
    }

    /// <summary>The law of the stage: whatever the plan, the extensions, the restores and the ticks, nobody is closed early, and everybody at the first tick at or after their instant.</summary>
    [Fact]
    public void Nobody_is_closed_early_and_everybody_at_the_first_tick_from_their_instant_on() =>
        Gen.Select(Gen.Int[0, 40].Array[1, 6], Gen.Int[-1, 30].Array[6], Gen.Select(Gen.Int[0, 2000], Gen.Int[1, 1500], Gen.Int[-1, 5]).Array[0, 5], Gen.Int[1, 400].Array[1, 60])
            .Sample((waves, extensions, restores, steps) => new Play(waves, extensions, restores).Run(steps), iter: 300);

    private static Retirement Gone() => Told.Migrating().Then("ops@vendor.test", new ClosingConfirmed(""));

    /// <summary>One made-up closing, played tick by tick on hours from the start of March.</summary>
    private sealed class Play
    {
        private static readonly DateTimeOffset Origin = new(2027, 2, 27, 18, 0, 0, TimeSpan.Zero);
        private readonly List<LedgerEntry> entries;
        private readonly (DateTimeOffset At, int Hours, int Customer)[] restores;
        private Retirement retirement;

        public Play(int[] waves, int[] extensions, (int At, int Hours, int Customer)[] restores)
        {
            var schedule = Told.Plan with { Waves = waves.Select((days, at) => (Name: $"w{at}", Day: Told.ClosesOn.AddDays(days))).ToDictionary(wave => wave.Name, wave => wave.Day).ToImmutable() };
            retirement = Told.Migrating().Then("lin@vendor.test", new RetirementScheduled(schedule, "waves")).Then("ops@vendor.test", new ClosingConfirmed(""));
            entries = [.. waves.Select((days, at) =>
            {
                var entry = Told.EntryOf(new CustomerKey($"c{at}"), CustomerClass.Standard, new WaveSet($"w{at}"));
                return extensions[at] < 0 ? entry : entry.Then("yue@vendor.test", new ExtensionGranted(Told.ClosesOn.AddDays(days + extensions[at]), "more time"));
            })];
            this.restores = [.. restores.Select(restore => (Origin.AddHours(restore.At), restore.Hours, restore.Customer)).OrderBy(restore => restore.Item1)];
        }

        public void Run(int[] steps)
        {
            var now = Origin;
            var before = now;
            var pressed = 0;
            foreach (var step in steps)
            {
                before = now;
                now = now.AddHours(step);
                // A restore is pressed between two ticks, at its own instant.
                for (; pressed < restores.Length && restores[pressed].At <= now; pressed++)
                {
                    Tick(before, restores[pressed].At);
                    Press(restores[pressed]);
                    before = restores[pressed].At;
                }
                Tick(before, now);
            }
        }

        private void Press((DateTimeOffset At, int Hours, int Customer) restore)
        {
            var until = restore.At.AddHours(restore.Hours);
            if (restore.Customer < 0 || restore.Customer >= entries.Count)
                retirement = retirement.Apply(new Recorded(retirement.Id, null, retirement.Version + 1, restore.At, "ops", new ModuleRestored("hurts", until)));
            else
                entries[restore.Customer] = Applied(entries[restore.Customer], new CustomerRestored("hurts", until), restore.At);
        }

        private void Tick(DateTimeOffset before, DateTimeOffset now)
        {
            while (CloseWhatIsDue.Decide(retirement, entries, now) is { Facts.Count: > 0 } decision)
                foreach (var (customer, fact) in decision.Facts)
                {
                    if (fact is CustomerClosed closed)
                        Assert.Equal(Expected(Entry(customer!.Value)), closed.EffectiveAt);
                    if (customer is { } key)
                        entries[entries.FindIndex(entry => entry.Customer == key)] = Applied(Entry(key), fact, now);
                    else
                        retirement = retirement.Apply(new Recorded(retirement.Id, null, retirement.Version + 1, now, "sunsetter", fact));
                }
            foreach (var entry in entries)
            {
                var expected = Expected(entry);
                Assert.Equal(expected is { } instant && instant <= now || Earlier(entry, before), entry.ClosedAt is not null);
                Assert.True(entry.ClosedAt is null || entry.ClosedAt >= entry.ClosesAt(retirement), "closed before the plan");
            }
        }

        // Once closed it stays recorded, also while a later restore is in force.
        private static bool Earlier(LedgerEntry entry, DateTimeOffset before) => entry.ClosedAt <= before;

        private LedgerEntry Entry(CustomerKey customer) => entries.Single(entry => entry.Customer == customer);

        // Written the other way round than the rule: walk hour by hour from the plan to the first hour that no restore covers.
        private DateTimeOffset? Expected(LedgerEntry entry)
        {
            var instant = entry.ClosesAt(retirement)!.Value;
            if (entry.ClosedAt is { } closed)
                return closed;
            for (var hours = 0; hours < 10_000; hours++)
            {
                if (!retirement.Closing.Restores.Concat(entry.Closure.Restores).Any(open => open.From <= instant && instant < open.Until))
                    return instant;
                instant = instant.AddHours(1);
            }
            return null;
        }

        private static LedgerEntry Applied(LedgerEntry entry, Fact fact, DateTimeOffset at) =>
            entry.Apply(new Recorded(entry.Retirement, entry.Customer, entry.Version + 1, at, "sunsetter", fact));
    }
}

internal static class ImmutableWaves
{
    public static System.Collections.Immutable.ImmutableSortedDictionary<string, DateOnly> ToImmutable(this Dictionary<string, DateOnly> waves) =>
        System.Collections.Immutable.ImmutableSortedDictionary.CreateRange(waves);
}
