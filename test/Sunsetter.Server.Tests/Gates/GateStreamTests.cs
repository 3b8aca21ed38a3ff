using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Sunsetter.Gates;
using Sunsetter.Harness;
using Sunsetter.Server.Gates;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Tests.Gates;

public sealed class GateStreamTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task A_stream_begins_with_the_time_and_the_whole_and_goes_on_with_deltas(Database database)
    {
        await using var scene = await GateScene.On(database);
        var key = await scene.Key(EdgeKeyKind.Server);
        using var stream = await EventStream.Open(scene.Server.Stranger(), key.Key);
        var time = await stream.Next();
        Assert.Equal("time", time!.Name);
        Assert.Equal("2026-11-22T08:00:00.000Z", JsonDocument.Parse(time.Data).RootElement.GetProperty("now").GetString());
        var snapshot = (await stream.Next("snapshot"))!.Snapshot();

        await scene.RestoreFor(GateScene.Huaxin);
        var delta = await stream.Next("delta");
        Assert.InRange(delta!.Data.Length, 1, 600);
        var after = snapshot.Apply(delta.Delta());
        Assert.Equal(DeltaOutcome.Applied, after.Outcome);
        Assert.True(GateDelta.Between(after.Snapshot, GateSnapshot.Of(after.Snapshot.Version + 1, default, scene.Publisher.Current!.Snapshot.Modules)).IsEmpty);
    }

    [Theory, EachDatabase]
    public async Task Who_comes_back_gets_the_deltas_that_were_missed_or_nothing(Database database)
    {
        await using var scene = await GateScene.On(database);
        var key = await scene.Key(EdgeKeyKind.Server);
        var held = scene.Publisher.Current!.Snapshot;
        await scene.RestoreFor(GateScene.Huaxin);
        await scene.RestoreFor(GateScene.Beike);
        using (var stream = await EventStream.Open(scene.Server.Stranger(), key.Key, held.Version))
        {
            held = held.Apply((await stream.Next("delta", "snapshot"))!.Delta()).Snapshot;
            held = held.Apply((await stream.Next("delta", "snapshot"))!.Delta()).Snapshot;
            Assert.Equal(scene.Publisher.Current!.Version, held.Version);
        }

        using (var stream = await EventStream.Open(scene.Server.Stranger(), key.Key, held.Version))
        {
            Assert.Equal("time", (await stream.Next())!.Name);
            await scene.Change(_ => Decision.Of(GateScene.Beike, new CustomerRestoreEnded("x")));
            Assert.Equal("delta", (await stream.Next())!.Name);
        }

        using (var stream = await EventStream.Open(scene.Server.Stranger(), key.Key, 0))
            Assert.Equal("snapshot", (await stream.Next("delta", "snapshot"))!.Name);
        using (var stream = await EventStream.Open(scene.Server.Stranger(), key.Key, 999_999))
            Assert.Equal("snapshot", (await stream.Next("delta", "snapshot"))!.Name);
    }

    [Theory, EachDatabase]
    public async Task A_browser_sees_its_own_customer_and_no_name_of_another(Database database)
    {
        await using var scene = await GateScene.On(database);
        var server = await scene.Key(EdgeKeyKind.Server);
        var browser = await scene.Key(EdgeKeyKind.Browser);
        using var stream = await EventStream.Open(scene.Server.Stranger(), browser.Key, null, scene.Context(server, GateScene.Beike));
        var whole = await stream.Next("snapshot");
        await scene.RestoreFor(GateScene.Huaxin);
        var foreign = await stream.Next("delta", "snapshot");
        await scene.RestoreFor(GateScene.Beike);
        var own = await stream.Next("delta", "snapshot");

        Assert.All(new[] { whole!, foreign!, own! }, one => Assert.DoesNotContain("huaxin", one.Data, StringComparison.Ordinal));
        Assert.All(new[] { whole!, foreign!, own! }, one => Assert.DoesNotContain("customers", one.Data, StringComparison.Ordinal));
        Assert.True(foreign!.Delta().IsEmpty);
        var view = whole!.Snapshot().Apply(foreign.Delta()).Snapshot.Apply(own!.Delta()).Snapshot;
        Assert.Equal(GateReasons.Restored, view.Decide(GateScene.Module, null, "u-1", GateScene.Closing).Reason);
    }

    [Theory, EachDatabase]
    public async Task A_revoked_key_ends_its_streams_and_opens_nothing_more(Database database)
    {
        await using var scene = await GateScene.On(database);
        var key = await scene.Key(EdgeKeyKind.Server);
        using var stream = await EventStream.Open(scene.Server.Stranger(), key.Key);
        Assert.NotNull(await stream.Next("snapshot"));
        Assert.Null(await scene.Server.Get<EdgeKeys>().Revoke(key.Kid, Cancel));
        Assert.Equal("revoked", (await stream.Next())!.Name);
        Assert.Null(await stream.Next());
        var again = await scene.Server.WithToken(key.Key).GetAsync("/edge/v1/gates", Cancel);
        Assert.Equal((HttpStatusCode.Unauthorized, "edge.key-revoked"), (again.StatusCode, await Code(again)));
    }

    [Theory, EachDatabase]
    public async Task A_browsers_stream_ends_when_its_signed_context_does(Database database)
    {
        await using var scene = await GateScene.On(database);
        var (server, browser) = (await scene.Key(EdgeKeyKind.Server), await scene.Key(EdgeKeyKind.Browser));
        using var stream = await EventStream.Open(scene.Server.Stranger(), browser.Key, null, scene.Context(server, GateScene.Beike));
        Assert.NotNull(await stream.Next("snapshot"));
        scene.Server.Clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromSeconds(1));
        Assert.Equal(1, scene.Server.Get<GateStreams>().Count);
        // The context holds for an hour; the clock is looked at once a second.
        scene.Server.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.NotNull(await stream.Next("revoked"));
        Assert.Null(await stream.Next());
    }

    [Theory, EachDatabase]
    public async Task A_browsers_stream_ends_when_the_key_that_signed_its_context_is_revoked(Database database)
    {
        await using var scene = await GateScene.On(database);
        var (server, browser) = (await scene.Key(EdgeKeyKind.Server), await scene.Key(EdgeKeyKind.Browser));
        using var stream = await EventStream.Open(scene.Server.Stranger(), browser.Key, null, scene.Context(server, GateScene.Beike));
        Assert.NotNull(await stream.Next("snapshot"));
        await scene.Server.Get<EdgeKeys>().Revoke(server.Kid, Cancel);
        Assert.NotNull(await stream.Next("revoked"));
        Assert.Null(await stream.Next());
    }

    [Theory, EachDatabase]
    public async Task A_client_that_does_not_read_is_cut_off_after_ten_seconds_delays_nobody_and_gets_the_whole_when_it_returns(Database database)
    {
        await using var scene = await GateScene.On(database);
        var key = await scene.Key(EdgeKeyKind.Server);
        var streams = scene.Server.Get<GateStreams>();
        using var stalled = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await stalled.ConnectAsync(IPAddress.Loopback, scene.Server.Stranger().BaseAddress!.Port, Cancel);
        await stalled.SendAsync(System.Text.Encoding.ASCII.GetBytes($"GET /edge/v1/gates/stream HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer {key.Key}\r\n\r\n"), Cancel);
        using var reading = await EventStream.Open(scene.Server.Stranger(), key.Key);
        Assert.NotNull(await reading.Next("snapshot"));

        // Twenty megabytes are more than the buffers of both ends hold. Whoever reads has each delta before the next is made.
        var current = streams.Current!;
        for (var version = current.Version + 1; version <= scene.Publisher.Current!.Version + 200; version++)
        {
            var timeline = GateTimeline.Of(new GateSegment(DateTimeOffset.UnixEpoch.AddSeconds(version), GateState.Open, GateReasons.Restored));
            var customers = Enumerable.Range(0, 4_000).Select(i => new KeyValuePair<string, GateTimeline>($"customer-{i:D6}", timeline));
            current = current.Next(GateSnapshot.Of(version, default, [GateModule.Of("rooms", LocalizedText.Of("Rooms", "Rooms"), GateTimeline.Of(), customers)]));
            streams.Broadcast(current);
            Assert.Equal(version.ToString(System.Globalization.CultureInfo.InvariantCulture), (await reading.Next("delta"))!.Id);
        }

        await Until(() => streams.Blocked == 1);
        scene.Server.Clock.Advance(GateStreams.Patience + TimeSpan.FromSeconds(1));
        await Until(() => streams.Count == 1);
        streams.Broadcast(current.Next(GateSnapshot.Of(current.Version + 1, default, [])));
        Assert.Equal((current.Version + 1).ToString(System.Globalization.CultureInfo.InvariantCulture), (await reading.Next("delta"))!.Id);
        using var back = await EventStream.Open(scene.Server.Stranger(), key.Key, 0);
        Assert.NotNull(await back.Next("snapshot"));
    }

    private static async Task Until(Func<bool> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        for (; !condition(); await Task.Yield())
            limit.Token.ThrowIfCancellationRequested();
    }

    [Theory, EachDatabase]
    public async Task A_rotated_key_works_beside_its_successor_until_the_overlap_ends(Database database)
    {
        await using var scene = await GateScene.On(database);
        var old = await scene.Key(EdgeKeyKind.Server);
        var next = (await scene.Server.Get<EdgeKeys>().Rotate(old.Kid, TimeSpan.FromMinutes(10), "lin@vendor.test", Cancel)).Value;
        scene.Server.Clock.Advance(TimeSpan.FromMinutes(10) - TimeSpan.FromMilliseconds(1));
        Assert.Equal(HttpStatusCode.OK, (await scene.Server.WithToken(old.Key).GetAsync("/edge/v1/gates", Cancel)).StatusCode);
        scene.Server.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(HttpStatusCode.Unauthorized, (await scene.Server.WithToken(old.Key).GetAsync("/edge/v1/gates", Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await scene.Server.WithToken(next.Key).GetAsync("/edge/v1/gates", Cancel)).StatusCode);
    }

    [Theory, EachDatabase]
    public async Task The_whole_is_asked_for_once_and_then_by_etag(Database database)
    {
        await using var scene = await GateScene.On(database);
        var client = scene.Server.WithToken((await scene.Key(EdgeKeyKind.Server)).Key);
        var first = await client.GetAsync("/edge/v1/gates", Cancel);
        Assert.Equal("2026-11-22T08:00:00.000Z", first.Headers.GetValues("Sunsetter-Time").Single());
        client.DefaultRequestHeaders.IfNoneMatch.Add(first.Headers.ETag!);
        Assert.Equal(HttpStatusCode.NotModified, (await client.GetAsync("/edge/v1/gates", Cancel)).StatusCode);
        await scene.RestoreFor(GateScene.Huaxin);
        var changed = await client.GetAsync("/edge/v1/gates", Cancel);
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.Equal(scene.Publisher.Current!.Version, GateSnapshot.Read(await changed.Content.ReadAsByteArrayAsync(Cancel)).Snapshot!.Version);
    }

    public static TheoryData<string, string?, HttpStatusCode, string> Doors => new()
    {
        { "", null, HttpStatusCode.Unauthorized, "edge.key-missing" },
        { "sst_srv_0000000000_00", null, HttpStatusCode.Unauthorized, "edge.key-unknown" },
        { "usage", null, HttpStatusCode.Forbidden, "edge.scope" },
        { "browser", null, HttpStatusCode.Unauthorized, "edge.context-missing" },
        { "browser", "nonsense", HttpStatusCode.Unauthorized, "edge.context-invalid" },
        { "browser", "forged", HttpStatusCode.Unauthorized, "edge.context-invalid" },
        { "browser", "expired", HttpStatusCode.Unauthorized, "edge.context-expired" },
    };

    [Theory, EachDatabase(RowsOf = nameof(Doors))]
    public async Task The_door_stays_shut_and_says_why(Database database, string key, string? context, HttpStatusCode status, string code)
    {
        await using var scene = await GateScene.On(database);
        var server = await scene.Key(EdgeKeyKind.Server);
        var client = key switch
        {
            "" => scene.Server.Stranger(),
            "usage" => scene.Server.WithToken((await scene.Key(EdgeKeyKind.Server, EdgeScopes.Usage)).Key),
            "browser" => scene.Server.WithToken((await scene.Key(EdgeKeyKind.Browser)).Key),
            _ => scene.Server.WithToken(key),
        };
        var expires = scene.Server.Clock.GetUtcNow().AddHours(context == "expired" ? 0 : 1);
        var token = context is "forged" or "expired" ? ContextToken.Sign("huaxin", "u", expires, server.Kid, context == "forged" ? server.Key + "x" : server.Key) : context;
        if (token is not null)
            client.DefaultRequestHeaders.Add("X-Sunsetter-Context", token);
        var answer = await client.GetAsync("/edge/v1/gates", Cancel);
        Assert.Equal((status, code), (answer.StatusCode, await Code(answer)));
    }

    [Theory]
    [EachDatabase("/edge/v1/gates/stream", "", HttpStatusCode.Unauthorized, "edge.key-missing")]
    [EachDatabase("/edge/v1/gates/stream", "usage", HttpStatusCode.Forbidden, "edge.scope")]
    [EachDatabase("/Edge/V1/gates/stream", "usage", HttpStatusCode.Forbidden, "edge.scope")]
    [EachDatabase("/edge/v1/gates/stream", "held", HttpStatusCode.BadRequest, "edge.bad-request")]
    public async Task The_door_of_streams_says_why_it_stays_shut_in_the_callers_language(Database database, string path, string who, HttpStatusCode status, string code)
    {
        await using var scene = await GateScene.On(database);
        var client = who.Length == 0 ? scene.Server.Stranger() : scene.Server.WithToken((await scene.Key(EdgeKeyKind.Server, who == "usage" ? EdgeScopes.Usage : EdgeScopes.Gates)).Key);
        client.DefaultRequestHeaders.AcceptLanguage.ParseAdd("zh-CN");
        if (who == "held")
            client.DefaultRequestHeaders.Add("Last-Event-ID", "-1");
        var answer = await client.GetAsync(path, Cancel);
        Assert.Equal((status, code), (answer.StatusCode, await Code(answer)));
        Assert.Contains(JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel)).RootElement.GetProperty("title").GetString()!, letter => letter is >= '\u4e00' and <= '\u9fff');
    }

    [Theory, EachDatabase]
    public async Task A_stream_is_open_to_browsers_of_any_origin_tells_the_time_and_counts_against_the_rate(Database database)
    {
        await using var scene = await GateScene.On(database, "--Gates:RequestBurst=1", "--Gates:RequestsPerSecond=0.5");
        var client = scene.Server.WithToken((await scene.Key(EdgeKeyKind.Server)).Key);
        client.DefaultRequestHeaders.Add("Origin", "https://chat.example.com");
        using var open = await client.GetAsync("/edge/v1/gates/stream", HttpCompletionOption.ResponseHeadersRead, Cancel);
        Assert.Equal((HttpStatusCode.OK, "*", "2026-11-22T08:00:00.000Z", "text/event-stream"), (
            open.StatusCode, open.Headers.GetValues("Access-Control-Allow-Origin").Single(), open.Headers.GetValues("Sunsetter-Time").Single(), open.Content.Headers.ContentType!.MediaType));
        using var next = await client.GetAsync("/edge/v1/gates/stream", HttpCompletionOption.ResponseHeadersRead, Cancel);
        Assert.Equal((HttpStatusCode.TooManyRequests, "edge.rate"), (next.StatusCode, await Code(next)));
    }

    [Theory, EachDatabase]
    public async Task A_server_that_stops_ends_its_streams_and_waits_for_none(Database database)
    {
        await using var scene = await GateScene.On(database);
        using var stream = await EventStream.Open(scene.Server.Stranger(), (await scene.Key(EdgeKeyKind.Server)).Key);
        Assert.NotNull(await stream.Next("snapshot"));
        // Kestrel waits up to 30 seconds for requests that do not end.
        await scene.Server.App.StopAsync(Cancel).WaitAsync(TimeSpan.FromSeconds(20), Cancel);
        Assert.Equal(0, scene.Server.Get<GateStreams>().Count);
    }

    [Theory, EachDatabase]
    public async Task Too_many_requests_with_one_key_are_told_how_long_to_wait(Database database)
    {
        await using var scene = await GateScene.On(database, "--Gates:RequestBurst=3", "--Gates:RequestsPerSecond=0.5");
        var client = scene.Server.WithToken((await scene.Key(EdgeKeyKind.Server)).Key);
        for (var i = 0; i < 3; i++)
            Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/edge/v1/gates", Cancel)).StatusCode);
        var answer = await client.GetAsync("/edge/v1/gates", Cancel);
        Assert.Equal((HttpStatusCode.TooManyRequests, "edge.rate", "2"), (answer.StatusCode, await Code(answer), answer.Headers.GetValues("Retry-After").Single()));
        scene.Server.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/edge/v1/gates", Cancel)).StatusCode);
    }

    private static async Task<string?> Code(HttpResponseMessage answer) =>
        JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel)).RootElement.GetProperty("code").GetString();
}
