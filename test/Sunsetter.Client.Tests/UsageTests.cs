using System.Text.Json.Nodes;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Sunsetter.Client.Outbox;
using Sunsetter.Client.Usage;
using static Sunsetter.Client.Tests.Samples;

namespace Sunsetter.Client.Tests;

public sealed class UsageTests
{
    [Fact]
    public async Task Use_is_counted_per_person_and_refused_calls_apart()
    {
        await using var server = new WireServer();
        server.PublishSilently(Snapshot(1, Rooms(Closed)));
        await server.StartAsync();
        await using var client = new SunsetterClient(Options(server));
        await client.WaitForSnapshotAsync(TimeSpan.FromSeconds(20));

        client.Use("spaces", "huaxin", "li");
        client.Use("spaces", "huaxin", "li");
        client.Use("spaces", "huaxin", "wang");
        client.Use("rooms-legacy", "huaxin", "li");
        Assert.True(await client.FlushAsync());

        var batch = await server.NextAsync("usage");
        Assert.Equal(batch.Key, (string?)batch.Body["batch"]);
        Assert.Equal(
            ["rooms-legacy huaxin li 1 refused", "spaces huaxin li 2", "spaces huaxin wang 1"],
            batch.Body["events"]!.AsArray().Select(Line).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Asking_counts_nothing_and_neither_does_a_use_by_nobody()
    {
        await using var server = new WireServer();
        await server.StartAsync();
        var options = Options(server);
        await using var client = new SunsetterClient(options);
        client.Ask("spaces", "huaxin", "li");
        client.Use("spaces", null, "li");
        client.Use("spaces", "huaxin", null);
        client.Use("", "huaxin", "li");
        // Longer than a server takes.
        client.Use(new string('x', 81), "huaxin", "li");
        client.Use("spaces", new string('x', 121), "li");
        client.Use("spaces", "huaxin", new string('x', 201));
        Assert.True(await client.FlushAsync());
        Assert.Empty(new DiskShelf(Path.Combine(options.StateDirectory!, "outbox")).Waiting());
    }

    [Fact]
    public async Task A_batch_survives_a_lost_connection_and_a_restart_under_the_same_id()
    {
        await using var server = new WireServer();
        await server.StartAsync();
        var options = Options(server);
        server.PostStatus = 503;
        await using (var first = new SunsetterClient(options)) first.Use("spaces", "huaxin", "li");
        var lost = await server.NextAsync("usage");

        server.PostStatus = null;
        await using var second = new SunsetterClient(options);
        Assert.True(await second.FlushAsync());
        var counted = await server.NextAsync("usage");
        Assert.Equal((503, 202, lost.Key), (lost.Status, counted.Status, counted.Key));
        // Nothing in it says when it was cut: the server would take the delay for a slow clock and move the use.
        Assert.Equal(["batch", "events"], counted.Body.AsObject().Select(member => member.Key));
        Assert.Equal(lost.Body["events"]!.ToJsonString(), counted.Body["events"]!.ToJsonString());
    }

    [Fact]
    public async Task Who_has_nothing_to_count_says_once_a_day_that_it_is_alive()
    {
        await using var server = new WireServer();
        await server.StartAsync();
        var time = new FakeTimeProvider(Announced);
        await using var client = new SunsetterClient(Options(server, time: time));
        var alive = server.NextAsync("usage");
        await Until(() => alive.IsCompleted, "the empty batch", time);
        Assert.Empty((await alive).Body["events"]!.AsArray());
        Assert.Equal((await alive).Key, (string?)(await alive).Body["batch"]);

        // Of the next one the first is a count.
        client.Use("spaces", "huaxin", "li");
        Assert.True(await client.FlushAsync());
        Assert.Single((await server.NextAsync("usage")).Body["events"]!.AsArray());
    }

    [Fact]
    public async Task Disposing_without_waiting_keeps_what_was_counted_on_disk()
    {
        await using var server = new WireServer();
        await server.StartAsync();
        var options = Options(server);
        var client = new SunsetterClient(options);
        client.Use("spaces", "huaxin", "li");
        client.Dispose();
        Assert.Single(new DiskShelf(Path.Combine(options.StateDirectory!, "outbox")).Waiting());
    }

    [Fact]
    public async Task A_batch_that_the_server_will_never_take_does_not_hold_up_the_next()
    {
        await using var server = new WireServer { PostStatus = 400 };
        await server.StartAsync();
        await using var client = new SunsetterClient(Options(server));
        client.Use("spaces", "huaxin", "li");
        Assert.True(await client.FlushAsync());
        server.PostStatus = null;
        client.Use("spaces", "huaxin", "wang");
        Assert.True(await client.FlushAsync());
        Assert.Equal(400, (await server.NextAsync("usage")).Status);
        Assert.Equal("wang", (string?)(await server.NextAsync("usage")).Body["events"]![0]!["user"]);
    }

    [Fact]
    public async Task Batches_are_sent_regularly_without_being_asked_for()
    {
        await using var server = new WireServer();
        await server.StartAsync();
        var time = new FakeTimeProvider(Announced);
        await using var client = new SunsetterClient(Options(server, time: time));
        client.Use("spaces", "huaxin", "li");
        var batch = server.NextAsync("usage");
        await Until(() => batch.IsCompleted, "the batch", time);
        Assert.Equal("li", (string?)(await batch).Body["events"]![0]!["user"]);
    }

    [Fact]
    public void The_time_of_a_use_is_its_quarter_of_an_hour_where_every_zone_begins_its_days()
    {
        var late = new DateTimeOffset(2026, 11, 22, 18, 14, 59, 999, TimeSpan.Zero);
        Assert.Equal(new DateTimeOffset(2026, 11, 22, 18, 0, 0, TimeSpan.Zero), new UseKey("m", "c", "u", UseKey.QuarterOf(late), false).Time);
        Assert.Equal(new DateTimeOffset(2026, 11, 22, 18, 15, 0, TimeSpan.Zero), new UseKey("m", "c", "u", UseKey.QuarterOf(late.AddMilliseconds(1)), false).Time);
    }

    [Fact]
    public async Task Nothing_is_lost_or_counted_twice_when_batches_are_cut_while_calls_come_in()
    {
        var counter = new UseCounter();
        const int PerCaller = 20_000;
        var counted = 0L;
        var callers = Enumerable.Range(0, 4).Select(caller => Task.Run(() =>
        {
            for (var i = 0; i < PerCaller; i++) counter.Add(new UseKey("m", "c", $"u{(i * 7 + caller) % 50}", 1, false));
        })).ToArray();
        var all = Task.WhenAll(callers);
        while (!all.IsCompleted) counted += counter.Cut().Sum(pair => pair.Value);
        await all;
        counted += counter.Cut().Sum(pair => pair.Value);
        Assert.Equal(4L * PerCaller, counted);
    }

    [Fact]
    public void Above_its_bound_the_counter_still_counts_whom_it_knows_and_says_so_of_the_others()
    {
        var counter = new UseCounter();
        for (var i = 0; i < UseCounter.Most; i++) Assert.True(counter.Add(new UseKey("m", "c", $"u{i}", 1, false)));
        Assert.False(counter.Add(new UseKey("m", "c", "one-more", 1, false)));
        Assert.True(counter.Add(new UseKey("m", "c", "u0", 1, false)));
        counter.Cut();
        Assert.True(counter.Add(new UseKey("m", "c", "one-more", 1, false)));
    }

    [Fact]
    public void Batches_are_cut_to_a_size_that_a_server_takes()
    {
        Gen.Int[0, 12_000].Sample(count =>
        {
            var counts = Enumerable.Range(0, count).Select(i => KeyValuePair.Create(new UseKey("m", "c", $"u{i}", 1, false), 1L)).ToList();
            var batches = UsageBatch.From(counts, Announced).ToList();
            Assert.Equal(count, batches.Sum(batch => batch.Events.Count));
            Assert.All(batches, batch => Assert.InRange(batch.Events.Count, 1, UsageBatch.Most));
            Assert.Equal(batches.Count, batches.Select(batch => batch.Batch).Distinct().Count());
        }, iter: 20);
    }

    private static string Line(JsonNode? use) =>
        $"{use!["module"]} {use["customer"]} {use["user"]} {use["count"]}{(use["refused"]?.GetValue<bool>() == true ? " refused" : "")}";
}
