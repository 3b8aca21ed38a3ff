using System.Diagnostics.Metrics;
using System.Net;
using System.Threading.Channels;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Microsoft.FeatureManagement;
using Sunsetter.Client.AspNetCore;
using Sunsetter.Client.FeatureManagement;
using Sunsetter.Client.Grpc;
using static Sunsetter.Client.Tests.Samples;

namespace Sunsetter.Client.Tests;

/// <summary>What is under way while its module closes: streams of every kind, and connections that only listen.</summary>
public sealed class ClosingTests
{
    private readonly SleepyTime _time = new();
    private readonly Words _words = new();

    [Theory(Timeout = 20_000)]
    [InlineData(nameof(StreamHub.Items))]
    [InlineData(nameof(StreamHub.Items2))]
    [InlineData(nameof(StreamHub.Channel))]
    public async Task A_stream_from_a_hub_ends_at_the_closing(string method)
    {
        await using var app = await Start();
        await using var connection = await Connect(app, "/streams");
        _words.Say("one");
        await using var stream = connection.StreamAsync<string>(method, TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(await stream.MoveNextAsync());
        Close();
        _words.Say("two");
        Assert.Contains("module.closed rooms-legacy: ", (await Assert.ThrowsAsync<HubException>(async () => await stream.MoveNextAsync())).Message);
    }

    [Theory(Timeout = 20_000)]
    [InlineData(nameof(StreamHub.Hear))]
    [InlineData(nameof(StreamHub.HearChannel))]
    public async Task A_stream_to_a_hub_ends_at_the_closing(string method)
    {
        await using var app = await Start();
        await using var connection = await Connect(app, "/streams");
        var mine = System.Threading.Channels.Channel.CreateUnbounded<string>();
        var call = connection.InvokeAsync(method, mine.Reader, TestContext.Current.CancellationToken);
        await mine.Writer.WriteAsync("one", TestContext.Current.CancellationToken);
        Assert.Equal("one", await _words.NextHeard());
        Close();
        await mine.Writer.WriteAsync("two", TestContext.Current.CancellationToken);
        Assert.Contains("module.closed rooms-legacy: ", (await Assert.ThrowsAsync<HubException>(() => call)).Message);
    }

    [Fact(Timeout = 20_000)]
    public async Task A_hub_that_only_pushes_lets_nobody_in_after_the_closing_and_nobody_stay()
    {
        await using var app = await Start();
        await using var connection = await Connect(app, "/push");
        var closed = Closed(connection);
        System.Text.Json.JsonElement told = default;
        connection.On<System.Text.Json.JsonElement>("moduleClosed", why => told = why);
        _time.SetUtcNow(Closing.AddTicks(-1));
        Assert.Equal(HubConnectionState.Connected, connection.State);
        Close();
        await closed.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.Equal(("module.closed", "rooms-legacy", "retired", "spaces"), (Member("code"), Member("module"), Member("reason"), told.GetProperty("alternative").GetProperty("module").GetString()));
        Assert.StartsWith("The module no longer works.", Member("detail"));
        string? Member(string name) => told.GetProperty(name).GetString();

        await using var late = new HubConnectionBuilder().WithUrl(app.Urls.First() + "/push").Build();
        var refused = Closed(late);
        await late.StartAsync(TestContext.Current.CancellationToken);
        var reason = await refused.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.Contains("module.closed rooms-legacy: ", reason?.Message);
    }

    [Fact(Timeout = 20_000)]
    public async Task A_hub_that_only_pushes_lets_nobody_stay_when_a_new_version_closes_it()
    {
        await using var server = new WireServer();
        server.PublishSilently(Snapshot(1, Rooms(Restored)));
        await server.StartAsync();
        await using var app = await Start(server);
        await using var connection = await Connect(app, "/push");
        var closed = Closed(connection);
        server.Publish(Snapshot(2, Rooms(Samples.Closed)));
        await closed.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task A_server_that_slept_over_the_closing_lets_nobody_stay()
    {
        await using var app = await Start();
        await using var connection = await Connect(app, "/push");
        var closed = Closed(connection);
        // On the timers the closing is still an hour away, and the test gives up before they come to it.
        _time.Slept = TimeSpan.FromHours(1);
        await Until(() => closed.Task.IsCompleted, "the connection ended", _time);
        Assert.True(_time.GetUtcNow() - _time.Slept < Closing);
    }

    [Fact(Timeout = 20_000)]
    public async Task A_hub_call_is_one_use_however_often_the_client_was_set_up()
    {
        await using var app = await Start();
        var uses = 0;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, own) =>
            {
                if (instrument.Name == "sunsetter.client.uses" && instrument.Meter.Scope == app.Services.GetRequiredService<IMeterFactory>()) own.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref uses, (int)count));
        listener.Start();
        await using var connection = await Connect(app, "/streams");
        Assert.Equal("said", await connection.InvokeAsync<string>(nameof(StreamHub.Say), TestContext.Current.CancellationToken));
        Assert.Equal(1, uses);
    }

