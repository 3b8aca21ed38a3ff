using System.Collections.Immutable;
using System.Net.Http.Json;
using System.Text.Json;
using Sunsetter.Harness;
using Sunsetter.Server.Close;
using Sunsetter.Server.Gates;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Tests.Retirements;

namespace Sunsetter.Server.Tests.Close;

/// <summary>A go is given for a plan: who closes at another time afterwards waits for the next one.</summary>
public sealed class StaleGoTests
{
    private static readonly DateTimeOffset Given = Told.Start.AddDays(60), Promised = Told.Plan.InstantOf(Told.ClosesOn);
    private static readonly CustomerKey Orbit = new("orbit");
    private static readonly Schedule Later = Told.Plan with { ClosesOn = Told.ClosesOn.AddDays(7), Waves = ImmutableSortedDictionary<string, DateOnly>.Empty.Add("late", Told.ClosesOn.AddDays(14)) };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void A_day_that_moves_after_the_go_closes_nobody_until_it_is_given_again()
    {
        var moved = After(Gone(), 1, "lin@vendor.test", new RetirementScheduled(Later, "later"));

        Assert.Empty(CloseWhatIsDue.Decide(moved, [Told.Entry()], Promised.AddYears(1)).Facts);
        Assert.Null(CloseWhatIsDue.Next(moved, [Told.Entry()], Promised));
        var again = After(moved, 2, "ops@vendor.test", new ClosingConfirmed("again"));
        Assert.Equal(Later.InstantOf(Later.ClosesOn), CloseWhatIsDue.Decide(again, [Told.Entry()], Promised.AddYears(1)).Answered<CustomerClosed>().EffectiveAt);
    }

    [Fact]
    public void A_change_that_leaves_the_instant_leaves_the_go() =>
        Assert.Equal(Promised, CloseWhatIsDue.Decide(After(Gone(), 1, "lin@vendor.test", new RetirementScheduled(Told.Plan with { ObservationDays = 7 }, "less")), [Told.Entry()], Promised).Answered<CustomerClosed>().EffectiveAt);

    [Fact]
    public void More_time_for_a_customer_leaves_the_go()
    {
        var entry = After(Told.Entry(), 1, "yue@vendor.test", new ExtensionGranted(Told.ClosesOn.AddDays(3), "quarter end"));

        Assert.Equal(Promised.AddDays(4), CloseWhatIsDue.Decide(Gone(), [entry], Promised.AddDays(4)).Answered<CustomerClosed>().EffectiveAt);
    }

    [Fact]
    public void A_customer_who_changes_the_wave_waits_and_the_others_close()
    {
        var gone = Gone(Told.Plan with { Waves = ImmutableSortedDictionary<string, DateOnly>.Empty.Add("late", Told.ClosesOn.AddDays(1)) });
        LedgerEntry[] two = [Told.Entry(), After(Told.EntryOf(Orbit, CustomerClass.Standard), 1, "lin@vendor.test", new WaveSet("late"))];

        var closed = Assert.Single(CloseWhatIsDue.Decide(gone, two, Promised.AddYears(1)).Facts);
        Assert.Equal(Told.Huaxin, closed.Customer);
        Assert.Equal([Orbit], ConfirmClosing.Waiting(gone, two).Select(entry => entry.Customer));
        Assert.Empty(ConfirmClosing.Waiting(gone, [two[0], After(two[1], 2, "lin@vendor.test", new WaveSet(null))]));
    }

    [Fact]
    public void Whoever_has_set_any_of_the_dates_is_not_the_one_who_confirms_them()
    {
        var planned = Told.Migrating().Then("wang@vendor.test", new RetirementScheduled(Later, "and a wave"));
        LedgerEntry[] entries = [Told.EntryOf(Told.Huaxin, CustomerClass.Key).Then("zhou@vendor.test", new WaveSet("late")), Told.EntryOf(Orbit, CustomerClass.Standard).Then("chen@vendor.test", new EarliestOverridden(Told.ClosesOn, "urgent", "sun@vendor.test"))];

        // lin had set the first day, which wang's change did not make somebody else's; sun asked for the exception that chen approved.
        Assert.Equal(["Lin@vendor.test", "wang@vendor.test", "zhou@vendor.test", "sun@vendor.test"],
            new[] { "Lin@vendor.test", "wang@vendor.test", "zhou@vendor.test", "sun@vendor.test", "chen@vendor.test", "ops@vendor.test" }.Where(person => ConfirmClosing.HasPlanned(planned, entries, person)));
        // What one go has confirmed is not asked about at the next.
        var gone = After(planned, 0, "ops@vendor.test", new ClosingConfirmed(""));
        Assert.False(ConfirmClosing.HasPlanned(gone, entries, "zhou@vendor.test"));
        Assert.True(ConfirmClosing.HasPlanned(After(gone, 1, "ops@vendor.test", new RetirementScheduled(Told.Plan, "back")), entries, "ops@vendor.test"));
    }

    [Theory, EachDatabase]
    public async Task The_list_and_the_page_say_whose_time_has_changed_since_the_go(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var (id, log) = (RetirementId.New(), server.Get<FactLog>());
        await log.Begin(id, "lin@vendor.test", _ => Decision.Of(Told.Proposal, new RetirementApproved(), new RetirementScheduled(Told.Plan, null), new MigrationStarted(), new ClosingConfirmed("go"))
            .And(Decision.Of(Told.Huaxin, new EntryOpened(Text.Same("Huaxin Bank"), "standard", CustomerClass.Standard, null, "Asia/Shanghai", "en"))), Cancel);
        var operations = await server.As("ops@vendor.test", Role.Operations);
        Assert.Equal("ready", await Go());

        await log.Change(id, "lin@vendor.test", _ => new RetirementScheduled(Later, "later"), Cancel);

        Assert.Equal("note", await Go());
        using var browser = await Browser.SignIn(server, "ops2@vendor.test", Role.Operations);
        Assert.Contains("the go no longer holds for 1 customer", (await browser.Open($"/retirements/{id}/close")).Text);
        Assert.Contains("a date moved after the go", (await browser.Open("/")).Text);
        server.Clock.SetUtcNow(Later.InstantOf(Later.ClosesOn));
        await server.Tick();
        Assert.Null((await log.FindEntry(id, Told.Huaxin, Cancel))!.ClosedAt);

        async Task<string?> Go() => (await operations.GetFromJsonAsync<JsonElement>($"/api/v1/retirements/{id}/closing/checks", Cancel)).EnumerateArray()
            .Single(check => check.GetProperty("code").GetString() == "plan.go").GetProperty("standing").GetString();
    }

    private static Retirement Gone(Schedule? plan = null) =>
        After(plan is null ? Told.Migrating() : Told.Migrating(new RetirementScheduled(plan, "waves")), 0, "ops@vendor.test", new ClosingConfirmed(""));

    private static Retirement After(Retirement retirement, int days, string by, RetirementFact fact) => retirement.Apply(new Recorded(retirement.Id, null, retirement.Version + 1, Given.AddDays(days), by, fact));

    private static LedgerEntry After(LedgerEntry entry, int days, string by, EntryFact fact) => entry.Apply(new Recorded(entry.Retirement, entry.Customer, entry.Version + 1, Given.AddDays(days), by, fact));
}
