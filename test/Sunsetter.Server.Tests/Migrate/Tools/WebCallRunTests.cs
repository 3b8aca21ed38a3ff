using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Sunsetter.Harness;
using Sunsetter.Server.Connectors;
using Sunsetter.Server.Migrate;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using static Sunsetter.Server.Tests.Migrate.Tools.ToolScene;

namespace Sunsetter.Server.Tests.Migrate.Tools;

/// <summary>A real HTTP server as the tool.</summary>
public sealed class WebCallRunTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task A_web_call_carries_key_and_secret_and_its_stream_is_the_progress(Database database)
    {
        await using var tool = await Tool.Start(async http =>
        {
            await http.Response.WriteAsync("{\"done\":1,\"total\":2,\"message\":\"half\"}\n");
            await http.Response.Body.FlushAsync();
            await http.Response.WriteAsync("{\"done\":2,\"message\":\"moved\",\"result\":\"succeeded\"}\n");
        });
        await using var scene = await Attached(database, tool);
        await scene.Ask(dryRun: true, Huaxin);
        await scene.RunDue();

        var run = await scene.LastRun(Huaxin);
        Assert.Equal((true, 2, 2, "moved"), (run.Succeeded, run.Done, run.Total, run.Output));
        var call = await tool.Calls.ReadAsync(Cancel);
        Assert.Equal((run.IdempotencyKey, "s3cret"), (call.Key, call.Secret));
        Assert.True(call.Work.GetProperty("dryRun").GetBoolean());
    }

    [Theory, EachDatabase]
    public async Task The_secret_stands_in_no_fact(Database database)
    {
        await using var tool = await Tool.Start(_ => Task.CompletedTask);
        await using var scene = await Attached(database, tool);

        var facts = await scene.Log.History(scene.Id, null, Cancel);

        Assert.DoesNotContain(facts, fact => FactKinds.BodyOf(fact.Fact).Contains("s3cret", StringComparison.Ordinal));
        Assert.Contains(facts, fact => FactKinds.BodyOf(fact.Fact).Contains("X-Api-Key", StringComparison.Ordinal));
    }

    [Theory]
    [EachDatabase(200, "application/x-ndjson", """{"result":"failed","message":"no such room"}""", "The tool says that it failed. · 工具报告失败。 no such room")]
    [EachDatabase(200, "application/json", """{"result":"quota exceeded"}""", "The tool says that it failed. · 工具报告失败。")]
    [EachDatabase(200, "text/html", "<h1>Please sign in</h1>", "The answer is not one that a tool gives. Attach the address that takes the call, not a page. · 该应答并非工具应答。请接入接收调用的地址，而非网页。")]
    [EachDatabase(200, "application/json", "[1, 2]", "The answer is not one that a tool gives. Attach the address that takes the call, not a page. · 该应答并非工具应答。请接入接收调用的地址，而非网页。")]
    [EachDatabase(404, null, "", "The tool answered 404. · 工具返回 404。")]
    [EachDatabase(302, null, "", "The tool answers with a redirect; attach its final address. · 工具返回重定向，请接入其最终地址。")]
    public async Task An_end_that_would_be_the_same_again_is_final(Database database, int status, string? type, string body, string output)
    {
        await using var tool = await Tool.Start(http =>
        {
            http.Response.StatusCode = status;
            http.Response.ContentType = type;
            http.Response.Headers.Location = "http://127.0.0.1:9/";
            return http.Response.WriteAsync(body);
        });
        await using var scene = await Attached(database, tool);
        await scene.Ask(dryRun: true, Huaxin);
        await scene.RunDue();

        var run = await scene.LastRun(Huaxin);
        Assert.Equal((false, output), (run.Succeeded, run.Output));
    }

    [Theory, EachDatabase]
    public async Task An_answer_that_ends_before_its_own_total_is_no_success(Database database)
    {
        await using var tool = await Tool.Start(http => http.Response.WriteAsync("""{"done":4,"total":40}"""));
        await using var scene = await Attached(database, tool);
        await scene.Ask(dryRun: true, Huaxin);
        await scene.RunDue();

        var run = await scene.LastRun(Huaxin);
        Assert.Null(run.FinishedAt);
        Assert.StartsWith("The answer ended at 4 of 40.", (await scene.Server.Get<ToolRuns>().Find(run.Id, Cancel))!.Message);
    }

    [Theory, EachDatabase]
    public async Task An_answer_that_goes_on_and_on_without_an_end_is_no_success(Database database)
    {
        await using var tool = await Tool.Start(async http =>
        {
            for (var megabyte = 0; megabyte < 5; megabyte++)
                await http.Response.WriteAsync(new string('\n', 1024 * 1024));
            await http.Response.WriteAsync("""{"result":"failed"}""");
        });
        await using var scene = await Attached(database, tool);
        await scene.Ask(dryRun: true, Huaxin);
        await scene.RunDue();

        var run = await scene.LastRun(Huaxin);
        Assert.False(run.Succeeded);
        Assert.StartsWith("The answer was longer than 4 MB", run.Output);
    }

    [Theory, EachDatabase]
    public async Task A_tool_that_is_busy_is_called_again_no_sooner_than_it_asked(Database database)
    {
        var busy = true;
        await using var tool = await Tool.Start(http =>
        {
            http.Response.StatusCode = busy ? 503 : 200;
            http.Response.Headers.RetryAfter = "600";
            busy = false;
            return Task.CompletedTask;
        });
        await using var scene = await Attached(database, tool);
        await scene.Ask(dryRun: true, Huaxin);
        await scene.RunDue();
        scene.Server.Clock.Advance(TimeSpan.FromSeconds(599));
        await scene.RunDue();
        Assert.Null((await scene.LastRun(Huaxin)).FinishedAt);

        scene.Server.Clock.Advance(TimeSpan.FromSeconds(1));
        await scene.RunDue();

        Assert.True((await scene.LastRun(Huaxin)).Succeeded);
        Assert.Equal((await tool.Calls.ReadAsync(Cancel)).Key, (await tool.Calls.ReadAsync(Cancel)).Key);
    }

    [Theory, EachDatabase]
    public async Task A_tool_that_answers_202_reports_by_itself_with_its_own_token(Database database)
    {
        await using var tool = await Tool.Start(http =>
        {
            http.Response.StatusCode = 202;
            return Task.CompletedTask;
        });
        await using var scene = await Attached(database, tool);
        await scene.Server.Get<Settings>().Set(new Workspace { PublicUrl = scene.Server.Address.ToString().TrimEnd('/') }, "test", Cancel);
        await scene.Ask(dryRun: true, Huaxin);
        await scene.RunDue();
        Assert.Null((await scene.LastRun(Huaxin)).FinishedAt);
        var report = (await tool.Calls.ReadAsync(Cancel)).Work.GetProperty("report");
        using var reporter = new HttpClient();

        Assert.Equal(HttpStatusCode.Unauthorized, await Report(reporter, report, "sst_run_wrong", new { done = 1 }));
        Assert.Equal(HttpStatusCode.NoContent, await Report(reporter, report, null, new { done = 3, total = 9, message = "a third" }));
        Assert.Equal((3, 9), ((await scene.Row(Huaxin)).Done, (await scene.Row(Huaxin)).Total));
        Assert.Equal(HttpStatusCode.NoContent, await Report(reporter, report, null, new { done = 9, result = "succeeded" }));
        await scene.RunDue();
        Assert.Equal((true, 9, 9), ((await scene.LastRun(Huaxin)).Succeeded, (await scene.LastRun(Huaxin)).Done, (await scene.LastRun(Huaxin)).Total));
        Assert.Equal(HttpStatusCode.Conflict, await Report(reporter, report, null, new { result = "failed" }));
    }

    [Theory, EachDatabase]
    public async Task A_tool_that_took_the_work_and_never_reports_has_failed_at_its_time_limit(Database database)
    {
        await using var tool = await Tool.Start(http =>
        {
            http.Response.StatusCode = 202;
            return Task.CompletedTask;
        });
        await using var scene = await Attached(database, tool);
        await scene.Ask(dryRun: true, Huaxin);
        await scene.RunDue();

        scene.Server.Clock.Advance(TimeSpan.FromSeconds(60) - TimeSpan.FromMilliseconds(1));
        await scene.RunDue();
        Assert.Null((await scene.LastRun(Huaxin)).FinishedAt);
        scene.Server.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await scene.RunDue();

        Assert.StartsWith("The tool had taken it and did not report its end in time.", (await scene.LastRun(Huaxin)).Output);
    }

    [Fact]
    public async Task A_tool_at_a_private_address_is_not_called()
    {
        using var runner = new WebCallRunner(new OutsideTarget([]));

        var end = await runner.Run(new ToolCall(new MigrationTool("x", MigrationToolKind.WebCall, "http://localhost:9/", 60), new ToolWork(Guid.Empty, "k", 1, true, default, default, null, new ToolCustomer(Huaxin, "x", "UTC", "en")), null), new ToolTalk(), Cancel);

        Assert.Contains("private address", Assert.IsType<ToolEnd.Failed>(end).Reason.En);
    }

    private static async Task<HttpStatusCode> Report(HttpClient reporter, JsonElement report, string? token, object said)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, report.GetProperty("url").GetString()) { Content = JsonContent.Create(said) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token ?? report.GetProperty("token").GetString());
        using var answer = await reporter.SendAsync(request, Cancel);
        return answer.StatusCode;
    }

    private static async Task<ToolScene> Attached(Database database, Tool tool)
    {
        var scene = await On(database);
        await scene.Attach(new ToolGiven(null, "Room mover", MigrationToolKind.WebCall, tool.Url, null, 60, "X-Api-Key", "s3cret"));
        return scene;
    }

    /// <summary>A tool's end of the line, on this machine.</summary>
    private sealed class Tool(WebApplication app) : IAsyncDisposable
    {
        private readonly Channel<(string? Key, string? Secret, JsonElement Work)> calls = Channel.CreateUnbounded<(string?, string?, JsonElement)>();

        public string Url => $"{app.Urls.First()}/move";

        public ChannelReader<(string? Key, string? Secret, JsonElement Work)> Calls => calls.Reader;

        public static async Task<Tool> Start(Func<HttpContext, Task> answer)
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var app = builder.Build();
            var tool = new Tool(app);
            app.MapPost("/move", async http =>
            {
                var work = await JsonSerializer.DeserializeAsync<JsonElement>(http.Request.Body, cancellationToken: http.RequestAborted);
                tool.calls.Writer.TryWrite((http.Request.Headers["Idempotency-Key"], http.Request.Headers["X-Api-Key"], work));
                await answer(http);
            });
            await app.StartAsync();
            return tool;
        }

        public ValueTask DisposeAsync() => app.DisposeAsync();
    }
}
