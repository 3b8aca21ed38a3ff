using Sunsetter.Harness;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using static Sunsetter.Server.Tests.Decide.DecideFixture;

namespace Sunsetter.Server.Tests.Decide;

/// <summary>Waves on the page of dates: made, moved, filled, removed. Huaxin's contract asks for 180 days after 1 December: 30 May.</summary>
public sealed class WavesTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task A_wave_is_made_filled_moved_emptied_and_removed_on_the_page(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var id = await Scheduled(server);
        using var lin = await Browser.SignIn(server, "lin@vendor.test");
        var page = $"/retirements/{id}/dates";

        (await lin.Submit(await lin.Open(page), "plan-wave", ("WaveForm.Name", "late"), ("WaveForm.Day", "2027-06-21"), ("WaveForm.Reason", "The bank's quarter end."))).Done();
        (await lin.Submit(await lin.Open(page), "move-customers", ("WaveForm.Customers", "huaxin"), ("WaveForm.Name", "late"))).Done();
        Assert.Equal(("late", new DateOnly(2027, 6, 21)), await Huaxin(server, id));

        (await lin.Submit(await lin.Open(page), "plan-wave", ("WaveForm.Name", "late"), ("WaveForm.Day", "2027-06-28"), ("WaveForm.Reason", "One week more."))).Done();
        Assert.Equal(("late", new DateOnly(2027, 6, 28)), await Huaxin(server, id));

        Assert.DoesNotContain("remove-wave", (await lin.Open(page)).Forms);
        (await lin.Submit(await lin.Open(page), "move-customers", ("WaveForm.Customers", "huaxin"), ("WaveForm.Name", ""))).Done();
        (await lin.Submit(await lin.Open(page), "remove-wave", ("WaveForm.Reason", "Nobody needs it."))).Done();

        Assert.Equal((null, new DateOnly(2027, 5, 31)), await Huaxin(server, id));
        Assert.Empty((await server.Get<FactLog>().Find(id, Cancel))!.Schedule!.Waves);
    }

    [Theory, EachDatabase]
    public async Task A_wave_is_refused_on_the_page_with_its_words_kept(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var id = await Scheduled(server);
        using var lin = await Browser.SignIn(server, "lin@vendor.test");
        var page = await lin.Open($"/retirements/{id}/dates");

        var weekend = await lin.Submit(page, "plan-wave", ("WaveForm.Name", "late"), ("WaveForm.Day", "2027-06-26"), ("WaveForm.Reason", "A Saturday."));
        Assert.Equal("calendar.weekend", weekend.Refused);
        Assert.Equal("A Saturday.", weekend.Document.QuerySelector("textarea[name='WaveForm.Reason']")!.TextContent);
        Assert.Equal("schedule.past", (await lin.Submit(page, "plan-wave", ("WaveForm.Name", "late"), ("WaveForm.Day", "2026-11-20"), ("WaveForm.Reason", "Past."))).Refused);
        Assert.Equal("schedule.no-reason", (await lin.Submit(page, "plan-wave", ("WaveForm.Name", "late"), ("WaveForm.Day", "2027-06-28"), ("WaveForm.Reason", " "))).Refused);
        Assert.Equal("wave.no-day", (await lin.Submit(page, "plan-wave", ("WaveForm.Name", "late"), ("WaveForm.Day", "soon"), ("WaveForm.Reason", "x"))).Refused);
    }

    [Theory, EachDatabase]
    public async Task One_customer_who_is_owed_more_notice_keeps_all_of_them_where_they_are(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var id = await Scheduled(server);
        var lin = await server.As("lin@vendor.test");
        Assert.True((await System.Net.Http.Json.HttpClientJsonExtensions.PutAsJsonAsync(lin, $"/api/v1/retirements/{id}/waves/early", new { day = "2027-05-28", reason = "Small ones first." }, Cancel)).IsSuccessStatusCode);

        Assert.Equal("notice.too-short", await Refused(lin, $"/api/v1/retirements/{id}/waves", new { wave = "early", customers = new[] { "orbit", "huaxin" } }));
        Assert.Null((await server.Get<FactLog>().FindEntry(id, new("orbit"), Cancel))!.Wave);
        Assert.Equal("entry.unknown", await Refused(lin, $"/api/v1/retirements/{id}/waves", new { wave = "early", customers = new[] { "nobody" } }));
        Assert.Equal("wave.nobody", await Refused(lin, $"/api/v1/retirements/{id}/waves", new { wave = "early" }));
        Assert.Equal("wave.unknown", await Refused(lin, $"/api/v1/retirements/{id}/waves", new { wave = "third", customers = new[] { "orbit" } }));
        Assert.Null(await Refused(lin, $"/api/v1/retirements/{id}/waves", new { wave = "early", customers = new[] { "orbit" } }));
    }

    [Theory, EachDatabase]
    public async Task Who_may_not_propose_sees_the_waves_and_no_form(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var id = await Scheduled(server);
        using var sales = await Browser.SignIn(server, "sam@vendor.test", Role.Sales);

        var page = await sales.Open($"/retirements/{id}/dates");

        Assert.Contains("31 May 2027, in 190 days", page.Text);
        Assert.Empty(page.Forms);
    }

    private static async Task<RetirementId> Scheduled(ServerUnderTest server)
    {
        var fixture = await On(server);
        var id = await fixture.Approved();
        await Ok(fixture.Lin, $"/api/v1/retirements/{id}/schedule", new { closesOn = "2027-05-31", at = "10:00:00", warnFrom = "2026-12-01", tellingOn = "2026-12-01", observationDays = 14 });
        return RetirementId.Parse(id, null);
    }

    private static async Task<(string?, DateOnly?)> Huaxin(ServerUnderTest server, RetirementId id)
    {
        var entry = (await server.Get<FactLog>().FindEntry(id, new("huaxin"), Cancel))!;
        return (entry.Wave, entry.ClosesOn((await server.Get<FactLog>().Find(id, Cancel))!));
    }
}
