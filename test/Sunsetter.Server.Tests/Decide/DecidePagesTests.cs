using System.Net;
using AngleSharp.Html.Parser;
using Sunsetter.Harness;
using Sunsetter.Server.Platform;
using static Sunsetter.Server.Tests.Decide.DecideFixture;

namespace Sunsetter.Server.Tests.Decide;

/// <summary>The pages as they leave the server.</summary>
public sealed class DecidePagesTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task The_pages_of_a_decision_answer_in_both_languages_at_every_step(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var fixture = await DecideFixture.On(server);
        var root = await server.As("root@vendor.test", Role.Administrator);
        var id = (await fixture.Propose()).GetProperty("id").GetString()!;
        var pages = new[] { $"/retirements/{id}/decide", $"/retirements/{id}/dates", $"/retirements/{id}/decision-record", "/retirements/new", "/settings/policy", "/settings/calendar?year=2028" };

        await Shown(root, pages);
        await fixture.GatherAll(id);
        await Ok(fixture.Lin, $"/api/v1/retirements/{id}/submit", new { });
        await Shown(root, pages);
        await fixture.ApproveAll(id);
        await Ok(fixture.Lin, $"/api/v1/retirements/{id}/schedule", new { closesOn = "2027-05-31", at = "10:00:00", warnFrom = "2026-12-01", tellingOn = "2026-12-01", observationDays = 14, waves = new { late = "2027-06-28" } });
        await Shown(root, pages);
    }

    [Theory, EachDatabase]
    public async Task What_people_wrote_is_shown_as_text_and_cannot_break_the_record(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var fixture = await DecideFixture.On(server);
        var id = (await fixture.Propose()).GetProperty("id").GetString()!;
        await Ok(fixture.Lin, $"/api/v1/retirements/{id}/comparisons", new { replacement = "spaces", capability = "rooms", coverage = "partly", note = "a | b <script>alert(1)</script>\n# big" });

        var html = await fixture.Lin.GetStringAsync($"/retirements/{id}/decision-record", Cancel);
        var markdown = await fixture.Lin.GetStringAsync($"/retirements/{id}/decision-record.md", Cancel);

        Assert.Empty((await new HtmlParser().ParseDocumentAsync(html, Cancel)).QuerySelectorAll("article script"));
        Assert.Contains(@"partly: a \| b \<script\>alert(1)\</script\> \# big |", markdown);
    }

    [Theory, EachDatabase]
    public async Task The_record_calls_people_by_their_names_in_markdown_as_on_the_page(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var fixture = await DecideFixture.On(server);
        var id = (await fixture.Propose()).GetProperty("id").GetString()!;

        var markdown = await fixture.Lin.GetStringAsync($"/retirements/{id}/decision-record.md", Cancel);

        Assert.Contains(@"Owner: Wang \*Jun\*.", markdown);
        Assert.DoesNotContain("@vendor.test", markdown);
    }

    [Theory]
    [EachDatabase("nonsense")]
    [EachDatabase("00000000000000000000000000000000")]
    public async Task A_retirement_that_is_not_there_is_said_so(Database database, string id)
    {
        await using var server = await ServerUnderTest.On(database);
        var fixture = await DecideFixture.On(server);

        foreach (var page in new[] { "", "/decide", "/dates", "/decision-record", "/decision-record.md" })
            Assert.Equal(HttpStatusCode.NotFound, (await fixture.Lin.GetAsync($"/retirements/{id}{page}", Cancel)).StatusCode);
    }

    [Theory, EachDatabase]
    public async Task The_address_of_a_retirement_leads_to_its_stage(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var fixture = await DecideFixture.On(server);
        var id = (await fixture.Propose()).GetProperty("id").GetString()!;

        var answer = await fixture.Lin.GetAsync($"/retirements/{id}", Cancel);

        Assert.EndsWith($"/retirements/{id}/decide", answer.Headers.Location?.ToString());
    }

    [Theory, EachDatabase]
    public async Task A_reader_without_permissions_sees_the_evidence_and_no_form(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var fixture = await DecideFixture.On(server);
        var id = (await fixture.Propose()).GetProperty("id").GetString()!;
        var sales = await server.As("sam@vendor.test", Role.Sales);

        var page = await new HtmlParser().ParseDocumentAsync(await sales.GetStringAsync($"/retirements/{id}/decide", Cancel), Cancel);

        Assert.Equal(["compare", "voice"], page.QuerySelectorAll("main form input[name=_handler]").Select(field => field.GetAttribute("value")));
    }

    private static async Task Shown(HttpClient client, IEnumerable<string> pages)
    {
        foreach (var page in pages)
            foreach (var language in new[] { "en", "zh-CN" })
            {
                var answer = await client.GetAsync($"{page}{(page.Contains('?') ? "&" : "?")}lang={language}", Cancel);
                var document = await new HtmlParser().ParseDocumentAsync(await answer.Content.ReadAsStringAsync(Cancel), Cancel);
                Assert.True(answer.IsSuccessStatusCode, $"{page} in {language}: {answer.StatusCode}");
                Assert.Matches(language == "en" ? "[A-Za-z]{3}" : @"[\u4e00-\u9fff]", document.QuerySelector("h1")!.TextContent);
            }
    }
}
