using Microsoft.Extensions.Time.Testing;
using Sunsetter.Client.Notices;
using Sunsetter.Gates;
using static Sunsetter.Client.Tests.Samples;

namespace Sunsetter.Client.Tests;

/// <summary>A client in front of a server that is killed, restarted, slow, or talks rubbish.</summary>
public sealed class FollowingTests
{
    [Fact]
    public async Task A_change_reaches_a_connected_client_as_a_delta()
    {
        await using var server = new WireServer();
        server.PublishSilently(Snapshot(1, Rooms(Closed)));
        await server.StartAsync();
        await using var client = new SunsetterClient(Options(server));
        Assert.True(await client.WaitForSnapshotAsync(TimeSpan.FromSeconds(20)));
        Assert.Equal(GateState.Closed, client.Ask("rooms-legacy").State);

        server.Publish(Snapshot(2, Rooms(Closed, ("huaxin", Restored))));
        await Until(() => client.Snapshot.Version == 2, "version 2 obeyed");

        Assert.Equal(GateState.Open, client.Ask("rooms-legacy", "huaxin").State);
        Assert.Equal(GateState.Closed, client.Ask("rooms-legacy", "other").State);
        Assert.Equal(0, server.Polls);
    }

    [Fact]
    public async Task Without_a_server_the_stored_snapshot_answers_at_once()
    {
        await using var server = new WireServer();
        server.PublishSilently(Snapshot(7, Rooms(Closed)));
        await server.StartAsync();
        var options = Options(server);
        await using (var first = new SunsetterClient(options))
            Assert.True(await first.WaitForSnapshotAsync(TimeSpan.FromSeconds(20)));
        await server.KillAsync();

        await using var second = new SunsetterClient(options);
        Assert.Equal(7, second.Snapshot.Version);
        Assert.Equal(GateState.Closed, second.Ask("rooms-legacy").State);
    }

    [Fact]
    public async Task A_stored_snapshot_is_resumed_and_not_sent_again()
    {
        await using var server = new WireServer();
        server.PublishSilently(Snapshot(7, Rooms(Closed)));
        await server.StartAsync();
        var options = Options(server);
        await using (var first = new SunsetterClient(options))
            await first.WaitForSnapshotAsync(TimeSpan.FromSeconds(20));

        await using var second = new SunsetterClient(options);
        await Until(() => server.Connections == 2, "the second client connected");
        Assert.StartsWith("7 2026-", server.LastEventId);
    }

    [Fact]
    public async Task Without_a_server_and_without_a_store_the_declared_default_is_given()
    {
        await using var server = new WireServer();
        await server.StartAsync();
        await server.KillAsync();
        var options = Options(server);
        options.UnknownModulesAreOpen = false;
        await using var client = new SunsetterClient(options);

        var answer = client.Ask("rooms-legacy", "huaxin", "u-1");
        Assert.Equal((GateState.Closed, GateReasons.NoSnapshot, true), (answer.State, answer.Reason, answer.IsDefault));
    }

    [Fact]
    public async Task A_killed_server_changes_no_answer_and_a_restarted_one_is_found_again()
    {
        await using var server = new WireServer();
        server.PublishSilently(Snapshot(1, Rooms(Closed)));
        await server.StartAsync();
        await using var client = new SunsetterClient(Options(server));
        await client.WaitForSnapshotAsync(TimeSpan.FromSeconds(20));

        await server.KillAsync();
        Assert.Equal(GateState.Closed, client.Ask("rooms-legacy").State);

        server.PublishSilently(Snapshot(2, Rooms(Restored)));
        await server.StartAsync();
        await Until(() => client.Snapshot.Version == 2, "the restarted server was followed");
        Assert.Equal(GateState.Open, client.Ask("rooms-legacy").State);
    }

    [Fact]
    public async Task Without_a_stream_the_client_polls()
    {
        await using var server = new WireServer { NoStream = true };
        server.PublishSilently(Snapshot(1, Rooms(Closed)));
        await server.StartAsync();
        var time = new FakeTimeProvider(Announced);
        await using var client = new SunsetterClient(Options(server, time: time));
        await Until(() => client.Snapshot.Version == 1, "the first poll", time);

        server.PublishSilently(Snapshot(2, Rooms(Restored)));
        await Until(() => client.Snapshot.Version == 2, "a later poll", time);
        Assert.True(server.Polls >= 2);
    }

