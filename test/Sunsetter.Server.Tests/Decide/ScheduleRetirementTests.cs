using System.Collections.Immutable;
using Sunsetter.Server.Decide;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Tests.Retirements.Dates;

namespace Sunsetter.Server.Tests.Decide;

public sealed class ScheduleRetirementTests
{
    // A Sunday; the vendor is in Shanghai. 45 days after telling on 1 December is 15 January, a Friday.
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 8, 0, 0, TimeSpan.Zero);
    private static readonly DateOnly Telling = new(2026, 12, 1);
    private static readonly DateOnly Earliest = new(2027, 1, 15);
    private static readonly RetirementId Id = RetirementId.New();

    private static readonly ScheduleRetirement Plan = new(Earliest, new TimeOnly(10, 0), Telling, Telling, 14);

    [Fact]
    public void The_first_lawful_day_is_accepted()
    {
        var facts = Facts(Plan.Decide(Approved(), [Entry("huaxin")], Ground()));

        var scheduled = Assert.Single(facts.OfType<RetirementScheduled>());
        Assert.Equal((Earliest, "Asia/Shanghai", (string?)null), (scheduled.Schedule.ClosesOn, scheduled.Schedule.Zone, scheduled.ReasonForChange));
        Assert.Equal(Telling, Assert.Single(facts.OfType<TellingPlanned>()).Day);
        Assert.Equal((Earliest, "non-core"), facts.OfType<EarliestComputed>().Select(fact => (fact.Day, fact.RuleCode)).Single());
    }

    [Fact]
    public void One_day_less_than_the_promised_notice_is_refused_with_the_customer_the_day_and_the_rule()
    {
        var refusal = (Plan with { ClosesOn = Earliest.AddDays(-1) }).Decide(Approved(), [Entry("huaxin")], Ground()).Refusal;

        Assert.Equal("notice.too-short", refusal?.Code);
        Assert.Equal("Name of huaxin may not be closed before 15 Jan 2027 (a non-core module: 45 days). Choose 15 Jan 2027 or later, move them to a later wave, or ask for an override.", refusal!.Sentence.En);
        Assert.Contains("huaxin最早可于 2027年1月15日下线", refusal.Sentence.Zh);
    }

    [Theory, InlineData("2036-11-21", false), InlineData("2036-11-24", true), InlineData("9999-12-31", true)]
    public void A_day_that_nobody_can_plan_for_is_refused(string day, bool tooFar)
    {
        var common = (Plan with { ClosesOn = DateOnly.Parse(day, null), UnknownYearReason = "Far." }).Decide(Approved(), [Entry("huaxin")], Ground());
        var wave = (Plan with { Waves = System.Collections.Immutable.ImmutableSortedDictionary<string, DateOnly>.Empty.Add("late", DateOnly.Parse(day, null)), UnknownYearReason = "Far." }).Decide(Approved(), [Entry("huaxin")], Ground());

        Assert.Equal(tooFar ? "schedule.too-far" : null, common.Refusal?.Code);
        Assert.Equal(tooFar ? "schedule.too-far" : null, wave.Refusal?.Code);
    }

    [Fact]
    public void Shares_that_close_ahead_of_the_day_count_for_the_promise_and_none_closes_on_the_spot()
    {
        var gradual = Approved() with { Gradual = [new GradualShare(48, 10), new GradualShare(24, 50)] };

        Assert.Equal("notice.too-short", Plan.Decide(gradual, [Entry("huaxin")], Ground()).Refusal?.Code);
        Assert.Null((Plan with { ClosesOn = new DateOnly(2027, 1, 18) }).Decide(gradual, [Entry("huaxin")], Ground()).Refusal);
        var soon = Plan with { ClosesOn = new DateOnly(2026, 11, 24), WarnFrom = new DateOnly(2026, 11, 23), TellingOn = new DateOnly(2026, 11, 22) };
        Assert.Equal("schedule.shares-at-once", soon.Decide(gradual, [Entry("huaxin")], Ground()).Refusal?.Code);
    }

    [Fact]
    public void A_day_brought_forward_asks_the_notice_of_a_share_again_and_one_put_off_does_not()
    {
        var (before, gradual) = (new Schedule(new DateOnly(2027, 1, 20), new TimeOnly(10, 0), "Asia/Shanghai", new DateOnly(2026, 12, 1), 14), new[] { new GradualShare(48, 10) });
        var retirement = Approved() with { Schedule = before, Gradual = [.. gradual] };
        var ground = Ground() with { Now = new DateTimeOffset(2027, 1, 8, 2, 0, 0, TimeSpan.Zero), ShareNoticeDays = 7 };

        Assert.Null(SharesInTime.Forbids(retirement, before.ClosesOn, new DateOnly(2027, 1, 17), ground));
        Assert.Equal("gradual.not-announced", SharesInTime.Forbids(retirement, before.ClosesOn, new DateOnly(2027, 1, 16), ground)?.Code);
        Assert.Null(SharesInTime.Forbids(retirement, new DateOnly(2027, 1, 11), new DateOnly(2027, 1, 12), ground));
        Assert.Equal("schedule.shares-at-once", SharesInTime.Forbids(retirement, before.ClosesOn, new DateOnly(2027, 1, 10), ground)?.Code);
    }

    [Fact]
    public void A_wave_whose_shares_would_close_at_once_takes_nobody()
    {
        var schedule = new Schedule(new DateOnly(2027, 1, 20), new TimeOnly(10, 0), "Asia/Shanghai", new DateOnly(2026, 12, 1), 14) { Waves = System.Collections.Immutable.ImmutableSortedDictionary<string, DateOnly>.Empty.Add("early", new DateOnly(2027, 1, 12)) };
        var retirement = Approved() with { Schedule = schedule, Gradual = [new GradualShare(48, 10)] };
        var told = Entry("huaxin") with { Earliest = new EarliestDay(new DateOnly(2026, 12, 1), "override", default, Overridden: true) };

        Assert.Equal("gradual.not-announced", new SetWave("early").Decide(retirement, told, Ground() with { Now = new DateTimeOffset(2027, 1, 4, 2, 0, 0, TimeSpan.Zero) }).Refusal?.Code);
        Assert.Equal("schedule.shares-at-once", new SetWave("early").Decide(retirement, told, Ground() with { Now = new DateTimeOffset(2027, 1, 11, 2, 0, 0, TimeSpan.Zero) }).Refusal?.Code);
        Assert.Null(new SetWave("early").Decide(retirement, told, Ground() with { Now = new DateTimeOffset(2027, 1, 2, 2, 0, 0, TimeSpan.Zero) }).Refusal);
    }

    [Fact]
    public void The_customers_who_need_longest_are_named_first_and_the_rest_counted()
    {
        LedgerEntry[] entries = [Entry("a"), Entry("b"), Entry("c"), Entry("d"), Entry("patient")];
        var ground = Ground(entries, about => about.Value == "patient" ? Ordinary with { ContractNoticeDays = 180 } : Ordinary);

        var refusal = (Plan with { ClosesOn = Earliest.AddDays(-1) }).Decide(Approved(), entries, ground).Refusal;

        Assert.StartsWith("Name of patient may not be closed before 30 May 2027 (their contract promises 180 days)", refusal!.Sentence.En, StringComparison.Ordinal);
        Assert.Contains("; and 2 more. Choose 31 May 2027 or later", refusal.Sentence.En);
    }

    [Fact]
    public void Midnight_in_Shanghai_is_still_the_day_before_in_New_York()
    {
        var newYork = Entry("orbit") with { TimeZone = "America/New_York" };
        var midnight = Plan with { At = TimeOnly.MinValue };

        Assert.Equal("notice.too-short", midnight.Decide(Approved(), [newYork], Ground()).Refusal?.Code);
        Assert.Null((midnight with { ClosesOn = new DateOnly(2027, 1, 18) }).Decide(Approved(), [newYork], Ground()).Refusal);
    }

    [Fact]
    public void A_later_wave_gives_a_customer_the_time_they_need()
    {
        var patient = Entry("patient") with { Wave = "late" };
        var ground = Ground([patient], _ => Ordinary with { ContractNoticeDays = 180 });
        var waves = ImmutableSortedDictionary<string, DateOnly>.Empty.Add("late", new DateOnly(2027, 5, 31));

        Assert.Null((Plan with { Waves = waves }).Decide(Approved(), [patient], ground).Refusal);
        Assert.Equal("notice.too-short", Plan.Decide(Approved(), [patient], ground).Refusal?.Code);
    }

    [Fact]
    public void An_approved_override_stands_in_place_of_the_rule()
    {
        var entry = Entry("huaxin") with { Earliest = new EarliestDay(new(2026, 12, 28), "override", new Text("overridden", "例外"), Overridden: true) };
        var early = Plan with { ClosesOn = new(2026, 12, 28) };

        Assert.Null(early.Decide(Approved(), [entry], Ground()).Refusal);
        Assert.Equal("notice.too-short", (early with { ClosesOn = new(2026, 12, 25) }).Decide(Approved(), [entry], Ground()).Refusal?.Code);
    }

    [Fact]
    public void A_closed_customer_is_left_out()
    {
        var closed = Entry("patient") with { ClosedAt = Now.AddDays(-1) };
        var ground = Ground([closed], _ => Ordinary with { ContractNoticeDays = 900 });

        Assert.Null(Plan.Decide(Approved(), [closed, Entry("huaxin")], ground).Refusal);
    }

    [Theory]
    [InlineData(Stage.Decide, "schedule.not-approved")]
    [InlineData(Stage.Deferred, "schedule.not-approved")]
    [InlineData(Stage.Announce, null)]
    [InlineData(Stage.Migrate, null)]
    [InlineData(Stage.Close, null)]
    [InlineData(Stage.Observe, "schedule.over")]
    [InlineData(Stage.Finished, "schedule.over")]
    [InlineData(Stage.Cancelled, "schedule.over")]
    [InlineData(Stage.Rejected, "schedule.over")]
    public void Dates_are_set_between_the_decision_and_the_closing(Stage stage, string? code) =>
        Assert.Equal(code, Plan.Decide(Approved() with { Stage = stage }, [Entry("huaxin")], Ground()).Refusal?.Code);

    [Theory]
    [InlineData("2026-11-22", "schedule.past")]
    [InlineData("2026-11-21", "schedule.past")]
    [InlineData("2027-01-16", "calendar.weekend")]
    public void A_closing_day_that_cannot_be_is_refused(string day, string code) =>
        Assert.Equal(code, (Plan with { ClosesOn = DateOnly.Parse(day, null), WarnFrom = new(2026, 11, 22), TellingOn = new(2026, 11, 22) }).Decide(Approved(), [Entry("huaxin")], Ground()).Refusal?.Code);

    [Fact]
    public void A_wave_on_a_holiday_is_refused_like_the_common_day()
    {
        var waves = ImmutableSortedDictionary<string, DateOnly>.Empty.Add("late", new DateOnly(2027, 2, 8));

        Assert.Equal("calendar.holiday", (Plan with { Waves = waves }).Decide(Approved(), [Entry("huaxin")], Ground()).Refusal?.Code);
    }

    [Fact]
    public void An_unknown_year_is_accepted_only_with_a_reason_which_is_recorded()
    {
        var plan = Plan with { ClosesOn = new(2028, 3, 6) };

        Assert.Equal("calendar.unknown-year", plan.Decide(Approved(), [Entry("huaxin")], Ground()).Refusal?.Code);
        var accepted = Assert.Single(Facts((plan with { UnknownYearReason = " March has no festival. " }).Decide(Approved(), [Entry("huaxin")], Ground())).OfType<UnknownYearAccepted>());
        Assert.Equal(new UnknownYearAccepted("CN", 2028, "March has no festival."), accepted);
    }

    [Fact]
    public void Whoever_moves_only_the_warning_is_not_asked_again_about_the_unknown_year_of_a_day_that_stays()
    {
        var plan = Plan with { ClosesOn = new(2028, 3, 6), UnknownYearReason = "March has no festival." };
        var promised = Folded(Approved(), plan.Decide(Approved(), [Entry("huaxin")], Ground()));
        var warned = plan with { WarnFrom = plan.WarnFrom.AddDays(1), ReasonForChange = "Later.", UnknownYearReason = null };

        Assert.Single(Facts(warned.Decide(promised, [Entry("huaxin")], Ground())).OfType<RetirementScheduled>());
        Assert.Equal("calendar.unknown-year", (warned with { ClosesOn = new(2028, 3, 7) }).Decide(promised, [Entry("huaxin")], Ground()).Refusal?.Code);
    }

    [Theory]
    [InlineData(6, "schedule.observation")]
    [InlineData(7, null)]
    [InlineData(14, null)]
    [InlineData(15, "schedule.observation")]
    public void The_observation_window_lies_within_the_policys_bounds(int days, string? code) =>
        Assert.Equal(code, (Plan with { ObservationDays = days }).Decide(Approved(), [Entry("huaxin")], Ground()).Refusal?.Code);

    [Fact]
    public void Applications_may_warn_up_to_the_closing_day_and_not_after()
    {
        Assert.Null((Plan with { WarnFrom = Earliest }).Decide(Approved(), [Entry("huaxin")], Ground()).Refusal);
        Assert.Equal("schedule.warn-after-close", (Plan with { WarnFrom = Earliest.AddDays(1) }).Decide(Approved(), [Entry("huaxin")], Ground()).Refusal?.Code);
    }

    [Fact]
    public void Nobody_learns_it_from_a_banner() =>
        Assert.Equal("schedule.warn-before-telling", (Plan with { WarnFrom = Telling.AddDays(-1) }).Decide(Approved(), [Entry("huaxin")], Ground()).Refusal?.Code);

    [Fact]
    public void Notices_cannot_go_out_yesterday() =>
        Assert.Equal("schedule.telling-past", (Plan with { TellingOn = new(2026, 11, 21), WarnFrom = new(2026, 11, 21) }).Decide(Approved(), [Entry("huaxin")], Ground()).Refusal?.Code);

    [Fact]
    public void A_date_is_moved_only_with_a_reason()
    {
        var scheduled = Folded(Approved(), Plan.Decide(Approved(), [Entry("huaxin")], Ground()));
        var later = Plan with { ClosesOn = new(2027, 3, 1) };

        Assert.Equal("schedule.no-reason", later.Decide(scheduled, [Entry("huaxin")], Ground()).Refusal?.Code);
        Assert.Equal("Year-end.", Facts((later with { ReasonForChange = "Year-end. " }).Decide(scheduled, [Entry("huaxin")], Ground())).OfType<RetirementScheduled>().Single().ReasonForChange);
    }

    [Fact]
    public void The_same_schedule_again_changes_nothing()
    {
        var scheduled = Folded(Approved(), Plan.Decide(Approved(), [Entry("huaxin")], Ground()));

        var again = Plan.Decide(scheduled, [Entry("huaxin")], Ground());

        Assert.Equal((null, 0), (again.Refusal, again.Facts.Count));
    }

    [Fact]
    public void When_the_day_of_telling_has_passed_notice_counts_from_today()
    {
        var late = Approved() with { Deciding = new Deciding { TellingOn = new(2026, 11, 1) } };
        var plan = Plan with { TellingOn = new(2026, 11, 1) };

        // 45 days from 22 November is 6 January; from 1 November it would have been 16 December.
        Assert.Equal("notice.too-short", (plan with { ClosesOn = new(2027, 1, 5) }).Decide(late, [Entry("huaxin")], Ground()).Refusal?.Code);
        Assert.Null((plan with { ClosesOn = new(2027, 1, 6) }).Decide(late, [Entry("huaxin")], Ground()).Refusal);
    }

    [Fact]
    public void Moving_a_day_lists_who_must_be_told_again_and_leaves_out_those_who_were_not_told()
    {
        var told = NoticeStartTests.Told(Entry("huaxin"), 1, Earliest, new(2026, 11, 22));
        var scheduled = Folded(Approved(), Plan.Decide(Approved(), [told, Entry("orbit")], Ground()));

        var moved = (Plan with { ClosesOn = new(2027, 3, 1), ReasonForChange = "Year-end." }).Decide(scheduled, [told, Entry("orbit")], Ground());

        Assert.Null(moved.Refusal);
        var again = Assert.Single(moved.Facts, fact => fact.Fact is DateMoved);
        Assert.Equal((new CustomerKey("huaxin"), new DateMoved(Earliest, new(2027, 3, 1), "Year-end.")), (again.Customer!.Value, (DateMoved)again.Fact));
    }

    [Fact]
    public void A_day_brought_forward_is_a_new_promise_whose_notice_begins_anew()
    {
        // Told long ago of June; a closing in January has been told to nobody.
        var told = NoticeStartTests.Told(Entry("huaxin"), 1, new(2027, 6, 1), new(2026, 9, 1));
        var scheduled = Folded(Approved(), (Plan with { ClosesOn = new(2027, 6, 1) }).Decide(Approved(), [told], Ground()));

        Assert.Equal("notice.too-short", (Plan with { ClosesOn = Earliest.AddDays(-1), ReasonForChange = "Sooner." }).Decide(scheduled, [told], Ground()).Refusal?.Code);
        Assert.Null((Plan with { ClosesOn = Earliest, ReasonForChange = "Sooner." }).Decide(scheduled, [told], Ground()).Refusal);
    }

    [Fact]
    public void A_wave_needs_a_name()
    {
        var waves = ImmutableSortedDictionary<string, DateOnly>.Empty.Add(" ", new DateOnly(2027, 2, 1));

        Assert.Equal("schedule.waves", (Plan with { Waves = waves }).Decide(Approved(), [Entry("huaxin")], Ground()).Refusal?.Code);
    }

    private static readonly NoticeQuestion Ordinary = new(ModuleClass.NonCore, CustomerClass.Standard, "standard", null, UseLevel.Regular, false, false);

    private static Retirement Approved() => new Retirement(Id) with { Stage = Stage.Announce };

    private static LedgerEntry Entry(string key) => new LedgerEntry(Id, new CustomerKey(key)) with { Name = new Text($"Name of {key}", $"{key}"), TimeZone = "Asia/Shanghai" };

    private static SchedulingGround Ground() => Ground([Entry("huaxin"), Entry("orbit")], _ => Ordinary);

    private static SchedulingGround Ground(IEnumerable<LedgerEntry> entries, Func<CustomerKey, NoticeQuestion> question) => new(
        new NoticePolicy(),
        new ClosingDays(new BusinessCalendar(new Dictionary<(string, int), ImmutableArray<SpecialDay>>
        {
            [("CN", 2026)] = [],
            [("CN", 2027)] = [new(new(2027, 2, 8), SpecialDayKind.Holiday, "Festival")],
        }), new FreezeWindows(), "CN", UnknownYear.RefuseUnlessConfirmed),
        "Asia/Shanghai", entries.ToDictionary(entry => entry.Customer, entry => question(entry.Customer)), Now);

    private static List<Fact> Facts(Decision decision)
    {
        Assert.Null(decision.Refusal);
        return [.. decision.Facts.Select(fact => fact.Fact)];
    }

    private static Retirement Folded(Retirement retirement, Decision decision) =>
        decision.Facts.Where(fact => fact.Customer is null).Aggregate(retirement, (state, fact) => state.Apply(new Recorded(Id, null, state.Version + 1, Now, "lin@vendor.test", fact.Fact)));
}
