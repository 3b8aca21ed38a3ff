using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Sunsetter.Harness;
using Sunsetter.Server.Close;
using Sunsetter.Server.Migrate;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Usage;

namespace Sunsetter.Server.Tests.Console;

/// <summary>The rules an administrator edits, on their page and over the API.</summary>
public sealed class RulesTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task Each_form_of_the_page_keeps_its_own_rules(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        using var root = await Browser.SignIn(server, "root@vendor.test", Role.Administrator);

        (await root.Submit(await root.Open("/settings/rules"), "migration-rules", ("longestExtension", "30"))).Done();
        (await root.Submit(await root.Open("/settings/rules"), "closing-rules", ("backup", "14"), ("brownoutMinutes", "480"))).Done();
        (await root.Submit(await root.Open("/settings/rules"), "usage-rules", ("coverage", "95"), ("daysKept", "900"), ("weeksKept", "129"))).Done();
        (await root.Submit(await root.Open("/settings/rules"), "import-rules", ("packed", "100000"))).Done();

        var settings = server.Get<Settings>();
        Assert.Equal(30, (await settings.Get<MigrationRules>(Cancel)).LongestExtensionDays);
        Assert.Equal(new ClosingRules { BackupDays = 14, LongestBrownoutMinutes = 480 }, await settings.Get<ClosingRules>(Cancel));
        Assert.Equal(new UsageSettings { EnoughCoverage = 0.95, DaysKept = 900, WeeksKept = 129 }, await settings.Get<UsageSettings>(Cancel));
        Assert.Equal(100_000, (await settings.Get<Server.Catalogue.ImportSettings>(Cancel)).MostMegabytes);
    }

    [Theory]
    [EachDatabase("migration-rules", "longestExtension", "366", "migration-rules.out-of-range")]
    [EachDatabase("migration-rules", "longestExtension", "0", "migration-rules.out-of-range")]
    [EachDatabase("closing-rules", "drill", "", "closing-rules.out-of-range")]
    [EachDatabase("closing-rules", "brownoutMinutes", "481", "closing-rules.out-of-range")]
    [EachDatabase("usage-rules", "idle", "32", "usage-rules.out-of-range")]
    [EachDatabase("usage-rules", "coverage", "101", "usage-rules.out-of-range")]
    [EachDatabase("usage-rules", "coverage", "much", "usage-rules.out-of-range")]
    [EachDatabase("usage-rules", "daysKept", "899", "usage-rules.kept")]
    [EachDatabase("usage-rules", "weeksKept", "1", "usage-rules.kept")]
    [EachDatabase("import-rules", "unpacked", "100001", "import-rules.out-of-range")]
    public async Task A_rule_out_of_its_range_is_refused_on_the_page_and_nothing_is_kept(Database database, string form, string field, string value, string code)
    {
        await using var server = await ServerUnderTest.On(database);
        using var root = await Browser.SignIn(server, "root@vendor.test", Role.Administrator);

        Assert.Equal(code, (await root.Submit(await root.Open("/settings/rules"), form, (field, value))).Refused);

        var settings = server.Get<Settings>();
        Assert.Equal((new MigrationRules(), new ClosingRules(), new UsageSettings()), (await settings.Get<MigrationRules>(Cancel), await settings.Get<ClosingRules>(Cancel), await settings.Get<UsageSettings>(Cancel)));
    }

    [Theory]
    [EachDatabase("migration-rules", """{"longestExtensionDays":366}""", "migration-rules.out-of-range")]
    [EachDatabase("closing-rules", """{"drillDays":0}""", "closing-rules.out-of-range")]
    [EachDatabase("usage", """{"enoughCoverage":1.01}""", "usage-rules.out-of-range")]
    [EachDatabase("import", """{"mostMegabytes":0}""", "import-rules.out-of-range")]
    [EachDatabase("reminder-ladder", """{"daysBefore":[]}""", "ladder.wrong")]
    public async Task A_rule_out_of_its_range_is_refused_by_the_api_with_its_code(Database database, string name, string body, string code)
    {
        await using var server = await ServerUnderTest.On(database);
        var root = await server.As("root@vendor.test", Role.Administrator);

        var answer = await root.PutAsync($"/api/v1/settings/{name}", new StringContent(body, null, "application/json"), Cancel);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        Assert.Equal(code, (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("code").GetString());
    }

    [Theory]
    [EachDatabase("settings/closing-rules", """{"drillDays":40}""")]
    [EachDatabase("settings/usage", """{"idleDays":5}""")]
    [EachDatabase("policy", """{"note":"as it is","policy":POLICY}""")]
    public async Task A_document_is_changed_only_as_it_was_read_where_the_caller_says_how_that_was(Database database, string path, string body)
    {
        await using var server = await ServerUnderTest.On(database);
        var root = await server.As("root@vendor.test", Role.Administrator);
        var read = await root.GetAsync($"/api/v1/{path}", Cancel);
        body = body.Replace("POLICY", await read.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);

        Assert.Equal((HttpStatusCode.PreconditionFailed, "precondition.changed"), await Put("\"another\""));
        Assert.Equal((HttpStatusCode.BadRequest, "precondition.unreadable"), await Put("without quotes"));
        // A proxy that compresses has made the tag weak on its way.
        var put = await Send($"\"another\", W/{read.Headers.ETag!.Tag}");
        Assert.True(put.IsSuccessStatusCode, await put.Content.ReadAsStringAsync(Cancel));
        Assert.Equal(put.Headers.ETag, (await root.GetAsync($"/api/v1/{path}", Cancel)).Headers.ETag);
        Assert.True((await Send("*")).IsSuccessStatusCode);
        Assert.True((await Send(null)).IsSuccessStatusCode);

        async Task<(HttpStatusCode, string?)> Put(string tag) => await Send(tag) is var answer ? (answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("code").GetString()) : default;

        Task<HttpResponseMessage> Send(string? tag)
        {
            var request = new HttpRequestMessage(HttpMethod.Put, $"/api/v1/{path}") { Content = new StringContent(body, null, "application/json") };
            if (tag is not null)
                request.Headers.TryAddWithoutValidation("If-Match", tag);
            return root.SendAsync(request, Cancel);
        }
    }

    [Theory, EachDatabase]
    public async Task The_secret_of_the_user_hashes_neither_leaves_nor_is_lost_over_the_api(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        await server.Get<Settings>().Set(new UsageSettings { HashUsers = true, HashKey = "c2VjcmV0" }, "test", Cancel);
        var root = await server.As("root@vendor.test", Role.Administrator);

        Assert.DoesNotContain("c2VjcmV0", await root.GetStringAsync("/api/v1/settings/usage", Cancel));
        var answer = await root.PutAsJsonAsync("/api/v1/settings/usage", new { idleDays = 5 }, Cancel);
        Assert.DoesNotContain("c2VjcmV0", await answer.Content.ReadAsStringAsync(Cancel));

        Assert.Equal(new UsageSettings { HashUsers = true, HashKey = "c2VjcmV0", IdleDays = 5 }, await server.Get<Settings>().Get<UsageSettings>(Cancel));
    }

    [Theory, EachDatabase]
    public async Task Only_an_administrator_changes_rules(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var lin = await server.As("lin@vendor.test", Role.Product);

        Assert.Equal(HttpStatusCode.Forbidden, (await lin.PutAsJsonAsync("/api/v1/settings/closing-rules", new { drillDays = 365 }, Cancel)).StatusCode);
        Assert.NotEqual(HttpStatusCode.OK, (await lin.GetAsync("/settings/rules", Cancel)).StatusCode);
    }
}
