using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Sunsetter.Harness;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Usage;
using static Sunsetter.Server.Tests.Usage.UsageFixture;

namespace Sunsetter.Server.Tests.Usage;

public sealed class ReceiveUsageTests
{
    private const string Now = "2026-11-22T07:59:00Z";

    [Theory, EachDatabase]
    public async Task Accepted_events_are_counted_when_the_answer_comes(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        using var client = await server.As("ops@vendor.test", Role.Operations);

        var sent = await client.Send("b1", Event(Now, "rooms", "huaxin", "ann", 3), Event(Now, "rooms", "huaxin", "ben"), Event("2026-11-21T07:00:00Z", "rooms", "huaxin", "ann"));

        Assert.Equal(HttpStatusCode.Accepted, sent.StatusCode);
        var activity = await server.Get<UsageQuestions>().Activity(OldRooms, Today, 60, Cancel);
        Assert.Equal((2, 2, 2), (activity.Day, activity.Week, activity.Month));
        Assert.Equal([1, 4], activity.Days.TakeLast(2).Select(day => day.Calls));
    }

    [Theory, EachDatabase]
    public async Task A_batch_sent_twice_counts_once_and_says_so(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        using var client = await server.As("ops@vendor.test", Role.Operations);
        Assert.False((await client.Send("b1", Event(Now, "rooms", "huaxin", "ann", 3)).Body()).GetProperty("duplicate").GetBoolean());
        var before = await server.Dump();

        Assert.True((await client.Send("b1", Event(Now, "rooms", "huaxin", "ann", 3)).Body()).GetProperty("duplicate").GetBoolean());
        Assert.Equal(before, await server.Dump());
    }

