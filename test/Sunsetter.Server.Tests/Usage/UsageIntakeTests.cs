using System.Collections;
using System.IO.Compression;
using System.Net;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Sunsetter.Harness;
using Sunsetter.Server.Gates;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Tests.Gates;
using Sunsetter.Server.Usage;
using static Sunsetter.Server.Tests.Usage.UsageFixture;

namespace Sunsetter.Server.Tests.Usage;

/// <summary>What the intake does when storing fails, when too much comes, and when somebody means it harm.</summary>
public sealed class UsageIntakeTests
{
    private const string Now = "2026-11-22T07:59:00Z";

    [Theory, EachDatabase]
    public async Task A_fault_while_storing_is_answered_and_the_next_batch_is_stored(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        using var client = await server.As("ops@vendor.test", Role.Operations);
        await server.Get<Settings>().Set(new UsageSettings { HashUsers = true, HashKey = "no base64!" }, "test", Cancel);
        var failed = await client.Send("b", Event(Now, "rooms", "huaxin", "ann"));
        await server.Get<Settings>().Set(new UsageSettings(), "test", Cancel);

        Assert.Equal(HttpStatusCode.InternalServerError, failed.StatusCode);
        Assert.Contains("usage.fault", await failed.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.False((await client.Send("b", Event(Now, "rooms", "huaxin", "ann")).Body()).GetProperty("duplicate").GetBoolean());
    }

    [Fact]
    public void A_database_that_is_away_is_told_from_a_batch_that_no_database_takes()
    {
        // How the PostgreSQL provider wraps what may pass.
        Assert.True(UsageIntake.IsPassing(new InvalidOperationException("likely due to a transient failure", new NpgsqlException("away", new IOException()))));
        Assert.True(UsageIntake.IsPassing(new PostgresException("deadlock", "ERROR", "ERROR", PostgresErrorCodes.DeadlockDetected)));
        Assert.True(UsageIntake.IsPassing(new Microsoft.Data.Sqlite.SqliteException("disk is full", 13)));
        Assert.False(UsageIntake.IsPassing(new PostgresException("out of range", "ERROR", "ERROR", PostgresErrorCodes.NumericValueOutOfRange)));
        Assert.False(UsageIntake.IsPassing(new InvalidDataException()));
    }

    [Theory, EachDatabase]
    public async Task A_delivery_that_cannot_be_stored_stops_no_other_and_uses_up_no_numbers(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        using var intake = Intake(server);
        var bad = intake.Store(Delivery("bad", "spaces") with { Heartbeats = new OnReading(() => throw new InvalidDataException("cannot be stored")) }, Cancel);
        var good = intake.Store(Delivery("good", "rooms"), Cancel);
        await intake.StartAsync(Cancel);

        Assert.Equal("usage.fault", (await bad).Refusal?.Code);
        Assert.True((await good).Value);
        await intake.StopAsync(Cancel);
        await using var db = await server.Get<IDbContextFactory<SunsetterDb>>().CreateDbContextAsync(Cancel);
        Assert.Equal([1], await db.Database.SqlQuery<int>($"select id as \"Value\" from usage_module").ToListAsync(Cancel));
    }

    [Theory, EachDatabase]
    public async Task Whoever_waits_while_the_server_stops_is_told_to_send_again(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        using var intake = Intake(server);
        using var stopped = new ManualResetEventSlim();
        var writing = new TaskCompletionSource();
        // A group takes 400,000 events: the first is written while the server stops, and two groups wait.
        var first = Delivery("first", "rooms", events: 400_000) with
        {
            Heartbeats = new OnReading(() =>
            {
                writing.TrySetResult();
                stopped.Wait(Cancel);
            }),
        };
        Task<Outcome<bool>>[] waiting = [intake.Store(first, Cancel), .. Enumerable.Range(0, 2).Select(number => intake.Store(Delivery($"d{number}", "rooms", events: 400_000), Cancel))];
        await intake.StartAsync(Cancel);
        await writing.Task;
        var stopping = intake.StopAsync(Cancel);
        stopped.Set();
        await stopping;

        Assert.All(await Task.WhenAll(waiting).WaitAsync(TimeSpan.FromMinutes(1), Cancel), answer => Assert.Equal(UsageIntake.Unavailable, answer.Refusal));
    }

    [Theory, EachDatabase]
    public async Task What_waits_is_bounded_in_bytes_as_well_as_in_events(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        using var few = Intake(server, mostBytes: 1);
        using var many = Intake(server);
        _ = few.Store(Delivery("a", "rooms"), Cancel);
        _ = many.Store(Delivery("a", "rooms", UsageIntake.MostWaiting), Cancel);

        Assert.True(few.Full && many.Full);
        Assert.Equal(UsageIntake.Busy, (await few.Store(Delivery("b", "rooms"), Cancel)).Refusal);
        Assert.Equal(UsageIntake.Busy, (await many.Store(Delivery("b", "rooms"), Cancel)).Refusal);
    }

    [Theory, EachDatabase]
    public async Task A_full_intake_says_when_to_come_again(Database database)
    {
        await using var server = await ServerUnderTest.On(database, services => services.Replace(
            ServiceDescriptor.Singleton(provider => new UsageIntake(provider.GetRequiredService<UsageWriter>(), NullLogger<UsageIntake>.Instance) { MostBytes = 0 })));
        using var client = await server.As("ops@vendor.test", Role.Operations);
        var answer = await client.Send("b", Event(Now, "rooms", "huaxin", "ann"));

        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(2), answer.Headers.RetryAfter?.Delta);
        Assert.Contains("usage.busy", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Theory, EachDatabase]
    public async Task Bodies_that_do_not_end_keep_nobody_else_waiting(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        using var client = await server.As("ops@vendor.test", Role.Operations);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        var begun = Enumerable.Range(0, 20).Select(_ => new Unending()).ToList();
        var unended = begun.Select(body => client.PostAsync("/edge/v1/usage", new StreamContent(body), enough.Token)).ToList();
        await Task.WhenAll(begun.Select(body => body.Begun));

        Assert.Equal(HttpStatusCode.Accepted, (await client.Send("b", Event(Now, "rooms", "huaxin", "ann"))).StatusCode);
        await enough.CancelAsync();
        foreach (var one in unended)
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);
    }

