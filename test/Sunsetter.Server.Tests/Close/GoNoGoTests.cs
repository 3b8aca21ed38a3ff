using System.Collections.Immutable;
using Sunsetter.Server.Close;
using Sunsetter.Server.Gates;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Tests.Retirements;

namespace Sunsetter.Server.Tests.Close;

public sealed class GoNoGoTests
{
    private static readonly DateTimeOffset Now = Told.Start.AddDays(60);
    private static readonly DateTimeOffset Instant = Told.Plan.InstantOf(Told.ClosesOn);
    private static readonly ClosingDays Days = new(BusinessCalendar.Empty, new FreezeWindows(), "CN", UnknownYear.Warn);
    private static readonly Ground Ground = new(Now, Days, new ClosingRules(), ImmutableDictionary<CustomerKey, DateOnly>.Empty, Now.AddDays(-1));

    [Fact]
    public void Of_a_ledger_without_customers_no_good_news_is_told()
    {
        var checks = GoNoGo.Of(Ready(), [], Ground);

        Assert.Single(checks, check => check is { Code: "customers.none", Standing: Standing.Note });
        Assert.DoesNotContain(checks, check => check.Code is "reach.everybody" or "usage.coverage" or "move.still-there");
    }

    [Fact]
    public void A_ledger_without_customers_blocks_while_too_little_of_the_use_is_known() =>
        Assert.Single(GoNoGo.Of(Ready(), [], Ground with { UseIsKnown = false }), check => check is { Code: "customers.none", Standing: Standing.Blocks });

    [Fact]
    public void When_nothing_is_in_the_way_somebody_else_may_give_the_go() => Go(Ready(), [Customer()], Ground).Answered<ClosingConfirmed>();

    [Fact]
    public void The_bootstrap_token_is_nobodys_second_pair_of_eyes() =>
        new ConfirmClosing("rooms-legacy", "", Actor.Bootstrap).Decide(Ready(), [Customer()], Ground).Refused("closing.no-person");

    [Fact]
    public void Who_set_the_day_may_not_confirm_it() =>
        new ConfirmClosing("rooms-legacy", "", "lin@vendor.test").Decide(Ready(), [Customer()], Ground).Refused("closing.same-eyes");

    [Fact]
    public void The_wrong_module_key_is_refused() =>
        new ConfirmClosing("rooms", "", "ops@vendor.test").Decide(Ready(), [Customer()], Ground).Refused("closing.module-key");

    [Fact]
    public void A_go_is_not_given_before_customers_were_asked_to_move() =>
        new ConfirmClosing("rooms-legacy", "", "ops@vendor.test").Decide(Told.Retirement(new RetirementApproved()), [], Ground).Refused("closing.not-yet");

    [Fact]
    public void A_key_customer_who_has_not_acknowledged_blocks() => Blocks("reach.key-customers", Ready(), Told.Entry(Measured(MoveState.Moved), Early(), new NoticeSent(1, "li@huaxin.test", "email", "<1>", new DateOnly(2026, 12, 1))), Ground);

    [Fact]
    public void A_standard_customer_who_was_told_and_is_silent_does_not_block()
    {
        var told = Told.EntryOf(Told.Huaxin, CustomerClass.Standard, Measured(MoveState.Moving), Early(), new NoticeSent(1, "li@huaxin.test", "email", "<1>", new DateOnly(2026, 12, 1)));

        Assert.True(GoNoGo.Ready(GoNoGo.Of(Ready(), [told], Ground)));
    }

    [Fact]
    public void A_customer_nobody_reached_blocks() => Blocks("reach.everybody", Ready(), Told.EntryOf(Told.Huaxin, CustomerClass.Standard, Measured(MoveState.Moving), Early()), Ground);

    [Fact]
    public void A_customer_who_knows_another_day_only_blocks_and_one_who_was_told_this_one_does_not()
    {
        LedgerEntry Told2(DateOnly day) => Told.EntryOf(Told.Huaxin, CustomerClass.Standard, Measured(MoveState.Moving), Early(),
            new NoticeIssued(1, NoticeKind.First, "first", day), new NoticeSent(1, "li@huaxin.test", "email", "<1>", new DateOnly(2026, 12, 1)));

        Blocks("reach.everybody", Ready(), Told2(Told.ClosesOn.AddDays(-30)), Ground);
        Go(Ready(), [Told2(Told.ClosesOn)], Ground).Answered<ClosingConfirmed>();
    }

    [Fact]
    public void Where_nothing_takes_its_place_nobody_has_to_sign_for_a_replacement() =>
        Go(Ready() with { Replacement = null, Migrating = new Migrating() }, [Customer()], Ground).Answered<ClosingConfirmed>();

    [Fact]
    public void Unknown_use_blocks_for_unknown_is_not_zero() => Blocks("usage.coverage", Ready(), Customer(MoveState.Unknown), Ground);

    [Fact]
    public void Periodic_use_on_the_closing_day_blocks_and_a_day_before_it_does_not()
    {
        Ground Next(DateOnly day) => Ground with { NextUses = ImmutableDictionary<CustomerKey, DateOnly>.Empty.Add(Told.Huaxin, day) };

        Blocks("usage.next-use", Ready(), Customer(MoveState.Quiet), Next(Told.ClosesOn));
        Go(Ready(), [Customer(MoveState.Quiet)], Next(Told.ClosesOn.AddDays(-1))).Answered<ClosingConfirmed>();
    }

