using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text;
using System.Text.Json.Nodes;
using Sunsetter.Client.Notices;
using static Sunsetter.Client.Tests.Samples;

namespace Sunsetter.Client.Tests;

public sealed class ReportingTests
{
    [Fact]
    public async Task The_version_obeyed_is_receipted_with_the_name_of_this_process()
    {
        await using var server = new WireServer();
        server.PublishSilently(Snapshot(4, Rooms(Closed)));
        await server.StartAsync();
        await using var client = new SunsetterClient(Options(server));
        var receipt = await server.NextAsync("receipts");
        Assert.Equal(("test", 4), ((string?)receipt.Body["instance"], (int)receipt.Body["version"]!));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?Z$", (string?)receipt.Body["obeyedAt"]);
        Assert.StartsWith("dotnet/", (string?)receipt.Body["client"]);

        server.Publish(Snapshot(5, Rooms(Restored)));
        Assert.Equal(5, (int)(await server.NextAsync("receipts")).Body["version"]!);
    }

    [Fact]
    public async Task Notices_are_read_for_one_person_and_marked()
    {
        await using var server = new WireServer { NoticesJson = """{"notices":[{"id":"n/1","module":"rooms-legacy","title":{"en":"Going","zh-CN":"停用"},"body":{"en":"Soon"},"acknowledge":true}]}""" };
        await server.StartAsync();
        await using var client = new SunsetterClient(Options(server));
        var notice = Assert.Single(await client.NoticesAsync("huaxin", "li"));
        Assert.Equal(("n/1", "停用", true), (notice.Id, notice.Title["zh-CN"], notice.Acknowledge));

        client.Mark(notice.Id, NoticeMark.Acknowledged, "huaxin", "li");
        var mark = await server.NextAsync("acknowledged");
        Assert.Equal("/edge/v1/notices/n%2F1/acknowledged", mark.Path);
        Assert.Equal(("huaxin", "li"), ((string?)mark.Body["customer"], (string?)mark.Body["user"]));
    }

    [Fact]
    public async Task A_mark_for_a_notice_that_is_gone_holds_up_nothing_behind_it()
    {
        await using var server = new WireServer { PostStatus = 404 };
        await server.StartAsync();
        await using var client = new SunsetterClient(Options(server));
        client.Mark("gone", NoticeMark.Seen, "huaxin", "li");
        Assert.True(await client.FlushAsync());
        client.Use("spaces", "huaxin", "li");
        Assert.False(await client.FlushAsync());
    }

    [Theory]
    [InlineData("rubbish")]
    [InlineData("[]")]
    [InlineData("""{"notices":7}""")]
    public async Task Notices_that_make_no_sense_are_none(string rubbish)
    {
        await using var server = new WireServer { NoticesJson = rubbish };
        await server.StartAsync();
        await using var client = new SunsetterClient(Options(server));
        Assert.Empty(await client.NoticesAsync("huaxin", "li"));
    }

    [Fact]
    public async Task Everything_that_can_be_observed_is_on_the_page()
    {
        // Other tests in this process make the same: seen is what there is, never too much.
        var seen = new ConcurrentDictionary<string, bool>();
        using var traces = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Sunsetter.Client", Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity => seen[activity.OperationName] = true,
        };
        ActivitySource.AddActivityListener(traces);
        using var figures = new MeterListener { InstrumentPublished = (instrument, _) => { if (instrument.Meter.Name == "Sunsetter.Client") seen[instrument.Name] = true; } };
        figures.Start();

        await using var server = new WireServer { NoStream = true };
        server.PublishSilently(Snapshot(4, Rooms(Closed)));
        await server.StartAsync();
        await using var client = new SunsetterClient(Options(server));
        await server.NextAsync("receipts");
        await client.NoticesAsync("huaxin", "li");
        client.Use("spaces", "huaxin", "li");
        client.Mark("n", NoticeMark.Seen, "huaxin", "li");
        await client.FlushAsync();

        string[] expected = ["sunsetter.mark", "sunsetter.notices", "sunsetter.poll", "sunsetter.receipt", "sunsetter.stream", "sunsetter.usage",
            "sunsetter.client.clock.offset", "sunsetter.client.connections", "sunsetter.client.dropped", "sunsetter.client.outbox.sent", "sunsetter.client.snapshot.version", "sunsetter.client.snapshots", "sunsetter.client.uses"];
        Assert.Equal(expected.Order(StringComparer.Ordinal), seen.Keys.Order(StringComparer.Ordinal));
        foreach (var page in new[] { "docs/obey-a-gate.md", "docs/zh-CN/obey-a-gate.md" })
            Assert.All(expected, name => Assert.Contains($"`{name}`", DocumentedStartsTests.Page(page)));
    }

    [Fact]
    public async Task A_context_token_says_who_is_signed_in_and_is_signed_with_the_key()
    {
        await using var server = new WireServer();
        await server.StartAsync();
        await using var client = new SunsetterClient(Options(server));
        var parts = client.ContextToken("huaxin", "li", TimeSpan.FromHours(1)).Split('.');
        var payload = JsonNode.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(parts[0]))!;
        Assert.Equal(("huaxin", "li", "k1"), ((string?)payload["customer"], (string?)payload["user"], (string?)payload["kid"]));
        Assert.InRange((long)payload["exp"]! - client.Now.ToUnixTimeSeconds(), 3_590, 3_600);
        var signature = System.Security.Cryptography.HMACSHA256.HashData(Encoding.UTF8.GetBytes("sst_srv_k1_secret"), Encoding.ASCII.GetBytes(parts[0]));
        Assert.Equal(signature, System.Buffers.Text.Base64Url.DecodeFromChars(parts[1]));
    }
}