    [Theory]
    [InlineData("not json at all")]
    [InlineData("{}")]
    [InlineData("""{"format":1,"version":9,"issuedAt":"2026-11-22T16:00:00Z","modules":[{"key":"rooms-legacy"}]}""")]
    [InlineData("""{"format":2,"version":9,"issuedAt":"2026-11-22T16:00:00Z","modules":[]}""")]
    public async Task Rubbish_is_refused_whole_and_the_last_good_snapshot_still_decides(string rubbish)
    {
        await using var server = new WireServer();
        server.PublishSilently(Snapshot(1, Rooms(Closed)));
        await server.StartAsync();
        await using var client = new SunsetterClient(Options(server));
        await client.WaitForSnapshotAsync(TimeSpan.FromSeconds(20));

        server.Rubbish = rubbish;
        server.Send(WireServer.Event("snapshot", 9, rubbish));
        await Until(() => server.Polls > 0, "the client asked for the whole");
        Assert.Equal(1, client.Snapshot.Version);
        Assert.Equal(GateState.Closed, client.Ask("rooms-legacy").State);

        server.Rubbish = null;
        server.PublishSilently(Snapshot(10, Rooms(Restored)));
        server.Send(WireServer.Event("resync", null, """{"reason":"behind"}"""));
        await Until(() => client.Snapshot.Version == 10, "good sense was obeyed again");
    }

    [Fact]
    public async Task A_delta_with_a_gap_makes_the_client_fetch_the_whole()
    {
        await using var server = new WireServer();
        server.PublishSilently(Snapshot(1, Rooms(Closed)));
        await server.StartAsync();
        await using var client = new SunsetterClient(Options(server));
        await client.WaitForSnapshotAsync(TimeSpan.FromSeconds(20));

        server.PublishSilently(Snapshot(2, Rooms(Closed, ("a", Restored))));
        server.Publish(Snapshot(3, Rooms(Closed, ("a", Restored), ("b", Restored))));
        await Until(() => client.Snapshot.Version == 3, "the whole was fetched");
        Assert.Equal(GateState.Open, client.Ask("rooms-legacy", "a").State);
        Assert.Equal(GateState.Open, client.Ask("rooms-legacy", "b").State);
    }

    [Fact]
    public async Task A_newer_version_that_is_announced_but_never_sent_is_fetched()
    {
        await using var server = new WireServer();
        server.PublishSilently(Snapshot(1, Rooms(Closed)));
        await server.StartAsync();
        await using var client = new SunsetterClient(Options(server));
        await client.WaitForSnapshotAsync(TimeSpan.FromSeconds(20));

        server.PublishSilently(Snapshot(2, Rooms(Restored)));
        server.SendTime();
        await Until(() => client.Snapshot.Version == 2, "the announced version was fetched");
    }

    [Fact]
    public async Task A_server_that_is_slower_than_ten_seconds_is_given_up_and_harms_nobody()
    {
        await using var server = new WireServer { NoStream = true, Slowness = TimeSpan.FromMinutes(5) };
        server.PublishSilently(Snapshot(1, Rooms(Closed)));
        await server.StartAsync();
        var time = new FakeTimeProvider(Announced);
        await using var client = new SunsetterClient(Options(server, time: time));

        await Until(() => server.Polls >= 2, "the client gave up and tried again", time);
        Assert.Equal(GateState.Open, client.Ask("rooms-legacy").State);
    }

    [Theory]
    [InlineData(-60)]
    [InlineData(60)]
    public async Task On_a_machine_whose_clock_is_an_hour_wrong_the_module_closes_by_the_servers_clock(int minutesAhead)
    {
        var servers = new FakeTimeProvider(Closing.AddSeconds(-30));
        await using var server = new WireServer(servers);
        server.PublishSilently(Snapshot(1, Rooms(Retiring)));
        await server.StartAsync();
        await using var client = new SunsetterClient(Options(server, time: new WrongClock(servers, TimeSpan.FromMinutes(minutesAhead))));
        Assert.True(await client.WaitForSnapshotAsync(TimeSpan.FromSeconds(20)));

        Assert.Equal(GateState.Warned, client.Ask("rooms-legacy").State);
        servers.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal(GateState.Warned, client.Ask("rooms-legacy").State);
        servers.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(GateState.Closed, client.Ask("rooms-legacy").State);
    }

