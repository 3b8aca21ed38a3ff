using System.Net;
using System.Text.Json;
using Sunsetter.Harness;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using static Sunsetter.Server.Tests.Decide.DecideFixture;

namespace Sunsetter.Server.Tests.Decide;

/// <summary>The decide stage as a program sees it, on both databases.</summary>
public sealed class DecideApiTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task A_decision_goes_from_the_proposal_to_an_open_ledger(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var fixture = await DecideFixture.On(server);

        var id = await fixture.Approved();

        var retirement = await Get(fixture.Lin, $"/api/v1/retirements/{id}");
        Assert.Equal("announce", retirement.GetProperty("stage").GetString());
        var dates = await Get(fixture.Lin, $"/api/v1/retirements/{id}/dates");
        Assert.Equal(["huaxin", "orbit"], dates.EnumerateArray().Select(entry => entry.GetProperty("customer").GetString()));
    }

    [Theory, EachDatabase]
    public async Task What_is_missing_is_told_in_the_order_of_the_page_until_nothing_is(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var fixture = await DecideFixture.On(server);
        var id = (await fixture.Propose()).GetProperty("id").GetString()!;

        var gaps = await Codes(fixture.Lin, id);
        Assert.Equal(["cost.missing", "alternatives.unanswered", "voice.operations-missing", "voice.support-missing", "dependents.modules", "usage.unknown"], gaps);
        Assert.Equal("cost.missing", await Refused(fixture.Lin, $"/api/v1/retirements/{id}/submit", new { }));

        await fixture.GatherAll(id);
        Assert.Empty(await Codes(fixture.Lin, id));
        Assert.Null(await Refused(fixture.Lin, $"/api/v1/retirements/{id}/submit", new { }));
    }

    [Theory, EachDatabase]
    public async Task A_decision_is_not_possible_while_one_line_of_the_comparison_is_unanswered(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var fixture = await DecideFixture.On(server);
        var id = (await fixture.Propose()).GetProperty("id").GetString()!;
        await fixture.GatherAll(id);
        await Ok(fixture.Lin, $"/api/v1/retirements/{id}/capabilities", new { capabilities = new[] { "rooms", "retention", "pinned messages" } });

        Assert.Equal("alternatives.unanswered", await Refused(fixture.Lin, $"/api/v1/retirements/{id}/submit", new { }));
    }

    [Theory, EachDatabase]
    public async Task The_proposer_cannot_approve_although_they_have_the_role(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var fixture = await DecideFixture.On(server);
        var id = await Submitted(fixture);

        Assert.Equal("decision.own", await Refused(fixture.Lin, $"/api/v1/retirements/{id}/approve", new { role = "product" }));
    }

    [Theory, EachDatabase]
    public async Task Of_many_who_propose_the_same_module_at_once_one_is_heard(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var fixture = await DecideFixture.On(server);

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => fixture.TryPropose()));

        Assert.Equal([HttpStatusCode.Created, .. Enumerable.Repeat(HttpStatusCode.UnprocessableEntity, 5)], answers.Select(answer => answer.StatusCode).Order());
    }

    [Theory, EachDatabase]
    public async Task Of_two_who_move_the_dates_at_once_the_second_sees_that_they_moved(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var fixture = await DecideFixture.On(server);
        var id = await fixture.Approved();
        object Plan(string day, object? waves) => new { closesOn = day, at = "10:00:00", warnFrom = "2026-12-01", tellingOn = "2026-12-01", observationDays = 14, reasonForChange = "Because.", waves };
        await Ok(fixture.Lin, $"/api/v1/retirements/{id}/schedule", Plan("2027-05-31", new { late = "2027-06-28" }));
        using var ana = await Browser.SignIn(server, "ana@vendor.test", Role.Product);
        using var bo = await Browser.SignIn(server, "bo@vendor.test", Role.Product);
        var (first, second) = (await ana.Open($"/retirements/{id}/dates"), await bo.Open($"/retirements/{id}/dates"));

        (await ana.Submit(first, "schedule", ("Form.ClosesOn", "2027-06-01"), ("Form.ReasonForChange", "A day later."))).Done();
        Assert.Equal("conflict.overtaken", (await bo.Submit(second, "schedule", ("Form.ObservationDays", "10"), ("Form.ReasonForChange", "Watch less."))).Refused);
        await Ok(fixture.Lin, $"/api/v1/retirements/{id}/schedule", Plan("2027-06-02", null));

        var schedule = (await server.Get<FactLog>().Find(RetirementId.Parse(id, null), Cancel))!.Schedule!;
        Assert.Equal((new DateOnly(2027, 6, 2), new DateOnly(2027, 6, 28)), (schedule.ClosesOn, schedule.Waves["late"]));
    }

    [Theory, EachDatabase]
    public async Task A_retirement_is_proposed_only_by_those_who_may(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        await DecideFixture.On(server);
        var sales = await server.As("sam@vendor.test", Role.Sales);

        Assert.Equal("forbidden", await Refused(sales, "/api/v1/retirements", new { module = "rooms-legacy" }));
    }

    [Theory]
    [EachDatabase("""{}""", "retirement.no-module")]
    [EachDatabase("""{ "module": "nonesuch" }""", "not-found")]
    [EachDatabase("""{ "module": "rooms-legacy", "replacement": "rooms-legacy" }""", "replacement.same")]
    [EachDatabase("""{ "module": "rooms-legacy", "replacement": "nonesuch" }""", "not-found")]
    [EachDatabase("""{ "module": "rooms-legacy" }""", "reasons.none")]
    [EachDatabase("""{ "module": "rooms-legacy", "reasons": [null] }""", "reasons.kind")]
    [EachDatabase("""{ "module": "rooms-legacy", "reasons": [{ "kind": "business-strategy", "explanation": { "en": "Focus." } }] }""", "text.missing")]
    [EachDatabase("""{ "module": "rooms-legacy", "owner": "nobody", "reasons": [] }""", "retirement.no-owner")]
    public async Task A_proposal_that_lacks_something_is_told_what(Database database, string body, string code)
    {
        await using var server = await ServerUnderTest.On(database);
        var fixture = await DecideFixture.On(server);

        Assert.Equal(code, await Refused(fixture.Lin, "/api/v1/retirements", JsonElement.Parse(body)));
    }

    [Theory, EachDatabase]
    public async Task A_module_is_retired_once_and_its_replacement_not_at_all(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var fixture = await DecideFixture.On(server);
        await fixture.Propose();
        var reasons = new[] { new { kind = "business-strategy", explanation = new { en = "Focus.", zh = "聚焦。" } } };

        Assert.Equal("module.retiring", await Refused(fixture.Lin, "/api/v1/retirements", new { module = "rooms-legacy", replacement = "spaces", reasons }));
        Assert.Equal("module.is-replacement", await Refused(fixture.Lin, "/api/v1/retirements", new { module = "spaces", reasons }));
        Assert.Equal("replacement.retiring", await Refused(fixture.Lin, "/api/v1/retirements", new { module = "search", replacement = "rooms-legacy", reasons }));
    }

    [Theory, EachDatabase]
    public async Task A_schedule_is_refused_by_the_contract_of_one_customer_and_accepted_on_its_day(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var fixture = await DecideFixture.On(server);
        var id = await fixture.Approved();
        object Plan(string day) => new { closesOn = day, at = "10:00:00", warnFrom = "2026-12-01", tellingOn = "2026-12-01", observationDays = 14 };

        // 180 days after 1 Dec 2026 is Sunday 30 May 2027, so Friday is too early and Monday the first day that does.
        Assert.Equal("notice.too-short", await Refused(fixture.Lin, $"/api/v1/retirements/{id}/schedule", Plan("2027-05-28")));
        Assert.Null(await Refused(fixture.Lin, $"/api/v1/retirements/{id}/schedule", Plan("2027-05-31")));
        var dates = await Get(fixture.Lin, $"/api/v1/retirements/{id}/dates");
        var huaxin = dates.EnumerateArray().Single(entry => entry.GetProperty("customer").GetString() == "huaxin");
        Assert.Equal(("2027-05-30", "contract"), (huaxin.GetProperty("earliest").GetProperty("day").GetString(), huaxin.GetProperty("earliest").GetProperty("ruleCode").GetString()));
    }

    [Theory, EachDatabase]
    public async Task An_override_asked_for_and_approved_by_another_makes_room_for_an_earlier_day(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var fixture = await DecideFixture.On(server);
        var id = await fixture.Approved();
        var override_ = $"/api/v1/retirements/{id}/entries/huaxin/override";
        object Plan(string day) => new { closesOn = day, at = "10:00:00", warnFrom = "2026-12-01", tellingOn = "2026-12-01", observationDays = 14 };

        Assert.Equal("entry.unknown", await Refused(fixture.Lin, override_.Replace("huaxin", "meiya"), new { day = "2027-03-01", reason = "They asked." }));
        await Ok(fixture.Lin, override_, new { day = "2027-03-01", reason = "They asked for it: their audit is in April." });
        Assert.Equal("override.own", await Refused(fixture.Lin, $"{override_}/approve", new { }));
        Assert.Equal("notice.too-short", await Refused(fixture.Lin, $"/api/v1/retirements/{id}/schedule", Plan("2027-03-01")));

        await Ok(await server.As("law@vendor.test", Role.Compliance), $"{override_}/approve", new { day = "2027-03-01" });
        Assert.Null(await Refused(fixture.Lin, $"/api/v1/retirements/{id}/schedule", Plan("2027-03-02")));
    }

    [Theory, EachDatabase]
    public async Task The_clock_keeps_the_earliest_day_current_while_nobody_has_been_told(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var fixture = await DecideFixture.On(server);
        var id = await fixture.Approved();
        await Ok(fixture.Lin, $"/api/v1/retirements/{id}/schedule", new { closesOn = "2027-08-02", at = "10:00:00", warnFrom = "2026-12-01", tellingOn = "2026-12-01", observationDays = 14 });

        // The tenth of December has come and no notice went out: 180 days from then.
        await server.Tick(TimeSpan.FromDays(18));
        await server.Tick();

        var entry = (await server.Get<FactLog>().FindEntry(RetirementId.Parse(id, null), new CustomerKey("huaxin"), Cancel))!;
        Assert.Equal(new DateOnly(2027, 6, 8), entry.Earliest!.Day);
        Assert.Equal(2, (await server.Get<FactLog>().History(entry.Retirement, entry.Customer, Cancel)).Count(fact => fact.Fact is EarliestComputed));
    }

    [Theory, EachDatabase]
    public async Task A_customer_who_becomes_entitled_after_the_decision_gets_an_entry_of_their_own(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var fixture = await DecideFixture.On(server);
        var id = await fixture.Approved();
        await using (var db = await server.Get<Microsoft.EntityFrameworkCore.IDbContextFactory<SunsetterDb>>().CreateDbContextAsync(Cancel))
        {
            db.Add(new Server.Catalogue.Customer { Key = new("newcomer"), NameEn = "Newcomer", Tier = "enterprise" });
            await db.SaveChangesAsync(Cancel);
        }

        await server.Tick();
        await server.Tick();

        var entries = await server.Get<FactLog>().Entries(RetirementId.Parse(id, null), Cancel);
        Assert.Equal(["huaxin", "newcomer", "orbit"], entries.Select(entry => entry.Customer.Value));
        Assert.Single(await server.Get<FactLog>().History(RetirementId.Parse(id, null), new CustomerKey("newcomer"), Cancel), fact => fact.Fact is EntryOpened);
    }

    [Theory, EachDatabase]
    public async Task Reject_defer_resume_and_cancel_keep_the_record(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var fixture = await DecideFixture.On(server);
        var id = await Submitted(fixture);

        await Ok(fixture.Lin, $"/api/v1/retirements/{id}/defer", new { until = "2027-02-01", reason = "Spaces is not ready." });
        await Ok(fixture.Lin, $"/api/v1/retirements/{id}/resume", new { reason = "It is ready now." });
        await Ok(fixture.Lin, $"/api/v1/retirements/{id}/submit", new { });
        await Ok(await server.As("eng@vendor.test", Role.Engineering), $"/api/v1/retirements/{id}/reject", new { reason = "Retention is untested." });

        var kinds = (await server.Get<FactLog>().History(RetirementId.Parse(id, null), null, Cancel)).Select(fact => FactKinds.NameOf(fact.Fact.GetType()));
        Assert.Equal(["decide.submitted", "retirement.deferred", "retirement.resumed", "decide.submitted", "retirement.rejected"], kinds.SkipWhile(kind => kind != "decide.submitted"));
        Assert.Equal("decision.ended", await Refused(fixture.Lin, $"/api/v1/retirements/{id}/cancel", new { reason = "Again." }));
        Assert.Equal("announce", (await Get(fixture.Lin, $"/api/v1/retirements/{await fixture.Approved()}")).GetProperty("stage").GetString());
    }

    private static async Task<string> Submitted(DecideFixture fixture)
    {
        var id = (await fixture.Propose()).GetProperty("id").GetString()!;
        await fixture.GatherAll(id);
        await Ok(fixture.Lin, $"/api/v1/retirements/{id}/submit", new { });
        return id;
    }

    private static async Task<IEnumerable<string?>> Codes(HttpClient client, string id) =>
        (await Get(client, $"/api/v1/retirements/{id}/decision")).GetProperty("gaps").EnumerateArray().Select(gap => gap.GetProperty("code").GetString());
}
