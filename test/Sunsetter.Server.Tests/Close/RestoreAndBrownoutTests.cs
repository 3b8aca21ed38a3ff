using Sunsetter.Server.Announce.Telling;
using Sunsetter.Server.Close;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Tests.Retirements;

namespace Sunsetter.Server.Tests.Close;

public sealed class RestoreAndBrownoutTests
{
    private static readonly ClosingRules Rules = new() { LongestRestoreDays = 30, BrownoutNoticeDays = 7, LongestBrownoutMinutes = 60 };
    private static readonly ClosingDays Days = new(BusinessCalendar.Empty, new FreezeWindows(), "CN", UnknownYear.Warn);
    private static readonly Rehearsals Vendor = new(BusinessCalendar.Empty, "CN");
    private static readonly DateTimeOffset Now = new(2027, 2, 1, 4, 0, 0, TimeSpan.Zero);
    private static readonly DateOnly Today = new(2027, 2, 1);
    private static readonly LedgerEntry Shut = Told.Entry(new CustomerClosed(Now.AddHours(-1)));
    private static readonly LedgerEntry Informed = Told.Entry(new NoticeSent(1, "li@huaxin.test", "email", "<1>", new DateOnly(2026, 12, 1)));

    [Fact]
    public void A_restore_of_thirty_days_is_taken_and_a_moment_more_is_refused()
    {
        new RestoreModule("Payroll", Now.AddDays(30)).ForAll(Told.Migrating(), [Shut], Rules, Vendor, Now).Answered<ModuleRestored>();
        new RestoreModule("Payroll", Now.AddDays(30).AddMilliseconds(1)).ForAll(Told.Migrating(), [Shut], Rules, Vendor, Now).Refused("restore.too-long");
    }

    [Fact]
    public void A_restore_that_would_end_now_is_refused() => new RestoreModule("Payroll", Now).ForAll(Told.Migrating(), [Shut], Rules, Vendor, Now).Refused("restore.past");

    [Fact]
    public void While_the_module_is_open_for_everybody_there_is_nothing_to_bring_back()
    {
        new RestoreModule("Payroll", Now.AddDays(1)).ForAll(Told.Migrating(), [Told.Entry()], Rules, Vendor, Now).Refused("restore.open");

        // Who has no entry is closed on the common day, by the go.
        var gone = Told.Migrating(new ClosingConfirmed(""));
        var closes = Told.Plan.InstantOf(Told.ClosesOn);
        new RestoreModule("Payroll", closes.AddDays(1)).ForAll(gone, [], Rules, Vendor, closes.AddMilliseconds(-1)).Refused("restore.open");
        new RestoreModule("Payroll", closes.AddDays(1)).ForAll(gone, [], Rules, Vendor, closes).Answered<ModuleRestored>();
    }

    [Fact]
    public void A_customer_who_is_open_needs_no_restore() => new RestoreModule("Payroll", Now.AddDays(1)).ForOne(Told.Migrating(), Told.Entry(), Rules, Vendor, Now).Refused("restore.open");

    [Fact]
    public void A_rehearsal_and_a_share_that_has_closed_can_be_ended_for_one_customer()
    {
        var rehearsal = new Brownout(Today, new TimeOnly(12, 0), 15, InCustomersZone: true);
        Decision During(DateTimeOffset now) => new RestoreModule("Payroll", now.AddDays(1)).ForOne(Told.Migrating(new BrownoutScheduled(rehearsal, "Find bots")), Told.Entry(), Rules, Vendor, now);
        During(Now).Answered<CustomerRestored>();
        During(Now.AddMinutes(15)).Refused("restore.open");

        var first = Told.Plan.InstantOf(Told.ClosesOn).AddHours(-48);
        var gone = Told.Migrating(new GradualClosingSet([new GradualShare(48, 10)], "carefully"), new ClosingConfirmed(""));
        Decision Share(DateTimeOffset now) => new RestoreModule("Payroll", now.AddDays(1)).ForOne(gone, Told.Entry(), Rules, Vendor, now);
        Share(first).Answered<CustomerRestored>();
        Share(first.AddMilliseconds(-1)).Refused("restore.open");
    }

