using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Sunsetter.Harness;
using Sunsetter.Server.Migrate;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Tests.Retirements;

namespace Sunsetter.Server.Tests.Close;

public sealed class ClosingThroughTheApiTests
{
    private static readonly DateTimeOffset Instant = Told.Plan.InstantOf(Told.ClosesOn);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task After_a_go_six_hundred_customers_close_in_one_tick_each_at_the_planned_instant(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var id = await Begun(server, customers: 600);
        await server.Get<FactLog>().Change(id, "ops@vendor.test", _ => new ClosingConfirmed(""), Cancel);

        server.Clock.SetUtcNow(Instant.AddMilliseconds(-1));
        await server.Tick();
        Assert.All(await server.Get<FactLog>().Entries(id, Cancel), entry => Assert.Null(entry.ClosedAt));
        await server.Tick(TimeSpan.FromMilliseconds(1));

        Assert.All(await server.Get<FactLog>().Entries(id, Cancel), entry => Assert.Equal(Instant, entry.ClosedAt));
        Assert.Equal((Stage.Observe, new DateOnly(2027, 3, 15)), ((await server.Get<FactLog>().Find(id, Cancel))!.Stage, (await server.Get<FactLog>().Find(id, Cancel))!.ObservationEndsOn));
    }

    [Theory, EachDatabase]
    public async Task A_customer_is_restored_in_one_call_and_closes_again_by_itself(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var id = await Begun(server, customers: 1);
        await server.Get<FactLog>().Change(id, "ops@vendor.test", _ => new ClosingConfirmed(""), Cancel);
        server.Clock.SetUtcNow(Instant);
        await server.Tick();
        var operations = await server.As("ops@vendor.test", Role.Operations);

        var answer = await operations.PostAsJsonAsync($"/api/v1/retirements/{id}/entries/c0/restore", new { reason = "Payroll stopped", until = Instant.AddHours(2) }, Cancel);

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.NotNull((await server.Get<FactLog>().FindEntry(id, new CustomerKey("c0"), Cancel))!.Restore);
        await server.Tick(TimeSpan.FromHours(2));
        Assert.Null((await server.Get<FactLog>().FindEntry(id, new CustomerKey("c0"), Cancel))!.Restore);
    }

    [Theory, EachDatabase]
    public async Task A_restore_without_a_reason_is_refused_as_problem_details(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var id = await Begun(server, customers: 1);
        var operations = await server.As("ops@vendor.test", Role.Operations);

        var answer = await operations.PostAsJsonAsync($"/api/v1/retirements/{id}/restore", new { until = Instant }, Cancel);

        Assert.Equal((HttpStatusCode.UnprocessableEntity, "reason.missing"), (answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("code").GetString()));
    }

    [Theory, EachDatabase]
    public async Task One_who_may_not_close_may_not_restore(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var id = await Begun(server, customers: 1);
        var sales = await server.As("sam@vendor.test", Role.Sales);

        Assert.Equal(HttpStatusCode.Forbidden, (await sales.PostAsJsonAsync($"/api/v1/retirements/{id}/restore", new { reason = "x", until = Instant }, Cancel)).StatusCode);
    }

    [Theory, EachDatabase]
    public async Task The_go_is_refused_with_every_line_that_blocks(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var id = await Begun(server, customers: 2);
        var operations = await server.As("ops@vendor.test", Role.Operations);

        var checks = await operations.GetFromJsonAsync<JsonElement>($"/api/v1/retirements/{id}/closing/checks", Cancel);
        var answer = await operations.PostAsJsonAsync($"/api/v1/retirements/{id}/closing/confirm", new { module = "rooms-legacy" }, Cancel);

        Assert.Contains("restore.drilled", checks.EnumerateArray().Where(check => check.GetProperty("standing").GetString() == "blocks").Select(check => check.GetProperty("code").GetString()));
        Assert.Equal("closing.not-ready", (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("code").GetString());
        Assert.False((await server.Get<FactLog>().Find(id, Cancel))!.ClosingConfirmed);
    }

    [Theory, EachDatabase]
    public async Task The_ledger_lists_a_page_and_counts_all(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var id = await Begun(server, customers: 60);
        await server.Tick();
        var ledger = server.Get<LedgerPages>();

        Assert.Equal((50, 10), ((await ledger.Page(id, LedgerFilter.All, 1, Cancel)).Count, (await ledger.Page(id, LedgerFilter.All, 2, Cancel)).Count));
        var counts = await ledger.Counts(id, Cancel);
        Assert.Equal((60, 60, 60, 0), (counts.All, counts.NeedsWork, counts.Unknown, counts.Moved));
    }

    [Theory, EachDatabase]
    public async Task A_line_follows_its_entry_at_the_next_look(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var id = await Begun(server, customers: 2);
        await server.Tick();
        var log = server.Get<FactLog>();
        await log.Change(id, new CustomerKey("c1"), "yue@vendor.test", (_, entry) => Decision.Of(entry.Customer, new HelpRequested(Guid.CreateVersion7(), "How?", "li@c1.test")), Cancel);

        await server.Get<LedgerLines>().CatchUp((await log.Find(id, Cancel))!, Cancel);

        Assert.Contains((await server.Get<LedgerPages>().Page(id, LedgerFilter.All, 1, Cancel)), line => line.Customer.Value == "c1" && line.StepEn.StartsWith("Answer their question", StringComparison.Ordinal));
    }

    private static async Task<RetirementId> Begun(ServerUnderTest server, int customers)
    {
        var id = RetirementId.New();
        var log = server.Get<FactLog>();
        await log.Begin(id, "lin@vendor.test", _ => Enumerable.Range(0, customers).Aggregate(
            Decision.Of(Told.Proposal, new RetirementApproved(), new RetirementScheduled(Told.Plan, null), new ReplacementSignedOff("Tested", null), new MigrationStarted()),
            (all, at) => all.And(Decision.Of(new CustomerKey($"c{at}"), new EntryOpened(Text.Same($"Customer {at}"), "standard", CustomerClass.Standard, null, "Asia/Shanghai", "en")))), Cancel);
        return id;
    }
}