    [Theory, EachDatabase]
    public async Task A_browser_sends_64_KB_and_its_users_id_is_not_kept_with_the_batch(Database database)
    {
        await using var scene = await GateScene.On(database);
        using var browser = scene.Server.WithToken((await scene.Key(EdgeKeyKind.Browser)).Key);
        browser.DefaultRequestHeaders.Add("X-Sunsetter-Context", scene.Context(await scene.Key(EdgeKeyKind.Server), GateScene.Beike, "secret-ann"));
        string Body(int length) => """{"batch":"b","events":[]}""".PadRight(length);

        Assert.Equal(HttpStatusCode.Accepted, (await browser.PostAsync("/edge/v1/usage", new StringContent(Body(64 << 10)), Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await browser.PostAsync("/edge/v1/usage", new StringContent(Body((64 << 10) + 1)), Cancel)).StatusCode);
        await using var db = await scene.Server.Get<IDbContextFactory<SunsetterDb>>().CreateDbContextAsync(Cancel);
        Assert.DoesNotContain("ann", Assert.Single(await db.Database.SqlQuery<string>($"select key as \"Value\" from usage_batch").ToListAsync(Cancel)), StringComparison.Ordinal);
    }

    [Theory, EachDatabase]
    public async Task A_key_used_again_for_other_events_is_refused_and_the_same_events_repeat_however_they_come(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        using var client = await server.As("ops@vendor.test", Role.Operations);
        const string events = $$"""[{"time":"{{Now}}","module":"rooms","customer":"huaxin","user":"ann"}]""";
        await client.PostAsync("/edge/v1/usage", new StringContent($$"""{"batch":"b","sentAt":"2026-11-22T08:00:00Z","events":{{events}}}"""), Cancel);
        var packed = new MemoryStream();
        using (var packing = new GZipStream(packed, CompressionLevel.Fastest))
            packing.Write(Encoding.UTF8.GetBytes($$"""{"sentAt":"2026-11-22T08:03:00Z", "events":{{events}}, "batch":"b"}"""));

        var again = await client.PostAsync("/edge/v1/usage", new ByteArrayContent(packed.ToArray()) { Headers = { ContentEncoding = { "gzip" } } }, Cancel);
        var other = await client.Send("b", Event(Now, "rooms", "huaxin", "ben"));

        Assert.Contains("\"duplicate\":true", await again.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.StatusCode);
        Assert.Contains("usage.key-reused", await other.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Theory, EachDatabase]
    public async Task Two_tokens_of_one_person_are_two_sources(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        using var first = await server.As("ops@vendor.test", Role.Operations);
        const string secret = BearerTokens.Prefix + "second";
        await using (var db = await server.Get<IDbContextFactory<SunsetterDb>>().CreateDbContextAsync(Cancel))
        {
            db.Add(new ApiToken
            {
                Id = Guid.CreateVersion7(), Name = "gateway-2", Hash = ApiToken.HashOf(secret), Person = "ops@vendor.test", MadeBy = "ops@vendor.test", CreatedAt = ServerUnderTest.Start, Scopes = Permission.WriteUsage.Scope(),
            });
            await db.SaveChangesAsync(Cancel);
        }
        using var second = server.WithToken(secret);

        await first.Send("b", Event(Now, "rooms", "huaxin", "ann"));
        Assert.False((await second.Send("b", Event(Now, "rooms", "huaxin", "ben")).Body()).GetProperty("duplicate").GetBoolean());

        var coverage = await server.Get<UsageQuestions>().Coverage(OldRooms, Today, Today, Cancel);
        Assert.Equal(["ops@vendor.test (token gateway-2)", "ops@vendor.test (token test)"], coverage.Sources.Select(source => source.Source).Order(StringComparer.Ordinal));
    }

    [Theory, EachDatabase]
    public async Task A_user_that_looks_like_a_hash_is_rejected_wherever_it_comes_from(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        using var client = await server.As("ops@vendor.test", Role.Operations);
        var answer = await client.Send("b", Event(Now, "rooms", "huaxin", "hmac:deleted-0"), Event(Now, "rooms", "huaxin", "ann")).Body();

        Assert.Equal("usage.user-reserved", Assert.Single(answer.GetProperty("rejects").EnumerateArray()).GetProperty("code").GetString());
        Assert.Equal(1, (await server.Import($"time,module,customer,user\n{Now},rooms,huaxin,hmac:deleted-0\n")).Rejected);
    }

    [Theory, EachDatabase]
    public async Task A_zone_whose_plus_is_escaped_is_read(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        using var client = await server.As("ops@vendor.test", Role.Operations);
        var body = $$"""{"batch":"b","events":[{"time":"{{Today:O}}T08:00:00\u002B08:00","module":"rooms","customer":"huaxin","user":"ann"}]}""";

        var answer = await client.PostAsync("/edge/v1/usage", new StringContent(body), Cancel);

        Assert.Contains("\"accepted\":1,\"rejected\":0", await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Theory]
    [EachDatabase("""{"\ud800":1,"events":[]}""", "usage.malformed")]
    [EachDatabase("""{"batch":"b","events":[{"\ud800":1}]}""", "usage.malformed")]
    [EachDatabase("""{"batch":"b","events":[{"module":"\u0061LONG","module":"\u0061LONG","module":"\u0061LONG","module":"\u0061LONG"}]}""", "usage.name")]
    public async Task Broken_escapes_and_repeated_names_are_refused_with_a_code(Database database, string body, string code)
    {
        await using var server = await ServerUnderTest.On(database);
        using var client = await server.As("ops@vendor.test", Role.Operations);
        var answer = await client.PostAsync("/edge/v1/usage", new StringContent(body.Replace("LONG", new string('x', 1_000), StringComparison.Ordinal)), Cancel);
        Assert.Contains(code, await answer.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    /// <summary>An intake of its own, which starts when the test says so.</summary>
    private static UsageIntake Intake(ServerUnderTest server, long mostBytes = 1 << 30) => new(server.Get<UsageWriter>(), NullLogger<UsageIntake>.Instance) { MostBytes = mostBytes };

    private static UsageDelivery Delivery(string key, string module, int events = 1)
    {
        var tally = new UsageTally();
        for (var number = 0; number < events; number++)
            tally.Add(new UsageEvent { Module = Encoding.UTF8.GetBytes(module), Customer = "huaxin"u8, User = "ann"u8, UnixMilliseconds = ServerUnderTest.Start.ToUnixTimeMilliseconds(), Count = 1 });
        return new UsageDelivery(key, "test", ServerUnderTest.Start, tally);
    }

    /// <summary>Days of a delivery that do something when the writer comes to them.</summary>
    private sealed class OnReading(Action act) : IReadOnlyCollection<int>
    {
        public int Count => 0;

        public IEnumerator<int> GetEnumerator()
        {
            act();
            return Enumerable.Empty<int>().GetEnumerator();
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    /// <summary>A body that begins and then says nothing more.</summary>
    private sealed class Unending : MemoryStream
    {
        private readonly TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Begun => begun.Task;

        public override bool CanSeek => false;

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (begun.TrySetResult())
            {
                buffer.Span[0] = (byte)'{';
                return 1;
            }
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return 0;
        }
    }
}