    [Fact(Timeout = 20_000)]
    public async Task A_stream_from_a_grpc_service_ends_at_the_closing()
    {
        await using var app = await Start();
        using var channel = GrpcChannel.ForAddress(app.Urls.Last());
        using var call = channel.CreateCallInvoker().AsyncServerStreamingCall(TalkBase.Listen, null, new CallOptions(), "");
        _words.Say("one");
        Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        Close();
        _words.Say("two");
        Refused(await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(TestContext.Current.CancellationToken)));
    }

    [Fact(Timeout = 20_000)]
    public async Task A_stream_to_a_grpc_service_ends_at_the_closing()
    {
        await using var app = await Start();
        using var channel = GrpcChannel.ForAddress(app.Urls.Last());
        using var call = channel.CreateCallInvoker().AsyncClientStreamingCall(TalkBase.Tell, null, new CallOptions());
        await call.RequestStream.WriteAsync("one", TestContext.Current.CancellationToken);
        Assert.Equal("one", await _words.NextHeard());
        Close();
        await call.RequestStream.WriteAsync("two", TestContext.Current.CancellationToken);
        Refused(await Assert.ThrowsAsync<RpcException>(() => call.ResponseAsync));
    }

    [Fact(Timeout = 20_000)]
    public async Task A_talk_with_a_grpc_service_ends_at_the_closing()
    {
        await using var app = await Start();
        using var channel = GrpcChannel.ForAddress(app.Urls.Last());
        using var call = channel.CreateCallInvoker().AsyncDuplexStreamingCall(TalkBase.Talk, null, new CallOptions());
        await call.RequestStream.WriteAsync("one", TestContext.Current.CancellationToken);
        Assert.True(await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken));
        Close();
        await call.RequestStream.WriteAsync("two", TestContext.Current.CancellationToken);
        Refused(await Assert.ThrowsAsync<RpcException>(() => call.ResponseStream.MoveNext(TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task An_attribute_that_nothing_reads_stops_the_start_and_says_what_to_write()
    {
        var problem = await Assert.ThrowsAsync<InvalidOperationException>(() => Start(null, app => app.MapGet("/lambda", [RequiresModule("rooms-legacy")] () => "open")));
        Assert.Contains("Add .RequireModule(\"rooms-legacy\")", problem.Message);
        await using var fine = await Start(null, app => app.MapGet("/lambda", [RequiresModule("rooms-legacy")] () => "open").RequireModule("rooms-legacy"));
    }

    private void Close() => _time.SetUtcNow(Closing);

    private static void Refused(RpcException problem)
    {
        Assert.Equal((StatusCode.FailedPrecondition, "module.closed", "retired"), (problem.StatusCode, problem.Trailers.GetValue("sunsetter-code"), problem.Trailers.GetValue("sunsetter-reason")));
    }

    private static TaskCompletionSource<Exception?> Closed(HubConnection connection)
    {
        var closed = new TaskCompletionSource<Exception?>(TaskCreationOptions.RunContinuationsAsynchronously);
        connection.Closed += problem =>
        {
            closed.TrySetResult(problem);
            return Task.CompletedTask;
        };
        return closed;
    }

    private static async Task<HubConnection> Connect(WebApplication app, string path)
    {
        var connection = new HubConnectionBuilder().WithUrl(app.Urls.First() + path).Build();
        await connection.StartAsync(TestContext.Current.CancellationToken);
        // The connection is let in once the greeting has come.
        Assert.True(await connection.InvokeAsync<bool>("Ready", TestContext.Current.CancellationToken));
        return connection;
    }

    /// <summary>With a server: on its clock, which is right. Without one: on ours, and by the stored snapshot.</summary>
    private async Task<WebApplication> Start(WireServer? server = null, Action<WebApplication>? more = null)
    {
        var state = Directory.CreateTempSubdirectory("sunsetter-").FullName;
        if (server is null) File.WriteAllBytes(Path.Combine(state, "snapshot.json"), Snapshot(1, Rooms(Retiring)).Write());
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http1);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2);
        });
        if (server is null) builder.Services.AddSingleton<TimeProvider>(_time);
        builder.Services.AddSingleton(_words);
        builder.Services.AddSunsetter(o => { o.Server = server?.Address ?? new Uri("http://127.0.0.1:1"); o.Key = "sst_srv_k1_s"; o.StateDirectory = state; });
        builder.Services.AddSunsetterHttp(o => o.Caller = _ => new Caller("huaxin", "li"));
        builder.Services.AddSunsetterGrpc();
        builder.Services.AddSignalR();
        builder.Services.AddFeatureManagement().AddSunsetter();
        var app = builder.Build();
        app.MapHub<StreamHub>("/streams");
        app.MapHub<PushHub>("/push");
        app.MapGrpcService<TalkService>();
        more?.Invoke(app);
        await app.StartAsync();
        return app;
    }

    /// <summary>A machine whose timers stand still while it sleeps, and whose wall clock goes on.</summary>
    private sealed class SleepyTime() : FakeTimeProvider(Closing.AddHours(-1))
    {
        public TimeSpan Slept { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Slept;

        public override long GetTimestamp() => base.GetUtcNow().Ticks;
    }
}
