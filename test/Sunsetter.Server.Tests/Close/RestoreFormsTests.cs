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

    [Fact]
    public async Task Who_may_not_close_sees_that_it_is_open_again_and_no_form()
    {
        await using var server = await ServerUnderTest.On(Database.Sqlite);
        var id = await Closed(server);
        await server.Get<FactLog>().Change(id, Told.Huaxin, "ops@vendor.test", (_, _) => Decision.Of(Told.Huaxin, new CustomerRestored("Payroll", ServerUnderTest.Start.AddDays(1))), Cancel);
        using var sales = await Browser.SignIn(server, "sam@vendor.test", Role.Sales);

        var page = await sales.Open($"/retirements/{id}/close");

        Assert.Contains("Huaxin Bank open again until", page.Text);
        Assert.Empty(page.Forms);
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
