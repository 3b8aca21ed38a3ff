using Sunsetter.Harness;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Tests.Retirements;

namespace Sunsetter.Server.Tests.Close;

/// <summary>The way back as the Close page offers it.</summary>
public sealed class RestoreFormsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task One_customer_is_brought_back_and_closed_again_with_a_reason(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var id = await Closed(server);
        using var ops = await Browser.SignIn(server, "ops@vendor.test", Role.Operations);
        var path = $"/retirements/{id}/close";

        (await ops.Submit(await ops.Open(path), "restore", ("RestoreForm.Customer", "huaxin"), ("RestoreForm.Hours", "24"), ("RestoreForm.Reason", "Payroll runs tonight."))).Done();
        var page = await ops.Open(path);
        Assert.Contains("Huaxin Bank open again until", page.Text);
        Assert.Equal("reason.missing", (await ops.Submit(page, "end-restore-huaxin", ("RestoreForm.Reason", " "))).Refused);
        Assert.NotNull((await Entry(server, id)).Restore);
        (await ops.Submit(page, "end-restore-huaxin", ("RestoreForm.Reason", "Payroll is done."))).Done();

        Assert.Null((await Entry(server, id)).Restore);
        Assert.DoesNotContain("end-restore-huaxin", (await ops.Open(path)).Forms);
    }

    [Theory, EachDatabase]
    public async Task Who_may_not_close_sees_that_it_is_open_again_and_no_form(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var id = await Closed(server);
        await server.Get<FactLog>().Change(id, Told.Huaxin, "ops@vendor.test", (_, _) => Decision.Of(Told.Huaxin, new CustomerRestored("Payroll", ServerUnderTest.Start.AddDays(1))), Cancel);
        using var sales = await Browser.SignIn(server, "sam@vendor.test", Role.Sales);

        var page = await sales.Open($"/retirements/{id}/close");

        Assert.Contains("Huaxin Bank open again until", page.Text);
        Assert.Empty(page.Forms);
    }

    [Theory, EachDatabase]
    public async Task Whoever_is_closed_is_offered_for_a_restore_and_nobody_else(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var id = await Closed(server);
        await server.Get<FactLog>().Change(id, "lin@vendor.test", _ => Decision.Of(new CustomerKey("delta"), new EntryOpened(Text.Same("Delta"), "standard", CustomerClass.Standard, null, "Asia/Shanghai", "en"), new ExtensionGranted(new DateOnly(2026, 12, 20), "Audit")), Cancel);
        using var ops = await Browser.SignIn(server, "ops@vendor.test", Role.Operations);

        var page = await ops.Open($"/retirements/{id}/close");

        Assert.Equal(["", "huaxin"], page.Document.QuerySelectorAll("select[name='RestoreForm.Customer'] option").Select(option => option.GetAttribute("value")));
    }

    [Theory, EachDatabase]
    public async Task Where_nothing_is_closed_the_drill_is_offered_and_no_restore(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var id = RetirementId.New();
        await server.Get<FactLog>().Begin(id, "lin@vendor.test", _ => Decision.Of(Told.Proposal, new RetirementApproved(), new RetirementScheduled(Told.Plan, null), new MigrationStarted()), Cancel);
        using var ops = await Browser.SignIn(server, "ops@vendor.test", Role.Operations);

        var page = await ops.Open($"/retirements/{id}/close");

        Assert.Equal((false, true), (page.Forms.Contains("restore"), page.Forms.Contains("drill")));
        Assert.Contains("there is nothing to bring back", page.Text);
    }

    [Theory, EachDatabase]
    public async Task A_go_is_asked_for_two_weeks_ahead_with_its_day_and_its_lack_is_told_after_it(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var id = RetirementId.New();
        await server.Get<FactLog>().Begin(id, "lin@vendor.test", _ => Decision.Of(Told.Proposal, new RetirementApproved(), new RetirementScheduled(Told.Plan, null), new MigrationStarted()), Cancel);
        var instant = Told.Plan.InstantOf(Told.ClosesOn);
        async Task<Need?> At(DateTimeOffset now) => (await server.Get<IEnumerable<INeeds>>().OfType<Server.Close.CloseNeeds>().Single().Of((await server.Get<FactLog>().Find(id, Cancel))!, now, Cancel)).SingleOrDefault();

        Assert.Null(await At(instant.AddDays(-14).AddMilliseconds(-1)));
        var (soon, late) = ((await At(instant.AddDays(-14)))!, (await At(instant))!);
        Assert.Equal(("The first customer closes on 1 Mar 2027; without a go nothing closes.", "首批客户将于 2027年3月1日下线；未经批准不会下线。"), (soon.Why.En, soon.Why.Zh));
        Assert.EndsWith("overdue, the go is missing", late.Title.En, StringComparison.Ordinal);
    }

    [Theory, EachDatabase]
    public async Task After_the_go_it_is_said_that_the_list_has_turned_while_somebody_is_still_to_be_closed(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var id = RetirementId.New();
        await server.Get<FactLog>().Begin(id, "lin@vendor.test", _ => Decision.Of(
                Told.Proposal, new RetirementApproved(), new RetirementScheduled(Told.Plan, null), new ReplacementSignedOff("Tested", null), new MigrationStarted(), new ClosingConfirmed("go"))
            .And(Decision.Of(Told.Huaxin, new EntryOpened(new Text("Newcomer", "新客户"), "enterprise", CustomerClass.Standard, null, "Asia/Shanghai", "zh-CN"))), Cancel);
        async Task<bool> Said() => (await server.Get<IEnumerable<INeeds>>().OfType<Server.Close.CloseNeeds>().Single().Of((await server.Get<FactLog>().Find(id, Cancel))!, server.Clock.GetUtcNow(), Cancel))
            .Any(need => need.Title.En.EndsWith("since the go, the list has turned", StringComparison.Ordinal));

        Assert.True(await Said());
        await server.Get<FactLog>().Change(id, Told.Huaxin, "sunsetter", (_, _) => Decision.Of(Told.Huaxin, new CustomerClosed(ServerUnderTest.Start)), Cancel);
        Assert.False(await Said());
    }

    [Theory, EachDatabase]
    public async Task Who_set_the_day_is_told_that_somebody_else_gives_the_go_and_sees_no_button(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var id = RetirementId.New();
        await server.Get<FactLog>().Begin(id, "lin@vendor.test", _ => Decision.Of(Told.Proposal, new RetirementApproved(), new RetirementScheduled(Told.Plan, null), new MigrationStarted()), Cancel);
        using var lin = await Browser.SignIn(server, "lin@vendor.test", Role.Product);
        using var ops = await Browser.SignIn(server, "ops@vendor.test", Role.Operations);

        var page = await lin.Open($"/retirements/{id}/close");
        Assert.DoesNotContain("go", page.Forms);
        Assert.Contains("somebody else must confirm it", page.Text);
        Assert.Contains("go", (await ops.Open($"/retirements/{id}/close")).Forms);
    }

    private static async Task<LedgerEntry> Entry(ServerUnderTest server, RetirementId id) => (await server.Get<FactLog>().FindEntry(id, Told.Huaxin, Cancel))!;

    private static async Task<RetirementId> Closed(ServerUnderTest server)
    {
        var id = RetirementId.New();
        await server.Get<FactLog>().Begin(id, "lin@vendor.test", _ => Decision.Of(
                Told.Proposal, new RetirementApproved(), new RetirementScheduled(Told.Plan with { ClosesOn = new DateOnly(2026, 11, 20) }, null), new ReplacementSignedOff("Tested", null), new MigrationStarted(), new ClosingConfirmed("go"))
            .And(Decision.Of(Told.Huaxin, new EntryOpened(new Text("Huaxin Bank", "华信银行"), "enterprise", CustomerClass.Key, null, "Asia/Shanghai", "zh-CN"), new CustomerClosed(ServerUnderTest.Start.AddDays(-2)))), Cancel);
        return id;
    }
}