    [Fact]
    public void No_rehearsal_is_set_while_the_letter_that_tells_of_it_would_wait() =>
        new ScheduleBrownout(Rehearsal(Today.AddDays(7)), "Find bots").Decide(Told.Migrating(new NoticesReleased(), new NoticesPaused("A wrong word.")), [Informed], Days, Rules, Now).Refused("brownout.notices-held");

    [Fact]
    public void Holding_notices_back_calls_off_a_rehearsal_that_not_everybody_knows_of()
    {
        var rehearsal = Rehearsal(Today.AddDays(7));
        var released = Told.Migrating(new NoticesReleased(), new BrownoutScheduled(rehearsal, "Find bots"));
        var issued = Told.Entry(new NoticeIssued(1, NoticeKind.First, "first", Told.ClosesOn) { Rehearsals = [rehearsal] });
        var sent = issued.Then("sunsetter", new NoticeSent(1, "li@huaxin.test", "email", "<1>", Today));

        Assert.Equal([typeof(NoticesPaused), typeof(BrownoutWithdrawn)], new PauseNotices("A wrong word.").Decide(released, [sent, issued], Today).Facts.Select(fact => fact.Fact.GetType()));
        new PauseNotices("A wrong word.").Decide(released, [sent], Today).Answered<NoticesPaused>();
    }

    [Fact]
    public void What_is_not_in_force_cannot_be_ended() => new EndRestore("Done").ForAll(Told.Migrating()).Refused("restore.none");

    [Fact]
    public void A_rehearsal_seven_days_ahead_is_taken_and_six_days_ahead_is_refused()
    {
        Plan(Today.AddDays(7)).Answered<BrownoutScheduled>();
        Plan(Today.AddDays(6)).Refused("brownout.not-announced");
    }

    [Fact]
    public void A_rehearsal_on_a_weekend_is_refused() => Plan(new DateOnly(2027, 2, 13)).Refused("calendar.weekend");

    [Fact]
    public void A_rehearsal_waits_for_working_days_only_where_they_are_known()
    {
        var day = new DateOnly(2027, 2, 10);
        var command = new ScheduleBrownout(Rehearsal(day) with { OnWorkingDays = true }, "Find bots");
        var known = Days with { Calendar = new BusinessCalendar(new Dictionary<(string, int), System.Collections.Immutable.ImmutableArray<SpecialDay>> { [("CN", 2027)] = [] }) };
        command.Decide(Told.Migrating(), [Informed], Days, Rules, Now).Refused("brownout.unknown-year");
        command.Decide(Told.Migrating(), [Informed], known, Rules, Now).Answered<BrownoutScheduled>();
    }

    [Fact]
    public void A_rehearsal_in_a_freeze_is_refused() => Plan(new DateOnly(2027, 2, 10),
        Days with { Freezes = new FreezeWindows { Windows = [new FreezeWindow(new DateOnly(2027, 2, 10), new DateOnly(2027, 2, 10), "New year", null)] } }).Refused("calendar.freeze");

    [Fact]
    public void A_rehearsal_on_the_closing_day_is_refused() => Plan(Told.ClosesOn).Refused("brownout.after-closing");

    [Fact]
    public void A_rehearsal_is_not_sprung_on_a_customer_nobody_told() =>
        new ScheduleBrownout(Rehearsal(Today.AddDays(7)), "Find bots").Decide(Told.Migrating(), [Told.Entry()], Days, Rules, Now).Refused("brownout.not-told");

    [Fact]
    public void A_second_rehearsal_waits_for_the_first() =>
        new ScheduleBrownout(Rehearsal(Today.AddDays(8)), "Again").Decide(Told.Migrating(new BrownoutScheduled(Rehearsal(Today.AddDays(7)), "Find bots")), [Informed], Days, Rules, Now).Refused("brownout.one-at-a-time");

    private static Brownout Rehearsal(DateOnly day) => new(day, new TimeOnly(10, 0), 15, InCustomersZone: true);

    private static Decision Plan(DateOnly day, ClosingDays? days = null) => new ScheduleBrownout(Rehearsal(day), "Find bots").Decide(Told.Migrating(), [Informed], days ?? Days, Rules, Now);
}
