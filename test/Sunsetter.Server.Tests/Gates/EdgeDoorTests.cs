using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Sunsetter.Harness;
using Sunsetter.Server.Gates;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Tests.Gates;

/// <summary>What holds at every door of the edge, also when something around it is broken.</summary>
public sealed class EdgeDoorTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [EachDatabase("/edge/v1/gates")]
    [EachDatabase("/ofrep/v1/evaluate/flags")]
    public async Task A_tag_that_a_compressing_proxy_made_weak_is_known_again_also_in_a_list(Database database, string path)
    {
        await using var scene = await GateScene.On(database);
        var client = scene.Server.WithToken((await scene.Key(EdgeKeyKind.Server)).Key);
        using var first = await Ask(client, path);
        client.DefaultRequestHeaders.TryAddWithoutValidation("If-None-Match", $"\"other\", W/{first.Headers.ETag!.Tag}");
        using var again = await Ask(client, path);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.NotModified), (first.StatusCode, again.StatusCode));
    }

    [Theory, EachDatabase]
    public async Task A_store_that_was_set_back_and_counted_up_again_has_another_tag_and_says_when_its_version_was_made(Database database)
    {
        await using var scene = await GateScene.On(database);
        var key = (await scene.Key(EdgeKeyKind.Server)).Key;
        using var before = await scene.Server.WithToken(key).GetAsync("/edge/v1/gates", Cancel);
        await Sql(scene, $"update gate_change set at = at + 1000");
        var reread = new GateProjection().Apply(await scene.Server.Get<GateReader>().Read(null, Cancel));
        scene.Server.Get<GateStreams>().Broadcast(Published.First(reread));
        using var stream = await EventStream.Open(scene.Server.Stranger(), key, reread.Version);
        var time = JsonDocument.Parse((await stream.Next("time"))!.Data).RootElement;
        Assert.Equal((reread.Version, reread.IssuedAt), (time.GetProperty("version").GetInt64(), time.GetProperty("issuedAt").GetDateTimeOffset()));
        Assert.NotEqual($"W/\"{reread.Version}-{reread.IssuedAt.ToUnixTimeMilliseconds()}\"", before.Headers.ETag!.ToString());
        Assert.StartsWith($"W/\"{reread.Version}-", before.Headers.ETag!.ToString(), StringComparison.Ordinal);
    }

    [Theory, EachDatabase]
    public async Task Whoever_holds_a_version_from_before_the_store_was_set_back_gets_the_whole_and_no_step_that_does_not_fit(Database database)
    {
        await using var scene = await GateScene.On(database);
        var (key, old) = ((await scene.Key(EdgeKeyKind.Server)).Key, scene.Publisher.Current!.Snapshot);
        await scene.RestoreFor(GateScene.Huaxin);
        using var ours = await EventStream.Open(scene.Server.Stranger(), key, old.Version, made: old.IssuedAt);
        using var theirs = await EventStream.Open(scene.Server.Stranger(), key, old.Version, made: old.IssuedAt.AddMilliseconds(-1));
        using var silent = await EventStream.Open(scene.Server.Stranger(), key, old.Version);
        Assert.Equal(("delta", "snapshot", "delta"), ((await ours.Next("delta", "snapshot"))!.Name, (await theirs.Next("delta", "snapshot"))!.Name, (await silent.Next("delta", "snapshot"))!.Name));
    }

    [Theory, EachDatabase]
    public async Task A_node_without_its_store_sets_nobody_back_who_has_heard_more_elsewhere(Database database)
    {
        await using var scene = await GateScene.On(database);
        var client = scene.Server.WithToken((await scene.Key(EdgeKeyKind.Server)).Key);
        var version = scene.Publisher.Current!.Version;
        async Task<HttpStatusCode> Holding(long held)
        {
            using var question = new HttpRequestMessage(HttpMethod.Get, "/edge/v1/gates") { Headers = { IfNoneMatch = { new EntityTagHeaderValue($"\"{held}-1\"", isWeak: true) } } };
            using var answer = await client.SendAsync(question, Cancel);
            return answer.StatusCode;
        }
        // Set back to a backup, as the store itself says.
        Assert.Equal(HttpStatusCode.OK, await Holding(version + 1));
        await Sql(scene, $"alter table gate_position rename to away");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.OK), (await Holding(version + 1), await Holding(version)));
        await Sql(scene, $"alter table away rename to gate_position");
    }

    [Theory]
    [EachDatabase("/edge/v1/gates")]
    [EachDatabase("/edge/v1/notices?customer=a&user=b")]
    [EachDatabase("/ofrep/v1/evaluate/flags")]
    public async Task Whoever_is_not_let_in_is_told_what_would_open(Database database, string path)
    {
        await using var scene = await GateScene.On(database);
        using var answer = await Ask(scene.Server.Stranger(), path);
        Assert.Equal((HttpStatusCode.Unauthorized, "Bearer"), (answer.StatusCode, answer.Headers.WwwAuthenticate.Single().Scheme));
    }

    [Theory, EachDatabase]
    public async Task The_word_bearer_may_be_written_as_one_likes(Database database)
    {
        await using var scene = await GateScene.On(database);
        var client = scene.Server.Stranger();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("bearer", (await scene.Key(EdgeKeyKind.Server)).Key);
        using var answer = await client.GetAsync("/edge/v1/gates", Cancel);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory, EachDatabase]
    public async Task Use_counts_against_the_rate_of_its_key_and_its_answer_tells_the_time(Database database)
    {
        await using var scene = await GateScene.On(database, "--Gates:RequestBurst=1", "--Gates:RequestsPerSecond=0.5");
        var client = scene.Server.WithToken((await scene.Key(EdgeKeyKind.Server)).Key);
        using var first = await client.PostAsJsonAsync("/edge/v1/usage", new { batch = "1", events = Array.Empty<object>() }, Cancel);
        Assert.Equal((HttpStatusCode.Accepted, "2026-11-22T08:00:00.000Z"), (first.StatusCode, first.Headers.GetValues("Sunsetter-Time").Single()));
        using var next = await client.PostAsJsonAsync("/edge/v1/usage", new { batch = "2", events = Array.Empty<object>() }, Cancel);
        Assert.Equal((HttpStatusCode.TooManyRequests, "edge.rate", "2"), (next.StatusCode, await Code(next), next.Headers.GetValues("Retry-After").Single()));
    }

    [Theory, EachDatabase]
    public async Task One_persons_browser_may_not_take_all_streams(Database database)
    {
        await using var scene = await GateScene.On(database, "--Gates:StreamsPerPerson=2");
        var (server, browser) = (await scene.Key(EdgeKeyKind.Server), await scene.Key(EdgeKeyKind.Browser));
        var (mine, hers) = (scene.Context(server, GateScene.Beike, "u-1"), scene.Context(server, GateScene.Beike, "u-2"));
        using var first = await EventStream.Open(scene.Server.Stranger(), browser.Key, null, mine);
        var second = await EventStream.Open(scene.Server.Stranger(), browser.Key, null, mine);
        var client = scene.Server.WithToken(browser.Key);
        client.DefaultRequestHeaders.Add("X-Sunsetter-Context", mine);
        using (var third = await client.GetAsync("/edge/v1/gates/stream", HttpCompletionOption.ResponseHeadersRead, Cancel))
            Assert.Equal((HttpStatusCode.TooManyRequests, "edge.streams"), (third.StatusCode, await Code(third)));
        using var other = await EventStream.Open(scene.Server.Stranger(), browser.Key, null, hers);
        Assert.NotNull(await other.Next("snapshot"));

        second.Dispose();
        await Until(() => Task.FromResult(scene.Server.Get<GateStreams>().Count == 2));
        using var again = await EventStream.Open(scene.Server.Stranger(), browser.Key, null, mine);
        Assert.NotNull(await again.Next("snapshot"));
    }

    [Theory, EachDatabase]
    public async Task A_key_rotated_twice_ends_when_it_was_first_said_to(Database database)
    {
        await using var scene = await GateScene.On(database);
        var old = await scene.Key(EdgeKeyKind.Server);
        var keys = scene.Server.Get<EdgeKeys>();
        Assert.Null((await keys.Rotate(old.Kid, TimeSpan.FromMinutes(10), "lin@vendor.test", Cancel)).Refusal);
        Assert.Null((await keys.Rotate(old.Kid, TimeSpan.FromDays(7), "lin@vendor.test", Cancel)).Refusal);
        scene.Server.Clock.Advance(TimeSpan.FromMinutes(10));
        Assert.False(keys.IsUsable(old.Kid));
    }

    [Theory, EachDatabase]
    public async Task A_key_whose_hidden_half_cannot_be_read_any_more_still_opens_and_keeps_no_gate_from_moving(Database database)
    {
        await using var scene = await GateScene.On(database);
        var key = await scene.Key(EdgeKeyKind.Server);
        var browser = await scene.Key(EdgeKeyKind.Browser);
        var context = scene.Context(key, GateScene.Huaxin);
        await Sql(scene, $"update edge_key set protected_key = 'lost'");
        await scene.Server.Get<EdgeKeys>().ReadAll(Cancel);
        await scene.RestoreFor(GateScene.Huaxin);
        using var answer = await scene.Server.WithToken(key.Key).GetAsync("/edge/v1/gates", Cancel);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var client = scene.Server.WithToken(browser.Key);
        client.DefaultRequestHeaders.Add("X-Sunsetter-Context", context);
        using var refused = await client.GetAsync("/edge/v1/gates", Cancel);
        Assert.Equal("edge.context-invalid", await Code(refused));
    }

    [Theory, EachDatabase]
    public async Task A_node_that_slept_until_only_restores_were_left_of_the_changes_reads_everything_anew(Database database)
    {
        await using var scene = await GateScene.On(database);
        var since = scene.Publisher.Current!.Version;
        await scene.RestoreFor(GateScene.Huaxin);
        await scene.Change(_ => Decision.Of(GateScene.Beike, new ExtensionGranted(new DateOnly(2026, 12, 20), "They asked.")));
        await scene.RestoreFor(GateScene.Beike);
        await Sql(scene, $"delete from gate_change where restores = 0 and position > {since} and position < {since + 3}");
        var reader = scene.Server.Get<GateReader>();
        Assert.True((await reader.Read(since, Cancel)).Whole);
        Assert.True((await reader.News(since, Cancel))!.Whole);
    }

    [Theory, EachDatabase]
    public async Task The_page_of_a_replacement_reaches_applications_as_what_to_move_to(Database database)
    {
        await using var scene = await GateScene.On(database);
        await Sql(scene, $"update module set documentation_url = 'https://docs.vendor.test/spaces' where key = 'spaces'");
        await Sql(scene, $"update module set documentation_url = 'see the wiki' where key = 'rooms-legacy'");
        await scene.Server.Get<KeepGateBasis>().Run(scene.Server.Clock.GetUtcNow(), Cancel);
        await scene.Publisher.Look(Cancel);
        Assert.Equal("https://docs.vendor.test/spaces", scene.Publisher.Current!.Snapshot.Find(GateScene.Module)!.Alternative!.Url);
    }

    [Fact]
    public async Task A_database_that_cuts_the_connection_loses_a_receipt_and_does_not_stop_the_server()
    {
        await using var scene = await GateScene.On(Database.Postgres);
        var client = scene.Server.WithToken((await scene.Key(EdgeKeyKind.Server)).Key);
        // A sequence remembers also what is rolled back.
        await Sql(scene, $"create sequence cuts");
        await Sql(scene, $"create function cut() returns trigger language plpgsql as 'begin perform nextval(''cuts''); perform pg_terminate_backend(pg_backend_pid()); return new; end'");
        await Sql(scene, $"create trigger cut before insert on gate_receipt for each row execute function cut()");
        await client.PostAsJsonAsync("/edge/v1/receipts", new { instance = "chat-1", version = 1 }, Cancel);
        await Until(async () => await Number(scene, $"select count(*) as \"Value\" from cuts where is_called") == 1);
        await Sql(scene, $"drop trigger cut on gate_receipt");
        await Until(async () =>
        {
            await client.PostAsJsonAsync("/edge/v1/receipts", new { instance = "chat-1", version = 1 }, Cancel);
            return await Number(scene, $"select count(*) as \"Value\" from gate_receipt") == 1;
        });
        Assert.False(scene.Server.Get<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested);
    }

    private static async Task Until(Func<Task<bool>> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(TimeSpan.FromSeconds(20));
        for (; !await condition(); await Task.Yield())
            limit.Token.ThrowIfCancellationRequested();
    }

    private static async Task<long> Number(GateScene scene, FormattableString question)
    {
        await using var db = await scene.Server.Get<IDbContextFactory<SunsetterDb>>().CreateDbContextAsync(Cancel);
        return await db.Database.SqlQuery<long>(question).SingleAsync(Cancel);
    }

    private static Task<HttpResponseMessage> Ask(HttpClient client, string path) =>
        path.StartsWith("/ofrep", StringComparison.Ordinal) ? client.PostAsJsonAsync(path, new { context = new { targetingKey = "u" } }, Cancel) : client.GetAsync(path, Cancel);

    private static async Task Sql(GateScene scene, FormattableString statement)
    {
        await using var db = await scene.Server.Get<IDbContextFactory<SunsetterDb>>().CreateDbContextAsync(Cancel);
        await db.Database.ExecuteSqlAsync(statement, Cancel);
    }

    private static async Task<string?> Code(HttpResponseMessage answer) =>
        JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel)).RootElement.GetProperty("code").GetString();
}
