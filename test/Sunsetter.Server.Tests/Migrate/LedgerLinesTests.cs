using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Sunsetter.Harness;
using Sunsetter.Server.Migrate;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Tests.Retirements;
using Sunsetter.Server.Tests.Usage;

namespace Sunsetter.Server.Tests.Migrate;

public sealed class LedgerLinesTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task Eight_looks_at_once_bring_up_the_same_lines_and_none_fails(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var id = RetirementId.New();
        var customers = Enumerable.Range(0, 50).Select(number => new CustomerKey($"c{number:00}")).ToList();
        await server.Get<FactLog>().Begin(id, "lin@vendor.test", _ => customers.Aggregate(
            Decision.Of(Told.Proposal, new RetirementApproved(), new RetirementScheduled(Told.Plan, null)),
            (all, customer) => all.And(Decision.Of(customer, new EntryOpened(Text.Same(customer.Value), "standard", CustomerClass.Standard, null, "Asia/Shanghai", "en")))), Cancel);
        var retirement = (await server.Get<FactLog>().Find(id, Cancel))!;

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => server.Get<LedgerLines>().CatchUp(retirement, Cancel), Cancel)));

        var lines = await server.Get<LedgerPages>().Page(id, LedgerFilter.All, 1, Cancel);
        Assert.Equal(customers.Take(lines.Count).Select(customer => customer.Value), lines.Select(line => line.NameEn).Order(StringComparer.Ordinal));
        Assert.All(lines, line => Assert.Equal(1, line.EntryVersion));
        Assert.Equal(50, (await server.Get<LedgerPages>().Counts(id, Cancel)).All);
    }

    [Theory, EachDatabase]
    public async Task A_minute_after_somebody_went_back_the_ledger_says_so(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var id = RetirementId.New();
        await server.Get<FactLog>().Begin(id, "lin@vendor.test", _ => Decision.Of(Told.Proposal, new RetirementApproved(), new RetirementScheduled(Told.Plan, null), new MigrationStarted())
            .And(Decision.Of(new CustomerKey("huaxin"), new EntryOpened(Text.Same("Huaxin"), "standard", CustomerClass.Standard, null, "Asia/Shanghai", "en"))), Cancel);
        // On the old module until the middle of October, on the new one ever since; another customer keeps both reported.
        var lines = new System.Text.StringBuilder("time,module,customer,user\n");
        for (var day = new DateOnly(2026, 9, 1); day <= UsageFixture.Today; day = day.AddDays(1))
            lines.Append(System.Globalization.CultureInfo.InvariantCulture, $"{day:yyyy-MM-dd}T06:00:00Z,{(day < new DateOnly(2026, 10, 15) ? Told.Proposal.Module : Told.Proposal.Replacement)},huaxin,ann\n{day:yyyy-MM-dd}T06:00:00Z,{Told.Proposal.Module},delta,ben\n{day:yyyy-MM-dd}T06:00:00Z,{Told.Proposal.Replacement},delta,ben\n");
        await server.Import(lines.ToString());
        await server.Tick();
        Assert.Equal(MoveState.Moved, await State(server, id));

        using var gateway = await server.As("ops@vendor.test", Role.Operations);
        (await gateway.Send("back", UsageFixture.Event("2026-11-22T07:30:00Z", Told.Proposal.Module.Value, "huaxin", "ann"))).EnsureSuccessStatusCode();
        await server.Tick(TimeSpan.FromMinutes(1));

        Assert.Equal(MoveState.WentBack, await State(server, id));
        Assert.Contains("Had moved", (await server.Get<FactLog>().FindEntry(id, new CustomerKey("huaxin"), Cancel))!.Move.Evidence.En);

        // One more changes no state, and is counted all the same.
        (await gateway.Send("ben", UsageFixture.Event("2026-11-22T07:31:00Z", Told.Proposal.Module.Value, "huaxin", "ben"))).EnsureSuccessStatusCode();
        await server.Tick(TimeSpan.FromSeconds(20));
        using var sales = await server.As("sales@vendor.test", Role.Sales);
        var move = (await sales.GetFromJsonAsync<JsonElement>($"/api/v1/retirements/{id}/entries/huaxin", Cancel)).GetProperty("move");
        Assert.Equal(2, move.GetProperty("oldUsers").GetInt64());
        Assert.Contains("2 users used the old module again", move.GetProperty("evidence").GetProperty("en").GetString(), StringComparison.Ordinal);
        using var lin = await Browser.SignIn(server, "lin@vendor.test", Role.Product);
        Assert.Contains("Sources and gaps", (await lin.Open($"/retirements/{id}/migrate")).Text);
    }

    [Fact]
    public void Once_more_time_covers_the_next_use_the_line_offers_none_and_blocks_nothing()
    {
        var entry = Told.EntryOf(Told.Huaxin, CustomerClass.Standard, new MovementObserved(MoveState.NotStarted, 9, 0, 0, Text.Same("measured")));
        var line = new LedgerLine { Retirement = Told.Migrating().Id, Customer = Told.Huaxin, Weeks = [9, 9, 9, 9, 9, 9, 9, 9], Outlook = Outlook.NoMovement, NextUseOn = Told.ClosesOn.AddDays(9) };
        LineRule.Fill(line, Told.Migrating(), entry);
        Assert.Equal((Outlook.NextUseAfterClosing, true), (line.Outlook, line.Blocks));

        LineRule.Fill(line, Told.Migrating(), entry.Then("lin@vendor.test", new ExtensionGranted(Told.ClosesOn.AddDays(20), "Quarter end")));

        Assert.Equal((Outlook.NoMovement, false), (line.Outlook, line.Blocks));
        Assert.DoesNotContain("extension", line.StepEn, StringComparison.Ordinal);
    }

    private static async Task<MoveState> State(ServerUnderTest server, RetirementId id) => (await server.Get<FactLog>().FindEntry(id, new CustomerKey("huaxin"), Cancel))!.Move.State;

    [Theory, EachDatabase]
    public async Task The_counts_name_the_latest_day_on_which_somebody_is_expected_to_be_done(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var id = RetirementId.New();
        Assert.Null((await server.Get<LedgerPages>().Counts(id, Cancel)).LastForecast);
        await using (var db = await server.Get<IDbContextFactory<SunsetterDb>>().CreateDbContextAsync(Cancel))
        {
            db.AddRange(Line("a", MoveState.Moving, new(2027, 1, 4)), Line("b", MoveState.Moving, new(2027, 2, 28)), Line("c", MoveState.Moving, null), Line("d", MoveState.Moved, new(2028, 1, 1)));
            await db.SaveChangesAsync(Cancel);
        }

        Assert.Equal(new DateOnly(2027, 2, 28), (await server.Get<LedgerPages>().Counts(id, Cancel)).LastForecast);

        LedgerLine Line(string customer, MoveState state, DateOnly? done) => new() { Retirement = id, Customer = new CustomerKey(customer), State = state, DoneOn = done };
    }
}