    [Theory, EachDatabase]
    public async Task The_same_batch_sent_ten_times_at_once_counts_once(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        using var client = await server.As("ops@vendor.test", Role.Operations);

        var answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => client.Send("b1", Event(Now, "rooms", "huaxin", "ann", 3)).Body()));

        Assert.Single(answers, answer => !answer.GetProperty("duplicate").GetBoolean());
        Assert.Contains("rooms huaxin 2026-11-22 1 3", await server.Dump(), StringComparison.Ordinal);
    }

    [Theory, EachDatabase]
    public async Task Lines_that_cannot_be_counted_are_named_and_the_others_count(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        using var client = await server.As("ops@vendor.test", Role.Operations);

        var answer = await client.Send("b1",
            Event(Now, "rooms", "huaxin", "ann"),
            Event("yesterday", "rooms", "huaxin", "ann"),
            Event("2026-11-22T08:06:00Z", "rooms", "huaxin", "ann"),
            Event(Now, "", "huaxin", "ann"),
            Event(Now, "rooms", "hua\0xin", "ann"),
            Event(Now, "rooms", "huaxin", new string('x', 201)),
            Event(Now, "rooms", "huaxin", "ann", 0),
            "not an event",
            Event(Now, "rooms", "huaxin", "ben")).Body();

        Assert.Equal(2, answer.GetProperty("accepted").GetInt32());
        Assert.Equal(["1:usage.time", "2:usage.time-in-future", "3:usage.module-missing", "4:usage.customer-invalid", "5:usage.user-invalid", "6:usage.count", "7:usage.event"],
            answer.GetProperty("rejects").EnumerateArray().Select(reject => $"{reject.GetProperty("line")}:{reject.GetProperty("code")}"));
        Assert.Contains("rooms huaxin 2026-11-22 2 2", await server.Dump(), StringComparison.Ordinal);
    }

    [Theory, EachDatabase]
    public async Task Lone_surrogates_are_rejected_line_by_line(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        using var client = await server.As("ops@vendor.test", Role.Operations);
        var answer = await client.PostAsync("/edge/v1/usage", new StringContent(
            $$"""{"batch":"b","events":[{"time":"{{Now}}","module":"rooms","customer":"huaxin","user":"\ud800"},{"time":"{{Now}}","module":"rooms","customer":"huaxin","user":"\ud83d\ude00"}]}"""), Cancel);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Contains("\"accepted\":1,\"rejected\":1", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Theory, EachDatabase]
    public async Task A_clock_that_is_an_hour_fast_is_corrected(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        using var client = await server.As("ops@vendor.test", Role.Operations);
        // The events come before the sender's clock in the text.
        var answer = await client.PostAsync("/edge/v1/usage", new StringContent(
            """{"batch":"b","events":[{"time":"2026-11-22T08:59:30Z","module":"rooms","customer":"huaxin","user":"ann"}],"sentAt":"2026-11-22T09:00:00Z"}"""), Cancel);
        Assert.Contains("\"accepted\":1,\"rejected\":0,\"rejects\":[],\"duplicate\":false,\"clockSkewSeconds\":-3600", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Theory]
    [EachDatabase("{", HttpStatusCode.BadRequest, "usage.malformed")]
    [EachDatabase("[]", HttpStatusCode.BadRequest, "usage.malformed")]
    [EachDatabase("", HttpStatusCode.BadRequest, "usage.malformed")]
    [EachDatabase("{\"batch\":\"b\"}", HttpStatusCode.BadRequest, "usage.no-events")]
    [EachDatabase("{\"events\":[]}", HttpStatusCode.BadRequest, "usage.no-key")]
    [EachDatabase("{\"batch\":\"b\",\"events\":[],\"events\":[]}", HttpStatusCode.BadRequest, "usage.events-twice")]
    [EachDatabase("{\"batch\":\"b\",\"sentAt\":5,\"events\":[]}", HttpStatusCode.BadRequest, "usage.sent-at")]
    [EachDatabase("{\"a\":[[[[[[[[[[1]]]]]]]]]]}", HttpStatusCode.BadRequest, "usage.malformed")]
    public async Task A_body_that_is_no_batch_is_refused_with_a_code(Database database, string body, HttpStatusCode status, string code)
    {
        await using var server = await ServerUnderTest.On(database);
        using var client = await server.As("ops@vendor.test", Role.Operations);
        var answer = await client.PostAsync("/edge/v1/usage", new StringContent(body), Cancel);
        Assert.Equal(status, answer.StatusCode);
        Assert.Contains(code, await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Theory]
    [EachDatabase("gzip")]
    [EachDatabase("zstd")]
    public async Task Packed_bodies_are_read_and_a_bomb_is_refused(Database database, string encoding)
    {
        await using var server = await ServerUnderTest.On(database);
        using var client = await server.As("ops@vendor.test", Role.Operations);
        var good = Pack(encoding, Encoding.UTF8.GetBytes($$"""{"batch":"b","events":[{"time":"{{Now}}","module":"rooms","customer":"huaxin","user":"ann"}]}"""));
        Assert.Equal(HttpStatusCode.Accepted, (await Post(client, encoding, good)).StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await Post(client, encoding, Pack(encoding, new byte[200 << 20]))).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await Post(client, encoding, [1, 2, 3, 4, 5, 6, 7, 8])).StatusCode);
    }

    [Theory, EachDatabase]
    public async Task A_frame_that_wants_a_window_of_more_than_8_MB_is_refused_before_it_is_unpacked(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        using var client = await server.As("ops@vendor.test", Role.Operations);
        // Magic number, no single segment, a window of 2^23 or 2^24 bytes; then one last raw block of one byte.
        byte[] Frame(int log) => [0x28, 0xb5, 0x2f, 0xfd, 0, (byte)((log - 10) << 3), 0x09, 0, 0, (byte)'{'];

        Assert.Contains("usage.malformed", await (await Post(client, "zstd", Frame(23))).Content.ReadAsStringAsync(Cancel));
        Assert.Contains("usage.unpack", await (await Post(client, "zstd", Frame(24))).Content.ReadAsStringAsync(Cancel));
    }

    [Theory, EachDatabase]
    public async Task Who_may_not_write_usage_is_refused(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        using var stranger = server.Stranger();
        using var sales = await server.As("sales@vendor.test", Role.Sales);
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.Send("b", Event(Now, "rooms", "huaxin", "ann"))).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await sales.Send("b", Event(Now, "rooms", "huaxin", "ann"))).StatusCode);
    }

    [Theory, EachDatabase]
    public async Task Unknown_modules_are_kept_up_to_the_bound_and_the_rest_is_named(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        await server.Get<Settings>().Set(new UsageSettings { MostUnknownModules = 3 }, "test", Cancel);
        using var client = await server.As("ops@vendor.test", Role.Operations);

        var answer = await client.Send("b", [.. Enumerable.Range(0, 5).Select(number => Event(Now, $"module-{number}", "huaxin", "ann"))]).Body();

        Assert.Equal((3, 2), (answer.GetProperty("accepted").GetInt32(), answer.GetProperty("rejected").GetInt32()));
        Assert.Equal(3, answer.GetProperty("unknownModules").GetArrayLength());
        Assert.Equal(3, (await server.Get<UsageQuestions>().Glances(Today, 8, Cancel)).Count(glance => !glance.Known));
    }

    [Theory, EachDatabase]
    public async Task Refused_calls_are_gathered_by_customer_and_user_and_are_no_use(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        using var client = await server.As("ops@vendor.test", Role.Operations);
        await client.Send("b1", Event(Now, "rooms", "huaxin", "ann", 3, refused: true), Event(Now, "rooms", "huaxin", "ben", 1, refused: true));
        await client.Send("b2", Event("2026-11-22T06:10:00Z", "rooms", "huaxin", "ann", 2, refused: true));

        var refused = await server.Get<UsageQuestions>().Refused(OldRooms, ServerUnderTest.Start.AddHours(-3), 10, Cancel);

        Assert.Equal(6, refused.Calls);
        Assert.Equal([2, 4], refused.Hours.Select(hour => hour.Calls));
        Assert.Equal(["ann 5", "ben 1"], Assert.Single(refused.Customers).Users.Select(user => $"{user.Name} {user.Calls}"));
        Assert.Equal("", await server.Dump());

        // Nothing was written since: nothing is looked up. A single name, of two who called.
        Assert.Same(refused, await server.Get<UsageQuestions>().Refused(OldRooms, ServerUnderTest.Start.AddHours(-3), 10, Cancel));
        var shortened = Assert.Single((await server.Get<UsageQuestions>().Refused(OldRooms, ServerUnderTest.Start.AddHours(-3), 1, Cancel)).Customers);
        Assert.Equal((2, "ann"), (shortened.UserCount, Assert.Single(shortened.Users).Name));
        await client.Send("b3", Event(Now, "rooms", "huaxin", "ben", 1, refused: true));
        Assert.Equal(7, (await server.Get<UsageQuestions>().Refused(OldRooms, ServerUnderTest.Start.AddHours(-3), 10, Cancel)).Calls);
    }

    [Theory, EachDatabase]
    public async Task Hashed_users_are_counted_the_same_and_have_no_names(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        await server.Get<Settings>().Set(new UsageSettings { HashUsers = true, HashKey = Convert.ToBase64String(new byte[32]) }, "test", Cancel);
        using var client = await server.As("ops@vendor.test", Role.Operations);
        await client.Send("b1", Event(Now, "rooms", "huaxin", "ann"), Event(Now, "rooms", "huaxin", "ben"));
        await client.Send("b2", Event(Now, "rooms", "huaxin", "ann"));

        var users = await server.Get<UsageQuestions>().UsersNotMoved(OldRooms, Spaces, Huaxin, Today, 30, 100, Cancel);

        Assert.Equal([null, null], users.Select(user => user.Name));
        Assert.Contains("rooms huaxin 2026-11-22 2 3", await server.Dump(), StringComparison.Ordinal);
    }

    private static async Task<HttpResponseMessage> Post(HttpClient client, string encoding, byte[] body) =>
        await client.PostAsync("/edge/v1/usage", new ByteArrayContent(body) { Headers = { ContentEncoding = { encoding }, ContentType = new MediaTypeHeaderValue("application/json") } }, Cancel);

    private static byte[] Pack(string encoding, byte[] plain)
    {
        var packed = new MemoryStream();
        using (Stream packing = encoding == "gzip" ? new GZipStream(packed, CompressionLevel.Fastest) : new ZstdSharp.CompressionStream(packed))
            packing.Write(plain);
        return packed.ToArray();
    }
}