    [Fact]
    public async Task A_server_that_falls_silent_in_the_middle_of_an_answer_is_given_up()
    {
        await using var server = new WireServer { NoStream = true, Half = true };
        server.PublishSilently(Snapshot(1, Rooms(Closed)));
        await server.StartAsync();
        var time = new FakeTimeProvider(Announced);
        await using var client = new SunsetterClient(Options(server, time: time));

        await Until(() => server.Polls >= 2, "the client gave up and tried again", time);
        server.Half = false;
        await Until(() => client.Snapshot.Version == 1, "the whole answer", time);
    }

    [Fact]
    public async Task A_server_that_was_set_back_to_a_backup_and_counted_up_to_the_same_version_is_noticed()
    {
        await using var server = new WireServer();
        server.PublishSilently(Snapshot(7, Rooms(Closed)));
        await server.StartAsync();
        await using var client = new SunsetterClient(Options(server));
        await client.WaitForSnapshotAsync(TimeSpan.FromSeconds(20));

        server.PublishSilently(GateSnapshot.Of(7, Announced.AddHours(1), [Rooms(Restored)]));
        server.SendTime();
        await Until(() => client.Ask("rooms-legacy").State == GateState.Open, "the other version 7");
    }

    [Fact]
    public async Task Nobody_is_sent_away_for_longer_than_five_minutes()
    {
        await using var server = new WireServer { NoStream = true, RetryAfter = 86_400 };
        await server.StartAsync();
        var time = new FakeTimeProvider(Announced);
        await using var client = new SunsetterClient(Options(server, time: time));

        await Until(() => server.Connections >= 2, "the client came back", time);
        Assert.True(time.GetUtcNow() - Announced < TimeSpan.FromMinutes(7));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9999)]
    public async Task A_time_at_the_end_of_the_calendar_is_rubbish_and_harms_nobody(int year)
    {
        await using var server = new WireServer(new FakeTimeProvider(new DateTimeOffset(year, 12, 31, 23, 59, 59, 999, TimeSpan.Zero)) { AutoAdvanceAmount = TimeSpan.Zero });
        server.PublishSilently(Snapshot(1, Rooms(Closed)));
        await server.StartAsync();
        await using var client = new SunsetterClient(Options(server, time: new FakeTimeProvider(Announced)));
        Assert.True(await client.WaitForSnapshotAsync(TimeSpan.FromSeconds(20)));

        Assert.Equal(GateState.Closed, client.Use("rooms-legacy", "huaxin", "li").State);
        client.Mark("n", NoticeMark.Seen, "huaxin", "li");
        Assert.Equal(Announced, client.Now);
    }

    [Fact]
    public async Task Who_asks_while_or_after_the_client_is_disposed_gets_nothing_and_no_exception()
    {
        await using var server = new WireServer();
        await server.StartAsync();
        var client = new SunsetterClient(Options(server));
        await client.DisposeAsync();

        Assert.Empty(await client.NoticesAsync("huaxin", "li"));
        client.Mark("n", NoticeMark.Seen, "huaxin", "li");
        Assert.False(await client.FlushAsync());
    }

    [Fact]
    public void A_key_read_from_a_file_may_end_with_a_line_feed_and_one_with_a_gap_is_refused_with_a_sentence()
    {
        var options = new SunsetterOptions { Server = new Uri("http://127.0.0.1:1"), Key = "sst_srv_k1_secret\n" };
        Assert.Equal((0, "sst_srv_k1_secret"), (options.Errors().Count, options.Key));
        options.Key = "sst_srv_k1\nsecret";
        Assert.Contains("copy it again", Assert.Throws<ArgumentException>(() => new SunsetterClient(options)).Message);
    }

    /// <summary>Shows a wrong hour and runs as fast as the right clock: both move in the same step, as two clocks in one world do.</summary>
    private sealed class WrongClock(TimeProvider right, TimeSpan ahead) : TimeProvider
    {
        public override long TimestampFrequency => right.TimestampFrequency;

        public override DateTimeOffset GetUtcNow() => right.GetUtcNow() + ahead;

        public override long GetTimestamp() => right.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => right.CreateTimer(callback, state, dueTime, period);
    }
}
