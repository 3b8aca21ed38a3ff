using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Microsoft.FeatureManagement;
using Microsoft.FeatureManagement.FeatureFilters;
using Microsoft.FeatureManagement.Mvc;
using Sunsetter.Client.AspNetCore;
using Sunsetter.Client.FeatureManagement;
using Sunsetter.Client.Grpc;
using Sunsetter.Gates;
using static Sunsetter.Client.Tests.Samples;

namespace Sunsetter.Client.Tests;

/// <summary>A service that obeys, asked over real HTTP at chosen instants.</summary>
public sealed class HttpTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(Announced.AddSeconds(-1));
    private readonly string _state = Directory.CreateTempSubdirectory("sunsetter-").FullName;
    private WebApplication _app = null!;
    private HttpClient _http = null!;
    private HttpClient _http2 = null!;
    private string _hub = "";

    public async ValueTask InitializeAsync()
    {
        File.WriteAllBytes(Path.Combine(_state, "snapshot.json"), Snapshot(1, Rooms(Retiring, ("spared", Restored)), Files).Write());
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        builder.Services.AddSingleton<TimeProvider>(_time);
        // Nobody listens there: the stored snapshot decides.
        builder.Services.AddSunsetter(o => { o.Server = new Uri("http://127.0.0.1:1"); o.Key = "sst_srv_k1_s"; o.StateDirectory = _state; });
        builder.Services.AddSunsetterHttp(o => o.Caller = context => new Caller(context.Request.Headers["X-Customer"].FirstOrDefault() ?? "huaxin", "li"));
        builder.Services.AddSunsetterGrpc();
        builder.Services.AddSignalR();
        builder.Services.AddControllers().AddApplicationPart(typeof(HttpTests).Assembly);
        // The application's own conditions: any of two, none of which holds.
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["FeatureManagement:files:EnabledFor:0:Name"] = "Percentage", ["FeatureManagement:files:EnabledFor:0:Parameters:Value"] = "0",
            ["FeatureManagement:files:EnabledFor:1:Name"] = "Percentage", ["FeatureManagement:files:EnabledFor:1:Parameters:Value"] = "0",
            ["FeatureManagement:rooms-legacy:EnabledFor:0:Name"] = "Percentage", ["FeatureManagement:rooms-legacy:EnabledFor:0:Parameters:Value"] = "0",
            ["FeatureManagement:rooms-legacy:EnabledFor:1:Name"] = "Percentage", ["FeatureManagement:rooms-legacy:EnabledFor:1:Parameters:Value"] = "100",
        });
        builder.Services.AddFeatureManagement().AddSunsetter();
        builder.Services.AddRouting(routing => routing.SetParameterPolicy<Microsoft.AspNetCore.Routing.Constraints.RegexInlineRouteConstraint>("regex"));
        _app = builder.Build();
        _app.MapGet("/minimal", () => "works").RequireModule("rooms-legacy");
        _app.MapGet("/both", () => "works").RequireModule("rooms-legacy").RequireModule("files");
        _app.MapGet("/unknown", () => "works").RequireModule("no-such-module");
        _app.MapControllers();
        _app.MapHub<RoomsHub>("/hub");
        _app.MapGrpcService<RoomsService>();
        await _app.StartAsync();
        var urls = _app.Urls.ToArray();
        _http = new HttpClient { BaseAddress = new Uri(urls[0]) };
        _http2 = new HttpClient(new SocketsHttpHandler()) { BaseAddress = new Uri(urls[1]) };
        _hub = urls[0] + "/hub";
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _http2.Dispose();
        await _app.DisposeAsync();
    }

    [Theory]
    [InlineData("/minimal")]
    [InlineData("/mvc")]
    public async Task Before_the_announcement_an_answer_carries_nothing_of_ours(string path)
    {
        using var answer = await _http.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Deprecation") || answer.Headers.Contains("Sunset") || answer.Headers.Contains("Link"));
    }

    [Theory]
    [InlineData("/minimal")]
    [InlineData("/mvc")]
    public async Task From_the_announcement_on_an_answer_says_since_when_until_when_and_what_instead(string path)
    {
        At(Announced);
        using var answer = await _http.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("@1796083200", answer.Headers.GetValues("Deprecation").Single());
        Assert.Equal("Fri, 01 Jan 2027 18:00:00 GMT", answer.Headers.GetValues("Sunset").Single());
        Assert.Equal(
            "<https://example.com/announcements/rooms-legacy>; rel=\"deprecation\"; type=\"text/html\", "
            + "<https://example.com/announcements/rooms-legacy>; rel=\"sunset\"; type=\"text/html\", <https://example.com/spaces>; rel=\"successor-version\"",
            answer.Headers.GetValues("Link").Single());
    }

    [Theory]
    [InlineData("/minimal")]
    [InlineData("/mvc")]
    public async Task In_a_rehearsal_callers_are_refused_and_told_when_it_ends(string path)
    {
        At(Rehearsal.AddMinutes(5));
        using var answer = await _http.GetAsync(path);
        Assert.Equal(HttpStatusCode.Gone, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal(TimeSpan.FromMinutes(10), answer.Headers.RetryAfter?.Delta);
        Assert.True(answer.Headers.CacheControl?.NoStore);

        var problem = (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
        Assert.Equal("module.brownout", (string?)problem["code"]);
        Assert.Equal("rehearsal", (string?)problem["reason"]);
        Assert.Equal("2026-12-12T02:15:00.000Z", (string?)problem["until"]);
        Assert.Equal("Legacy rooms is paused for a rehearsal", (string?)problem["title"]);

        At(RehearsalEnds);
        using var again = await _http.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
    }

    [Theory]
    [InlineData("/minimal", "zh-CN,en;q=0.8", "zh-CN", "「旧版群聊室」已停止服务", "该模块不再提供服务。请改用「空间」。", "空间")]
    [InlineData("/minimal", "fr, en;q=0.5", "en", "Legacy rooms has been retired", "The module no longer works. Please use Spaces instead.", "Spaces")]
    [InlineData("/mvc", "zh", "zh-CN", "「旧版群聊室」已停止服务", "该模块不再提供服务。请改用「空间」。", "空间")]
    [InlineData("/mvc", null, "en", "Legacy rooms has been retired", "The module no longer works. Please use Spaces instead.", "Spaces")]
    public async Task After_the_closing_callers_are_told_what_to_use_in_their_language(string path, string? accepts, string language, string title, string detail, string instead)
    {
        At(Closing);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (accepts is not null) request.Headers.Add("Accept-Language", accepts);
        using var answer = await _http.SendAsync(request);

        Assert.Equal(HttpStatusCode.Gone, answer.StatusCode);
        Assert.Equal(language, answer.Content.Headers.ContentLanguage.Single());
        var problem = (await answer.Content.ReadFromJsonAsync<JsonNode>())!;
        Assert.Equal((410, title, detail), ((int)problem["status"]!, (string?)problem["title"], (string?)problem["detail"]));
        Assert.Equal(("module.closed", "rooms-legacy", "closed", "retired"), ((string?)problem["code"], (string?)problem["module"], (string?)problem["state"], (string?)problem["reason"]));
        Assert.Equal(("spaces", instead, "https://example.com/spaces"), ((string?)problem["alternative"]!["module"], (string?)problem["alternative"]!["name"], (string?)problem["alternative"]!["url"]));
        Assert.Equal("help@example.com", (string?)problem["contact"]!["email"]);
        Assert.Equal("2027-01-01T18:00:00.000Z", (string?)problem["closedAt"]);
    }

    [Theory]
    [InlineData("/minimal")]
    [InlineData("/mvc")]
    [InlineData("/featured")]
    public async Task One_tick_before_the_closing_it_works_and_for_a_restored_customer_also_after(string path)
    {
        At(Closing.AddTicks(-1));
        using var before = await _http.GetAsync(path);
        Assert.Equal(HttpStatusCode.OK, before.StatusCode);

        At(Closing);
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "X-Customer", "spared" } } };
        using var spared = await _http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, spared.StatusCode);
        using var after = await _http.GetAsync(path);
        Assert.Equal(HttpStatusCode.Gone, after.StatusCode);
    }

    [Fact]
    public async Task An_answer_that_belongs_to_two_modules_tells_the_earlier_dates_and_both_links()
    {
        At(Announced);
        using var answer = await _http.GetAsync("/both");
        Assert.Equal("@1796079600", answer.Headers.GetValues("Deprecation").Single());
        Assert.Equal("Fri, 01 Jan 2027 18:00:00 GMT", answer.Headers.GetValues("Sunset").Single());
        Assert.Equal(2, answer.Headers.GetValues("Link").Count());
    }

    [Fact]
    public async Task A_module_nobody_knows_works()
    {
        At(Closing);
        Assert.Equal("works", await _http.GetStringAsync("/unknown"));
    }

    [Fact]
    public void A_refusal_of_a_module_nobody_knows_names_its_key()
    {
        var decision = GateSnapshot.None.Decide("no-such-module", null, null, Closing, GateState.Closed);
        Assert.Equal(("no-such-module has been retired", "「no-such-module」已停止服务"), (AspNetCore.Words.Title(decision, "no-such-module", "en"), AspNetCore.Words.Title(decision, "no-such-module", "zh-CN")));
    }

    [Fact]
    public async Task A_feature_that_is_no_module_answers_404_as_before_whatever_the_default_for_unknown_modules_is()
    {
        _app.Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<SunsetterOptions>>().Value.UnknownModulesAreOpen = false;
        using var answer = await _http.GetAsync("/own-feature");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Hub_calls_are_refused_with_a_code_and_a_sentence()
    {
        await using var connection = new HubConnectionBuilder().WithUrl(_hub).Build();
        await connection.StartAsync();
        Assert.Equal("said", await connection.InvokeAsync<string>("Say"));

        At(Closing);
        var refusal = await Assert.ThrowsAsync<HubException>(() => connection.InvokeAsync<string>("Say"));
        Assert.Contains("module.closed rooms-legacy: Legacy rooms has been retired. The module no longer works. Please use Spaces instead.", refusal.Message);
        Assert.Equal("free", await connection.InvokeAsync<string>("Free"));
    }

    [Fact]
    public async Task Grpc_calls_are_announced_in_headers_and_refused_with_status_and_trailers()
    {
        using var channel = GrpcChannel.ForAddress(_http2.BaseAddress!);
        var invoker = channel.CreateCallInvoker();
        At(Announced);
        using var call = invoker.AsyncUnaryCall(RoomsBase.SayMethod, null, new CallOptions(), "hello");
        Assert.Equal("@1796083200", (await call.ResponseHeadersAsync).GetValue("deprecation"));
        Assert.Equal("hello", await call.ResponseAsync);

        // The method writes headers of its own, as it did before there was anything to announce.
        using var headed = invoker.AsyncUnaryCall(RoomsBase.SayMethod, null, new CallOptions(), "headers");
        var headers = await headed.ResponseHeadersAsync;
        Assert.Equal(("@1796083200", "yes"), (headers.GetValue("deprecation"), headers.GetValue("own")));
        Assert.Equal("headers", await headed.ResponseAsync);

        At(Rehearsal);
        using var refused = invoker.AsyncUnaryCall(RoomsBase.SayMethod, null, new CallOptions(), "hello");
        var problem = await Assert.ThrowsAsync<RpcException>(() => refused.ResponseAsync);
        Assert.Equal(StatusCode.FailedPrecondition, problem.StatusCode);
        Assert.Equal("module.brownout", problem.Trailers.GetValue("sunsetter-code"));
        Assert.Equal("2026-12-12T02:15:00.000Z", problem.Trailers.GetValue("sunsetter-until"));
        Assert.Equal("spaces", problem.Trailers.GetValue("sunsetter-alternative"));
    }

    [Fact]
    public async Task Features_named_like_a_module_obey_it_and_others_are_left_alone()
    {
        await using var scope = _app.Services.CreateAsyncScope();
        var features = scope.ServiceProvider.GetRequiredService<IFeatureManager>();
        Assert.True(await features.IsEnabledAsync("rooms-legacy"));
        Assert.False(await features.IsEnabledAsync("not-a-module"));
        At(Closing);
        await using var later = _app.Services.CreateAsyncScope();
        Assert.False(await later.ServiceProvider.GetRequiredService<IFeatureManager>().IsEnabledAsync("rooms-legacy"));
    }

    [Fact]
    public async Task A_gate_opens_nothing_that_the_applications_own_conditions_keep_closed()
    {
        await using var scope = _app.Services.CreateAsyncScope();
        var features = scope.ServiceProvider.GetRequiredService<IFeatureManager>();
        Assert.False(await features.IsEnabledAsync("files"));
        Assert.False(await features.IsEnabledAsync("files", new TargetingContext { UserId = "li" }));
        Assert.True(await features.IsEnabledAsync("rooms-legacy", new TargetingContext { UserId = "li" }));
    }

    [Fact]
    public void Options_that_cannot_work_stop_the_start_with_a_sentence()
    {
        var services = new ServiceCollection().AddSunsetter(o => o.Key = "sst_web_k_s").BuildServiceProvider();
        var problem = Assert.Throws<Microsoft.Extensions.Options.OptionsValidationException>(() => services.GetRequiredService<SunsetterClient>());
        Assert.Contains("Set Server to the http(s) address", problem.Message);
        Assert.Contains("Key is a browser key", problem.Message);
    }

    /// <summary>Announced an hour earlier than rooms, and closed a day later.</summary>
    private static GateModule Files => GateModule.Of("files", LocalizedText.Of("Files", "文件"), GateTimeline.Of(
        new GateSegment(Announced.AddHours(-1), GateState.Warned, GateReasons.ClosingAnnounced), new GateSegment(Closing.AddDays(1), GateState.Closed, GateReasons.Retired)),
        info: "https://example.com/announcements/files");

    private void At(DateTimeOffset instant) => _time.SetUtcNow(instant);
}
