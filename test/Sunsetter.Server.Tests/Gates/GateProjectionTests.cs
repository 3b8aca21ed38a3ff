using Microsoft.EntityFrameworkCore;
using Sunsetter.Gates;
using Sunsetter.Harness;
using Sunsetter.Server.Gates;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Tests.Gates;

public sealed class GateProjectionTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task The_gate_closes_at_the_promised_instant_and_not_a_tick_before(Database database)
    {
        await using var scene = await GateScene.On(database);
        var snapshot = scene.Publisher.Current!.Snapshot;
        Assert.Equal(GateState.Warned, snapshot.Decide(GateScene.Module, "huaxin", "u", GateScene.Closing.AddTicks(-1)).State);
        var closed = snapshot.Decide(GateScene.Module, "huaxin", "u", GateScene.Closing);
        Assert.Equal((GateState.Closed, "spaces"), (closed.State, closed.Alternative?.Module));
        Assert.Equal("旧。", closed.Module!.Why!.For("zh-CN"));
        Assert.Equal((GateState.Open, GateReasons.NotRetiring), (snapshot.Decide("spaces", "huaxin", "u", GateScene.Closing).State, snapshot.Decide("spaces", null, null, GateScene.Closing).Reason));
    }

    [Theory, EachDatabase]
    public async Task A_day_that_moved_after_the_go_is_announced_and_not_carried_out_until_the_next_go(Database database)
    {
        await using var scene = await GateScene.On(database);
        await scene.Change(_ => Decision.Of(GateScene.Beike, new CustomerClosed(GateScene.Closing)));

        await scene.Change(retirement => new RetirementScheduled(retirement.Schedule! with { ClosesOn = new DateOnly(2026, 12, 8) }, "later"));

        GateDecision Ask(CustomerKey customer) => scene.Publisher.Current!.Snapshot.Decide(GateScene.Module, customer.Value, "u", GateScene.Closing.AddDays(7));
        Assert.Equal((GateState.Warned, GateScene.Closing.AddDays(7)), (Ask(GateScene.Huaxin).State, Ask(GateScene.Huaxin).ClosesAt));
        Assert.Equal((GateState.Warned, GateState.Closed), (Ask(new("nobody-in-particular")).State, Ask(GateScene.Beike).State));

        await scene.Change(_ => new ClosingConfirmed("again"));
        Assert.Equal((GateState.Closed, GateState.Closed), (Ask(GateScene.Huaxin).State, Ask(new("nobody-in-particular")).State));
    }

    [Theory, EachDatabase]
    public async Task The_news_of_single_customers_says_what_the_whole_says(Database database)
    {
        await using var scene = await GateScene.On(database);
        var news = scene.Server.Get<GateNews>();
        var before = scene.Publisher.Current!.Version;
        Assert.Equal((true, null), await news.Since(before, Cancel));
        await scene.RestoreFor(GateScene.Huaxin);
        await scene.Change(_ => Decision.Of(GateScene.Beike, new ExtensionGranted(new DateOnly(2026, 12, 20), "x")));
        await scene.Change(_ => Decision.Of(GateScene.Huaxin, new CustomerRestoreEnded("x")));

        var (told, read) = await news.Since(before, Cancel);
        var whole = await scene.Server.Get<GateReader>().Read(null, Cancel);
        Assert.True(told);
        Assert.Equal((whole.Position, whole.At, false), (read!.Position, read.At, read.Whole));
        Assert.Equal(whole.Restores, read.Restores);
        Assert.Equal(whole.Retirements.Single().Version, read.Retirements.Single().Version);
        Assert.Equal(whole.Retirements.Single().Entries.OrderBy(entry => entry.Key.Value), read.Retirements.Single().Entries.OrderBy(entry => entry.Key.Value));

        // The retirement itself has changed: its terms are read anew.
        await scene.Change(_ => Decision.Of(new ModuleRestored("all", null)));
        Assert.NotNull((await news.Since(before, Cancel)).News!.Retirements.Single().Terms.Restore);

        // A gap, or a change of names and calendars, needs more than the changed rows: that is not for this reader.
        Assert.Equal((false, null), await news.Since(-5, Cancel));
        await using (var db = await scene.Server.Get<IDbContextFactory<SunsetterDb>>().CreateDbContextAsync(Cancel))
        await using (var transaction = await db.Database.BeginTransactionAsync(Cancel))
        {
            await GatePosition.Raise(db, null, [], restores: false, ServerUnderTest.Start, Cancel);
            await transaction.CommitAsync(Cancel);
        }
        Assert.Equal((false, null), await news.Since(before, Cancel));
    }

    [Theory, EachDatabase]
    public async Task A_brownout_comes_at_ten_by_each_customers_clock(Database database)
    {
        await using var scene = await GateScene.On(database);
        var snapshot = scene.Publisher.Current!.Snapshot;
        var shanghai = new DateTimeOffset(2026, 11, 24, 2, 0, 0, TimeSpan.Zero);
        var newYork = new DateTimeOffset(2026, 11, 24, 15, 0, 0, TimeSpan.Zero);
        Assert.Equal((GateState.Brownout, GateState.Warned), (snapshot.Decide(GateScene.Module, "huaxin", null, shanghai).State, snapshot.Decide(GateScene.Module, "beike", null, shanghai).State));
        Assert.Equal((GateState.Warned, GateState.Brownout), (snapshot.Decide(GateScene.Module, "huaxin", null, newYork).State, snapshot.Decide(GateScene.Module, "beike", null, newYork).State));
    }

    [Theory, EachDatabase]
    public async Task Where_the_customer_has_a_holiday_the_brownout_waits_for_their_next_working_day(Database database)
    {
        await using var scene = await GateScene.On(database);
        await scene.Server.Get<Calendars>().Import(
            [new CountryYear("US", 2026, [new SpecialDay(new DateOnly(2026, 11, 26), SpecialDayKind.Holiday, "Thanksgiving"), new SpecialDay(new DateOnly(2026, 11, 27), SpecialDayKind.Holiday, "The day after")], "test"), new CountryYear("CN", 2026, [], "test")],
            "lin@vendor.test", Cancel);
        await scene.Server.Get<KeepGateBasis>().Run(ServerUnderTest.Start, Cancel);
        await scene.Change(_ => Decision.Of(new CustomerKey("acme"), new EntryOpened(Server.Platform.Text.Same("Acme"), "standard", CustomerClass.Standard, null, "America/New_York", "en") { Country = "US" })
            .And(Decision.Of(new BrownoutScheduled(new Brownout(new DateOnly(2026, 11, 26), new TimeOnly(10, 0), 15, InCustomersZone: true) { OnWorkingDays = true }, "test"))));

        // Thursday and Friday are holidays there, then comes a weekend: Monday 30 November, ten in New York, is 15:00 UTC.
        GateState At(string customer, int day, int hour) => scene.Publisher.Current!.Snapshot.Decide(GateScene.Module, customer, null, new DateTimeOffset(2026, 11, day, hour, 0, 0, TimeSpan.Zero)).State;
        Assert.Equal((GateState.Warned, GateState.Warned, GateState.Brownout), (At("acme", 26, 15), At("acme", 27, 15), At("acme", 30, 15)));
        Assert.Equal((GateState.Brownout, GateState.Warned), (At("huaxin", 26, 2), At("huaxin", 30, 2)));
    }

    [Theory, EachDatabase]
    public async Task In_a_year_whose_holidays_nobody_imported_nobody_is_switched_off_on_a_guess(Database database)
    {
        await using var scene = await GateScene.On(database);
        await scene.Change(_ => Decision.Of(new BrownoutScheduled(new Brownout(new DateOnly(2026, 11, 26), new TimeOnly(10, 0), 15, InCustomersZone: true) { OnWorkingDays = true }, "test")));
        Assert.Equal(GateState.Warned, Answer(scene, "huaxin", new DateTimeOffset(2026, 11, 26, 2, 0, 0, TimeSpan.Zero)).Item1);
    }

    [Theory, EachDatabase]
    public async Task Who_is_measured_to_have_moved_is_spared_the_brownout_and_who_went_back_is_not(Database database)
    {
        await using var scene = await GateScene.On(database);
        var brownout = new DateTimeOffset(2026, 11, 24, 2, 0, 0, TimeSpan.Zero);
        await scene.Change(_ => Decision.Of(GateScene.Huaxin, new MovementObserved(MoveState.Moved, 0, 9, 0, Server.Platform.Text.Same("x"))));
        Assert.Equal(GateState.Warned, Answer(scene, "huaxin", brownout).Item1);
        await scene.Change(_ => Decision.Of(GateScene.Huaxin, new MovementObserved(MoveState.WentBack, 3, 9, 1, Server.Platform.Text.Same("x"))));
        Assert.Equal(GateState.Brownout, Answer(scene, "huaxin", brownout).Item1);
    }

    [Theory, EachDatabase]
    public async Task A_stored_name_that_the_wire_cannot_carry_does_not_stop_the_gates_of_others(Database database)
    {
        await using var scene = await GateScene.On(database);
        foreach (var bad in new[] { "bad\u0001", new string('x', 201) })
            await scene.Change(_ => Decision.Of(new CustomerKey(bad), new EntryOpened(Server.Platform.Text.Same("X"), "standard", CustomerClass.Standard, null, "UTC", "en"), new CustomerRestored("x", null)));
        await scene.RestoreFor(GateScene.Huaxin);
        var snapshot = scene.Publisher.Current!.Snapshot;
        Assert.Equal(GateReasons.Restored, Answer(scene, "huaxin", GateScene.Closing).Item2);
        Assert.DoesNotContain(snapshot.Find(GateScene.Module)!.Customers, customer => customer.Key.Length is 0 or > 200 || customer.Key.Any(char.IsControl));
    }

    [Theory, EachDatabase]
    public async Task An_extension_a_restore_and_its_end_reach_the_customers_gate_alone(Database database)
    {
        await using var scene = await GateScene.On(database);
        await scene.Change(_ => Decision.Of(GateScene.Beike, new ExtensionGranted(new DateOnly(2027, 1, 31), "asked")));
        await scene.Change(_ => Decision.Of(GateScene.Huaxin, new CustomerClosed(GateScene.Closing), new CustomerRestored("needed", new DateTimeOffset(2026, 12, 9, 0, 0, 0, TimeSpan.Zero))));
        var day = new DateTimeOffset(2026, 12, 8, 0, 0, 0, TimeSpan.Zero);
        Assert.Equal((GateState.Warned, GateReasons.Extended), Answer(scene, "beike", day));
        Assert.Equal((GateState.Open, GateReasons.Restored), Answer(scene, "huaxin", day));
        Assert.Equal((GateState.Closed, GateReasons.Retired), Answer(scene, "somebody", day));
        Assert.Equal((GateState.Closed, GateReasons.Retired), Answer(scene, "huaxin", day.AddDays(1)));

        await scene.Change(_ => Decision.Of(GateScene.Huaxin, new CustomerRestoreEnded("done")));
        Assert.Equal((GateState.Closed, GateReasons.Retired), Answer(scene, "huaxin", day));
    }

    [Theory, EachDatabase]
    public async Task A_cancelled_retirement_leaves_the_module_open(Database database)
    {
        await using var scene = await GateScene.On(database);
        await scene.Change(_ => Decision.Of(new RetirementCancelled("no longer")));
        Assert.Equal((GateState.Open, GateReasons.NotRetiring), Answer(scene, "huaxin", GateScene.Closing));
    }

    [Theory, EachDatabase]
    public async Task What_does_not_concern_gates_makes_no_new_version(Database database)
    {
        await using var scene = await GateScene.On(database);
        var before = scene.Publisher.Current!.Version;
        await scene.Change(_ => Decision.Of(GateScene.Huaxin, new EarliestComputed(new DateOnly(2026, 12, 1), "policy", new Server.Platform.Text("x", "x"))));
        Assert.Equal(before, scene.Publisher.Current!.Version);
        await scene.RestoreFor(GateScene.Huaxin);
        Assert.Equal(before + 1, scene.Publisher.Current!.Version);
    }

    [Theory, EachDatabase]
    public async Task What_was_built_step_by_step_is_what_a_fresh_node_reads(Database database)
    {
        await using var scene = await GateScene.On(database);
        await scene.RestoreFor(GateScene.Huaxin);
        await scene.Change(_ => Decision.Of(GateScene.Beike, new WaveSet("late")));
        await scene.Change(retirement => Decision.Of(new RetirementScheduled(retirement.Schedule! with { Waves = retirement.Schedule!.Waves.Add("late", new DateOnly(2026, 12, 15)) }, "a wave")));
        var fresh = new GateProjection().Apply(await scene.Server.Get<GateReader>().Read(null, Cancel));
        var kept = scene.Publisher.Current!.Snapshot;
        Assert.Equal((kept.Version, kept.IssuedAt), (fresh.Version, fresh.IssuedAt));
        var later = GateSnapshot.Of(kept.Version + 1, kept.IssuedAt, fresh.Modules);
        Assert.True(GateDelta.Between(kept, later).IsEmpty);
    }

    private static (GateState, string) Answer(GateScene scene, string customer, DateTimeOffset at)
    {
        var decision = scene.Publisher.Current!.Snapshot.Decide(GateScene.Module, customer, "u", at);
        return (decision.State, decision.Reason);
    }
}
