using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Sunsetter.Harness;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Tests.Usage;

namespace Sunsetter.Server.Tests.Observe;

/// <summary>A closed module is watched to its end over HTTP.</summary>
public sealed partial class ObservationTests
{
    private static readonly CustomerKey Orbit = new("orbit");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task Refused_calls_become_one_case_and_the_window_ends_only_when_everything_is_settled(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var id = await Closed(server);
        var lin = await server.As("lin@vendor.test", Role.Administrator);

        await Send(lin, server.Clock.GetUtcNow(), refused: 5);
        await server.Tick(TimeSpan.FromMinutes(1));
        await server.Tick(TimeSpan.FromMinutes(1));

        var entry = (await server.Get<FactLog>().FindEntry(id, Orbit, Cancel))!;
        Assert.Equal(("chen@vendor.test", 5L, true), (entry.Watch.Case!.Owner, entry.Watch.Case.Calls, entry.Watch.Case.IsOpen));
        Assert.Single(await server.Get<FactLog>().History(id, Orbit, Cancel), happened => happened.Fact is CaseOpened);

        // A source that reports every day: so silence means that nobody calls.
        for (var day = 0; day < 20; day++)
        {
            server.Clock.Advance(TimeSpan.FromDays(1));
            await Send(lin, server.Clock.GetUtcNow(), refused: 0);
        }
        Assert.Equal("observe.cases", await Code(await lin.PostAsJsonAsync($"/api/v1/retirements/{id}/finish", new { learnt = "ask bots too", thanks = "thank you" }, Cancel)));

        Assert.Equal(HttpStatusCode.NoContent, (await lin.PostAsJsonAsync($"/api/v1/retirements/{id}/cases/orbit/close", new { ending = "left-running", note = "a build server" }, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await lin.PostAsJsonAsync($"/api/v1/retirements/{id}/finish", new { learnt = "ask bots too", thanks = "thank you" }, Cancel)).StatusCode);
        Assert.Equal(Stage.Finished, (await server.Get<FactLog>().Find(id, Cancel))!.Stage);

        var report = await lin.GetStringAsync($"/api/v1/retirements/{id}/closing-report.md", Cancel);
        Assert.Contains("ask bots too", report);
        Assert.Contains("a build server", report);
        Assert.DoesNotContain("lin@vendor.test", report);
    }

    [Theory, EachDatabase]
    public async Task A_question_asked_after_the_closing_stands_on_Today_and_keeps_the_window_open_until_it_is_answered(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var id = await Closed(server);
        var chen = await server.As("chen@vendor.test", Role.Success);
        await server.Get<FactLog>().Change(id, Orbit, "customer:li@orbit.test", (_, entry) => Decision.Of(entry.Customer, new HelpRequested(Guid.CreateVersion7(), "Where are our files?", "li@orbit.test")), Cancel);

        Assert.Contains("Orbit Labs asks for help", await Today());
        Assert.Contains("Answer their question of", await chen.GetStringAsync($"/retirements/{id}/migrate?show=needs-work", Cancel));
        Assert.Contains("1 customer waits for an answer from us.", await chen.GetStringAsync($"/retirements/{id}/observe", Cancel));

        var help = Assert.Single((await server.Get<FactLog>().FindEntry(id, Orbit, Cancel))!.Move.Help).Id;
        Assert.Equal(HttpStatusCode.NoContent, (await chen.PostAsJsonAsync($"/api/v1/retirements/{id}/entries/orbit/help/{help}/answer", new { answer = "In your export." }, Cancel)).StatusCode);
        Assert.DoesNotContain("Orbit Labs asks for help", await Today());
        Assert.Contains("Every request of a customer is answered.", await chen.GetStringAsync($"/retirements/{id}/observe", Cancel));

        Task<string> Today() => chen.GetStringAsync("/", Cancel);
    }

    [Theory, EachDatabase]
    public async Task The_closing_report_counts_every_extension_restore_and_request(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var id = await Closed(server);
        var (day, answered) = (DateOnly.FromDateTime(server.Clock.GetUtcNow().UtcDateTime), Guid.CreateVersion7());
        await server.Get<FactLog>().Change(id, "lin@vendor.test", _ => Decision.Of(Orbit, new ExtensionGranted(day, "asked"), new ExtensionGranted(day.AddDays(1), "asked again"),
            new CustomerRestored("a bot", null), new HelpRequested(answered, "how?", "ada@orbit.test"), new HelpRequested(Guid.CreateVersion7(), "when?", "ada@orbit.test"), new HelpAnswered(answered, "so"))
            .And(new ModuleRestored("it hurt", null)), Cancel);

        var report = await (await server.As("lin@vendor.test", Role.Administrator)).GetStringAsync($"/api/v1/retirements/{id}/closing-report.md", Cancel);

        Assert.Contains("Extensions granted: 2; emergency restores: 2\n- Requests for help: 2; answered: 1\n", report, StringComparison.Ordinal);
    }

    [Theory, EachDatabase]
    public async Task One_who_knocks_and_stands_in_no_ledger_is_found_and_named(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var id = await Closed(server);
        var lin = await server.As("lin@vendor.test", Role.Administrator);

        await Send(lin, server.Clock.GetUtcNow(), refused: 3, customer: "nobody-knew");
        await server.Tick(TimeSpan.FromMinutes(1));
        await server.Tick(TimeSpan.FromMinutes(10));

        var found = Assert.Single((await server.Get<FactLog>().Find(id, Cancel))!.Observing.Anomalies);
        Assert.Equal("stranger/nobody-knew", found.Id);
        Assert.Contains("3 refused calls by 2 users", found.What.En);
    }

    [Theory, EachDatabase]
    public async Task One_whom_no_gate_stops_is_found_and_keeps_the_window_open_until_somebody_has_judged_it(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var id = await Closed(server);
        var lin = await server.As("lin@vendor.test", Role.Administrator);
        var closing = server.Clock.GetUtcNow();
        // On the day of the closing, and a late report of the days before it: lawful.
        await Use(closing, "ada");
        await Use(closing.AddDays(-3), "ada");
        for (var day = 1; day <= 20; day++)
        {
            server.Clock.Advance(TimeSpan.FromDays(1));
            if (day is 4 or 6)
                await Use(server.Clock.GetUtcNow(), day == 4 ? "ada" : "bob");
            await Send(lin, server.Clock.GetUtcNow(), refused: 0);
            if (day == 3)
                await Found(0);
        }

        // Nobody has looked yet: the rule asks the use itself.
        Assert.Equal("observe.used", await Code(await Finish()));
        await Found(1);
        var seen = await lin.GetFromJsonAsync<JsonElement>($"/api/v1/retirements/{id}/observation", Cancel);
        var still = Assert.Single(seen.GetProperty("stillUsing").EnumerateArray());
        Assert.Equal(("orbit", 2, $"{closing.AddDays(4):yyyy-MM-dd}", $"{closing.AddDays(6):yyyy-MM-dd}", false),
            (still.GetProperty("customer").GetString(), still.GetProperty("users").GetInt32(), still.GetProperty("since").GetString(), still.GetProperty("last").GetString(), still.GetProperty("judged").GetBoolean()));
        Assert.Equal("lin@vendor.test (token test)", Assert.Single(seen.GetProperty("useReportedBy").EnumerateArray()).GetString());
        var said = Assert.Single((await server.Get<FactLog>().Find(id, Cancel))!.Observing.Anomalies, anomaly => anomaly.Id == "used/1").What;
        Assert.Contains("Orbit Labs (2 users since ", said.En);
        Assert.Contains("Reported by lin@vendor.test (token test).", said.En);
        Assert.Contains("轨道实验室（2 位用户，自", said.Zh);
        Assert.Contains("closed, and still in use", await lin.GetStringAsync("/", Cancel));
        Assert.Contains("Who uses it although it is closed?", await lin.GetStringAsync($"/retirements/{id}/observe", Cancel));

        Assert.Equal(HttpStatusCode.NoContent, (await lin.PostAsJsonAsync($"/api/v1/retirements/{id}/anomalies/settle", new { id = "used/1", note = "A build server; it may fail." }, Cancel)).StatusCode);
        await Found(1);
        Assert.Equal(HttpStatusCode.NoContent, (await Finish()).StatusCode);

        Task<HttpResponseMessage> Finish() => lin.PostAsJsonAsync($"/api/v1/retirements/{id}/finish", new { learnt = "x", thanks = "y" }, Cancel);
        async Task Use(DateTimeOffset at, string user) => Assert.Equal(HttpStatusCode.Accepted, (await lin.Send($"{at:O}{user}", UsageFixture.Event($"{at:O}", "rooms-legacy", "orbit", user))).StatusCode);
        async Task Found(int count)
        {
            await server.Tick(TimeSpan.FromMinutes(10));
            Assert.Equal(count, (await server.Get<FactLog>().Find(id, Cancel))!.Observing.Anomalies.Count(anomaly => anomaly.Id.StartsWith("used/", StringComparison.Ordinal)));
        }
    }

    [Theory]
    [EachDatabase(true, 0, true), EachDatabase(true, 1, false), EachDatabase(false, 0, false)]
    public async Task One_who_uses_nothing_since_the_closing_day_is_missed_where_somebody_would_report_it(Database database, bool reports, int daysAfterClosing, bool missed)
    {
        await using var server = await ServerUnderTest.On(database);
        var id = await Closed(server);
        var lin = await server.As("lin@vendor.test", Role.Administrator);
        // On the closing day itself they still used the old module, and perhaps the new one on the day after.
        await Send(lin, server.Clock.GetUtcNow(), refused: 0);
        for (var day = 1; day <= 9; day++)
        {
            server.Clock.Advance(TimeSpan.FromDays(1));
            if (day == daysAfterClosing)
                await Send(lin, server.Clock.GetUtcNow(), refused: 0);
            else if (reports)
                await Send(lin, server.Clock.GetUtcNow(), refused: 0, customer: "another");
        }
        await server.Tick(TimeSpan.FromMinutes(10));

        Assert.Equal(missed, (await server.Get<FactLog>().Find(id, Cancel))!.Observing.Anomalies.Any(anomaly => anomaly.Id == "silent/orbit"));
    }

    [Theory, EachDatabase]
    public async Task While_sources_are_silent_the_window_cannot_end(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var id = await Closed(server);
        var lin = await server.As("lin@vendor.test", Role.Administrator);
        server.Clock.Advance(TimeSpan.FromDays(20));

        Assert.Equal("observe.coverage", await Code(await lin.PostAsJsonAsync($"/api/v1/retirements/{id}/finish", new { learnt = "x", thanks = "y" }, Cancel)));
    }

    [Theory, EachDatabase]
    public async Task Silence_of_those_who_counted_the_old_module_is_not_made_good_by_others(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var id = await Closed(server);
        var lin = await server.As("lin@vendor.test", Role.Administrator);
        await server.Import($"time,module,customer,user\n{server.Clock.GetUtcNow().AddDays(-1):O},rooms-legacy,orbit,ada\n", source: "old-gateway");
        for (var day = 0; day < 20; day++)
        {
            server.Clock.Advance(TimeSpan.FromDays(1));
            await Send(lin, server.Clock.GetUtcNow(), refused: 0);
        }
        await server.Tick();

        Assert.Equal("observe.coverage", await Code(await lin.PostAsJsonAsync($"/api/v1/retirements/{id}/finish", new { learnt = "x", thanks = "y" }, Cancel)));
        var seen = await lin.GetFromJsonAsync<JsonElement>($"/api/v1/retirements/{id}/observation", Cancel);
        Assert.False(seen.GetProperty("coverage").GetProperty("sufficient").GetBoolean());
        Assert.Contains("insufficient", await lin.GetStringAsync($"/retirements/{id}/observe", Cancel), StringComparison.OrdinalIgnoreCase);

        var last = DateOnly.FromDateTime(server.Clock.GetUtcNow().UtcDateTime.AddDays(-19));
        Assert.Equal(HttpStatusCode.NoContent, (await lin.PutAsJsonAsync("/api/v1/usage/sources/ended", new { source = "old-gateway", day = last, reason = "It went with the module." }, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await lin.PostAsJsonAsync($"/api/v1/retirements/{id}/finish", new { learnt = "x", thanks = "y" }, Cancel)).StatusCode);
    }

    [Theory, EachDatabase(true), EachDatabase(false)]
    public async Task Who_used_nothing_since_closing_is_a_finding_only_while_sources_report(Database database, bool reporting)
    {
        await using var server = await ServerUnderTest.On(database);
        var id = await Closed(server);
        var lin = await server.As("lin@vendor.test", Role.Administrator);
        Assert.Equal(HttpStatusCode.Accepted, (await lin.Send("before", UsageFixture.Event("2026-11-20T08:00:00Z", "spaces", "orbit", "ada"))).StatusCode);
        for (var day = 0; day < 9; day++)
        {
            server.Clock.Advance(TimeSpan.FromDays(1));
            if (reporting)
                await lin.PostAsJsonAsync("/edge/v1/usage", new { batch = Guid.CreateVersion7(), events = Array.Empty<object>() }, Cancel);
        }

        await server.Tick();

        Assert.Equal(reporting, (await server.Get<FactLog>().Find(id, Cancel))!.Observing.Anomalies.Any(anomaly => anomaly.Id == "silent/orbit"));
    }

    [Theory, EachDatabase]
    public async Task Support_may_not_end_an_observation(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var id = await Closed(server);
        var sue = await server.As("sue@vendor.test", Role.Support);

        Assert.Equal("forbidden", await Code(await sue.PostAsJsonAsync($"/api/v1/retirements/{id}/finish", new { learnt = "x", thanks = "y" }, Cancel)));
    }

    /// <summary>A retirement whose only customer was closed an hour ago.</summary>
    private static async Task<RetirementId> Closed(ServerUnderTest server)
    {
        var id = RetirementId.New();
        var now = server.Clock.GetUtcNow();
        Decision proposed = new RetirementProposed(new ModuleKey("rooms-legacy"), new ModuleKey("spaces"), new Text("Legacy rooms", "旧版群聊室"), "wang@vendor.test",
            [new Reason(ReasonKind.TechnicalRenewal, new Text("It cannot meet the rules of 2027.", "无法满足 2027 年的要求。"))]);
        var day = DateOnly.FromDateTime(now.UtcDateTime);
        await server.Get<FactLog>().Begin(id, "lin@vendor.test", _ => proposed
            .And(new RetirementScheduled(new Schedule(day, new TimeOnly(2, 0), "UTC", day.AddDays(-40), 14), null))
            .And(Decision.Of(Orbit, new EntryOpened(new Text("Orbit Labs", "轨道实验室"), "business", CustomerClass.Key, "chen@vendor.test", "UTC", "en"), new CustomerClosed(now.AddHours(-1))))
            .And(new ObservationStarted(day.AddDays(14))), Cancel);
        return id;
    }

    private static async Task Send(HttpClient client, DateTimeOffset now, int refused, string customer = "orbit")
    {
        var events = Enumerable.Range(0, refused).Select(number => (object)new { time = now, module = "rooms-legacy", customer, user = $"bot-{number % 2}", refused = true })
            .Append(new { time = now, module = "spaces", customer, user = "ada" });
        var answer = await client.PostAsJsonAsync("/edge/v1/usage", new { batch = Guid.CreateVersion7(), sentAt = now, events }, Cancel);
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
    }

    private static async Task<string?> Code(HttpResponseMessage answer) => (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("code").GetString();
}
