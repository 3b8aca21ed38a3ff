using System.Text.Json;
using Sunsetter.Harness;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using static Sunsetter.Server.Tests.Decide.DecideFixture;

namespace Sunsetter.Server.Tests.Decide;

/// <summary>What decides which days are possible, as a program sets it: the notice policy, holidays and freezes.</summary>
public sealed class DateRulesApiTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task A_policy_with_errors_is_refused_with_all_of_them_and_a_good_one_is_kept_with_its_history(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        await DecideFixture.On(server);
        var administrator = await server.As("root@vendor.test", Role.Administrator);

        var bad = await administrator.PutAsync("/api/v1/policy", Body("""{ "note": "try", "policy": { "floorDays": -1, "flour": 2 } }"""), Cancel);
        Assert.Contains("$.flour", await bad.Content.ReadAsStringAsync(Cancel));
        Assert.Contains("$.floorDays", await bad.Content.ReadAsStringAsync(Cancel));
        var good = await administrator.PutAsync("/api/v1/policy", Body("""{ "note": "Lawyers ask for two weeks.", "policy": { "floorDays": 14 } }"""), Cancel);
        Assert.Equal(System.Net.HttpStatusCode.NoContent, good.StatusCode);
        Assert.Equal(14, (await Get(administrator, "/api/v1/policy")).GetProperty("floorDays").GetInt32());
        Assert.Equal("Lawyers ask for two weeks.", Assert.Single((await Get(administrator, "/api/v1/policy/history")).EnumerateArray()).GetProperty("note").GetString());
    }

    [Theory, EachDatabase]
    public async Task A_policy_is_tried_before_it_is_kept(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var fixture = await DecideFixture.On(server);
        await fixture.Approved();
        var longer = new NoticePolicy() with { FloorDays = 400 };

        var tried = await Ok(fixture.Lin, "/api/v1/policy/check", JsonElement.Parse(PolicyDocument.Write(longer)));

        Assert.Equal(19, tried.GetProperty("preview").GetArrayLength());
        Assert.All(tried.GetProperty("preview").EnumerateArray(), line => Assert.Equal(400, line.GetProperty("thenDays").GetInt32()));
        Assert.Equal(30, (await Get(fixture.Lin, "/api/v1/policy")).GetProperty("floorDays").GetInt32());
    }

    [Theory, EachDatabase]
    public async Task An_imported_year_is_known_until_it_is_forgotten(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var administrator = await server.As("root@vendor.test", Role.Administrator);

        await Ok(administrator, "/api/v1/calendar", new { country = "cn", text = """{ "year": 2027, "papers": [], "days": [{ "name": "元旦", "date": "2027-01-01", "isOffDay": true }] }""" });
        Assert.Equal("calendar.unreadable", await Refused(administrator, "/api/v1/calendar", new { country = "CN", text = """{ "year": 2027, "papers": [], "days": [] }""" }));
        foreach (var text in new[] { new string('x', 100_000), "country,date,name\nCN,2027-01-01," + new string('x', 100_000), "country,date\nCN,\"2027-01-01\"x\n", "country,country,date\n" })
            Assert.Equal("calendar.unreadable", await Refused(administrator, "/api/v1/calendar", new { country = "CN", text }));
        Assert.Equal(DayKind.Holiday, (await server.Get<Calendars>().Read(Cancel)).Of("CN", new(2027, 1, 1)).Kind);

        Assert.Equal(System.Net.HttpStatusCode.NoContent, (await administrator.DeleteAsync("/api/v1/calendar/CN/2027", Cancel)).StatusCode);
        Assert.False((await server.Get<Calendars>().Read(Cancel)).Knows("CN", 2027));
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await administrator.DeleteAsync("/api/v1/calendar/CN/2027", Cancel)).StatusCode);
    }

    [Theory, EachDatabase]
    public async Task A_freeze_for_one_customer_refuses_a_schedule_that_closes_them_in_it(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var fixture = await DecideFixture.On(server);
        var id = await fixture.Approved();
        var administrator = await server.As("root@vendor.test", Role.Administrator);

        Assert.Equal("not-found", await Refused(administrator, "/api/v1/calendar/freezes", new { from = "2027-06-01", to = "2027-06-30", reason = "half-year", customer = "nobody" }));
        Assert.Equal("freeze.days", await Refused(administrator, "/api/v1/calendar/freezes", new { from = "2027-06-02", to = "2027-06-01", reason = "half-year" }));
        await Ok(administrator, "/api/v1/calendar/freezes", new { from = "2027-06-01", to = "2027-06-30", reason = "half-year", customer = "orbit" });

        Assert.Equal("calendar.freeze", await Refused(fixture.Lin, $"/api/v1/retirements/{id}/schedule", new { closesOn = "2027-06-30", at = "10:00:00", warnFrom = "2026-12-01", tellingOn = "2026-12-01", observationDays = 14 }));
        Assert.Null(await Refused(fixture.Lin, $"/api/v1/retirements/{id}/schedule", new { closesOn = "2027-07-01", at = "10:00:00", warnFrom = "2026-12-01", tellingOn = "2026-12-01", observationDays = 14 }));
    }

    private static StringContent Body(string json) => new(json, System.Text.Encoding.UTF8, "application/json");
}