    [Fact]
    public void An_extension_past_the_next_use_unblocks()
    {
        var ground = Ground with { NextUses = ImmutableDictionary<CustomerKey, DateOnly>.Empty.Add(Told.Huaxin, Told.ClosesOn.AddDays(3)) };

        Go(Ready(), [Customer(MoveState.Quiet).Then("yue@vendor.test", new ExtensionGranted(Told.ClosesOn.AddDays(3), "Quarter-end"))], ground).Answered<ClosingConfirmed>();
    }

    [Fact]
    public void An_open_request_for_help_blocks() => Blocks("help.open", Ready(), Customer().Then("li@huaxin.test", new HelpRequested(Guid.CreateVersion7(), "How?", "li")), Ground);

    [Fact]
    public void A_day_sooner_than_permitted_blocks_and_the_permitted_day_does_not()
    {
        LedgerEntry Permitted(DateOnly day) => Customer().Then("lin@vendor.test", new EarliestComputed(day, "contract", new Text("180 days", "180 天")));

        Blocks("plan.notice", Ready(), Permitted(Told.ClosesOn.AddDays(1)), Ground);
        Go(Ready(), [Permitted(Told.ClosesOn)], Ground).Answered<ClosingConfirmed>();
    }

    [Fact]
    public void A_day_that_passed_without_a_go_must_be_set_anew()
    {
        Blocks("plan.day", Ready(), Customer(), Ground with { Now = Instant, LastDrill = Instant, Rules = new ClosingRules { BackupDays = 365 } });
        Assert.DoesNotContain(GoNoGo.Of(Ready(), [Customer()], Ground with { Now = Instant.AddMilliseconds(-1) }), check => check is { Code: "plan.day", Standing: Standing.Blocks });
    }

    [Fact]
    public void A_freeze_on_the_day_blocks() =>
        Blocks("plan.calendar", Ready(), Customer(), Ground with { Days = Days with { Freezes = new FreezeWindows { Windows = [new FreezeWindow(Told.ClosesOn, Told.ClosesOn, "Audit", null)] } } });

    [Fact]
    public void A_replacement_whose_sign_off_was_withdrawn_blocks() =>
        Blocks("replacement.signed-off", Ready().Then("qa@vendor.test", new ReplacementSignOffWithdrawn("Crash")), Customer(), Ground);

    [Fact]
    public void An_application_that_lags_behind_for_more_than_a_moment_blocks_and_a_silent_one_is_named()
    {
        InstanceView Chat(DateTimeOffset? silent) => new("chat-7", 3, null, Now, "", null, "chat", silent);
        Ground Obeyed(ClosureProof proof, TimeSpan since) => Ground with { Obedience = proof with { Since = Now - since } };
        var behind = new ClosureProof(4, 4, false, 0, [Chat(null)], []);

        Blocks("gates.obeyed", Ready(), Customer(), Obeyed(behind, GateAnswers.Moment + TimeSpan.FromMilliseconds(1)));
        Go(Ready(), [Customer()], Obeyed(behind, GateAnswers.Moment)).Answered<ClosingConfirmed>();
        var silent = Assert.Single(GoNoGo.Of(Ready(), [Customer()], Obeyed(new ClosureProof(4, 4, false, 0, [], [Chat(Now)]), default)), check => check.Code == "gates.obeyed");
        Assert.Equal(Standing.Note, silent.Standing);
        Assert.Contains("chat-7", silent.Evidence.En, StringComparison.Ordinal);
    }

    [Fact]
    public void A_drill_of_thirty_days_ago_will_do_and_one_a_moment_older_blocks()
    {
        Go(Ready(), [Customer()], Ground with { LastDrill = Now.AddDays(-30) }).Answered<ClosingConfirmed>();
        Blocks("restore.drilled", Ready(), Customer(), Ground with { LastDrill = Now.AddDays(-30).AddMilliseconds(-1) });
        Blocks("restore.drilled", Ready(), Customer(), Ground with { LastDrill = null });
    }

    [Fact]
    public void An_archive_that_was_not_read_again_blocks()
    {
        var id = Guid.CreateVersion7();

        Blocks("archive.verified", Ready().Then("co@vendor.test", new ArchiveMade(id, new string('a', 64), 1, 1)), Customer(), Ground);
    }

    [Fact]
    public void A_customer_who_is_closed_already_is_not_asked_about() =>
        Assert.True(GoNoGo.Ready(GoNoGo.Of(Ready(), [Told.Entry(new CustomerClosed(Instant))], Ground)));

    private static Retirement Ready()
    {
        var archive = Guid.CreateVersion7();
        var ready = Told.Migrating(new BackupVerified("Restored to staging", null), new ArchiveMade(archive, new string('a', 64), 10, 3), new ArchiveVerified(archive, new string('a', 64)));
        return ready with { Closing = ready.Closing with { BackupVerified = ready.Closing.BackupVerified! with { At = Now.AddDays(-2) } } };
    }

    private static LedgerEntry Customer(MoveState state = MoveState.Moved) => Told.Entry(Measured(state), Early(), new NoticeAcknowledged(1, "li@huaxin.test"));

    private static MovementObserved Measured(MoveState state) => new(state, 0, 1, 0, Text.Same("measured"));

    private static EarliestComputed Early() => new(Told.ClosesOn.AddDays(-10), "class", new Text("90 days", "90 天"));

    private static Decision Go(Retirement retirement, LedgerEntry[] entries, Ground ground) => new ConfirmClosing("rooms-legacy", "All well", "ops@vendor.test").Decide(retirement, entries, ground);

    private static void Blocks(string code, Retirement retirement, LedgerEntry entry, Ground ground)
    {
        Assert.Equal([code], GoNoGo.Of(retirement, [entry], ground).Where(check => check.Standing == Standing.Blocks).Select(check => check.Code));
        Go(retirement, [entry], ground).Refused("closing.not-ready");
    }
}
