using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Sunsetter.Harness;
using Sunsetter.Server.Platform;

namespace Sunsetter.Server.Tests.Platform;

/// <summary>What cannot be read is answered with a sentence and a code.</summary>
public sealed class UnreadableRequestsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [EachDatabase("POST", "/api/v1/retirements", "{", 400, "request.unreadable")]
    [EachDatabase("POST", "/api/v1/retirements", """{"module":7}""", 400, "request.unreadable")]
    [EachDatabase("POST", "/api/v1/retirements", """{"module":"push","reasons":[{"kind":"whim","explanation":{"en":"a","zh":"b"}}]}""", 400, "request.unreadable")]
    [EachDatabase("POST", "/api/v1/retirements/00000000000000000000000000000001/schedule", """{"closesOn":"2027-13-05"}""", 400, "request.unreadable")]
    [EachDatabase("POST", "/api/v1/retirements/00000000000000000000000000000001/schedule", """{"at":"10:00:00"}""", 400, "request.missing-field")]
    [EachDatabase("POST", "/api/v1/retirements", "", 400, "request.bad-value")]
    [EachDatabase("POST", "/api/v1/retirements/00000000000000000000000000000001/schedule", "", 400, "request.bad-value")]
    [EachDatabase("POST", "/api/v1/retirements/00000000000000000000000000000001/schedule", "null", 400, "request.bad-value")]
    [EachDatabase("PUT", "/api/v1/settings/closing-rules", "null", 400, "request.bad-value")]
    [EachDatabase("GET", "/api/v1/retirements/nonsense", null, 400, "request.bad-value")]
    [EachDatabase("GET", "/api/v1/nothing", null, 404, "request.no-such-address")]
    [EachDatabase("DELETE", "/api/v1/retirements", null, 405, "request.method")]
    public async Task A_program_reads_what_is_wrong_and_a_stable_code(Database database, string method, string path, string? body, int status, string code)
    {
        await using var server = await ServerUnderTest.On(database);
        var root = await server.As("root@vendor.test", Role.Administrator);

        var answer = await root.SendAsync(new HttpRequestMessage(new HttpMethod(method), path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") }, Cancel);

        Assert.Equal((status, "application/problem+json"), ((int)answer.StatusCode, answer.Content.Headers.ContentType?.MediaType));
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.True(problem.GetProperty("title").GetString()!.Length > 20);
        Assert.DoesNotContain("parameter", problem.GetProperty("title").GetString()!);

        root.DefaultRequestHeaders.AcceptLanguage.ParseAdd("zh-CN");
        var chinese = await root.SendAsync(new HttpRequestMessage(new HttpMethod(method), path) { Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json") }, Cancel);
        Assert.Contains((await chinese.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("title").GetString()!, letter => letter is >= '\u4e00' and <= '\u9fff');
    }

    [Theory]
    [EachDatabase("retirements", """{"module":"push","reasons":[{"kind":"whim","explanation":{"en":"a","zh":"b"}}]}""", "$.reasons[0].kind", "technical-renewal, shifted-demand, compliance-or-security, business-strategy")]
    [EachDatabase("retirements/00000000000000000000000000000001/cases/huaxin/close", """{"ending":"gone","note":"x"}""", "$.ending", "moved-to-replacement, restored, not-needed, left-running")]
    [EachDatabase("retirements/00000000000000000000000000000001/schedule", """{"at":"10:00:00","warnFrom":"2027-01-01"}""", "closesOn", "“closesOn”, “tellingOn”")]
    [EachDatabase("retirements/00000000000000000000000000000001/defer", """{"reason":"later"}""", "until", "“until”")]
    [EachDatabase("retirements/00000000000000000000000000000001/observation/extend", """{"reason":"more"}""", "until", "“until”")]
    public async Task A_program_reads_which_words_are_possible_and_which_field_it_left_out(Database database, string path, string body, string field, string named)
    {
        await using var server = await ServerUnderTest.On(database);
        var root = await server.As("root@vendor.test", Role.Administrator);

        var problem = await (await root.PostAsync($"/api/v1/{path}", new StringContent(body, Encoding.UTF8, "application/json"), Cancel)).Content.ReadFromJsonAsync<JsonElement>(Cancel);

        Assert.Equal(field, problem.GetProperty("field").GetString());
        Assert.Contains(named, problem.GetProperty("title").GetString());
    }

    [Theory, EachDatabase("retirements"), EachDatabase("retirements/00000000000000000000000000000001/schedule")]
    public async Task A_body_that_is_no_json_is_told_so(Database database, string path)
    {
        await using var server = await ServerUnderTest.On(database);
        var root = await server.As("root@vendor.test", Role.Administrator);

        var answer = await root.PostAsync($"/api/v1/{path}", new StringContent("module=push", Encoding.UTF8, "text/plain"), Cancel);

        Assert.Equal((HttpStatusCode.UnsupportedMediaType, "request.not-json"), (answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("code").GetString()));
    }

    [Theory, EachDatabase]
    public async Task A_person_whose_form_is_stale_reads_what_to_do(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        using var root = await Browser.SignIn(server, "root@vendor.test", Role.Administrator);

        var answer = await root.Submit(await root.Open("/settings"), "workspace", ("__RequestVerificationToken", "stale"));

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Contains("load the page again and send it once more", answer.Text);
    }

    [Theory, EachDatabase]
    public async Task A_person_at_a_wrong_address_finds_the_way_back(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        using var root = await Browser.SignIn(server, "root@vendor.test", Role.Administrator);

        var answer = await root.Look("/nowhere");

        Assert.Equal(HttpStatusCode.NotFound, answer.Status);
        Assert.Contains("There is nothing here.", answer.Text);
    }
}
