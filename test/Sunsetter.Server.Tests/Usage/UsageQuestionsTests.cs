using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Sunsetter.Harness;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Usage;
using static Sunsetter.Server.Tests.Usage.UsageFixture;

namespace Sunsetter.Server.Tests.Usage;

public sealed class UsageQuestionsTests
{
    [Theory, EachDatabase]
    public async Task Overlap_names_and_neighbours_agree_with_the_lines(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        await server.Import(Lines(
            ("2026-11-20", "rooms", "huaxin", "ann"), ("2026-11-20", "spaces", "huaxin", "ann"), ("2026-11-21", "rooms", "huaxin", "ben"),
            ("2026-11-19", "rooms", "huaxin", "ben"), ("2026-11-18", "spaces", "huaxin", "cyd"), ("2026-11-01", "rooms", "delta", "ann")));
        var usage = server.Get<UsageQuestions>();

        Assert.Equal(["delta 1 0 0", "huaxin 2 2 1"], (await usage.Overlaps(OldRooms, Spaces, Today, 30, Cancel))
            .OrderBy(overlap => overlap.Customer.Value).Select(overlap => $"{overlap.Customer} {overlap.Old} {overlap.New} {overlap.Both}"));
        Assert.Equal(["huaxin ben 2026-11-21", "delta ann 2026-11-01"], (await usage.UsersNotMoved(OldRooms, Spaces, null, Today, 30, 10, Cancel))
            .Select(user => $"{user.Customer} {user.Name} {user.LastUse:yyyy-MM-dd}"));
        var neighbour = Assert.Single(await usage.Neighbours(OldRooms, Today, 28, Cancel));
        Assert.Equal((Spaces, 1, 0.25), (neighbour.Module, neighbour.UserDays, neighbour.Share));
        Assert.Equal([("huaxin", 2L), ("delta", 1L)], (await usage.Customers(OldRooms, Today, 60, Cancel)).Select(customer => (customer.Customer.Value, customer.Month)));
    }

    [Theory, EachDatabase]
    public async Task An_answer_is_as_fresh_as_the_question(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var usage = server.Get<UsageQuestions>();
        await server.Import(Lines(("2026-11-20", "rooms", "huaxin", "ann")));
        Assert.Equal(1, (await usage.Activity(OldRooms, Today, 60, Cancel)).Month);
        Assert.Equal("1 ann 1 1", await Answers());
        await server.Import(Lines(("2026-11-20", "rooms", "huaxin", "ben"), ("2026-11-21", "rooms", "delta", "ann")));
        Assert.Equal("1,2 ann,ann,ben 3 3", await Answers());
        Assert.Equal(3, (await usage.Activity(OldRooms, Today, 60, Cancel)).Month);
        // A shorter and a longer stretch than the one in memory.
        Assert.Equal(2, (await usage.Overlaps(OldRooms, Spaces, new DateOnly(2026, 11, 20), 1, Cancel)).Single().Old);
        Assert.Equal(3, (await usage.Activity(OldRooms, Today, 400, Cancel)).Month);

        // Asked twice each time, so that what is kept answers too.
        async Task<string> Answers()
        {
            var said = new HashSet<string>();
            for (var time = 0; time < 2; time++)
                said.Add(string.Join(' ',
                    string.Join(',', (await usage.Overlaps(OldRooms, Spaces, Today, 30, Cancel)).Select(one => one.Old).Order()),
                    string.Join(',', (await usage.UsersNotMoved(OldRooms, Spaces, null, Today, 30, 10, Cancel)).Select(one => one.Name)),
                    (await usage.Retention(OldRooms, Today, 13, Cancel)).Sum(cohort => cohort.Users),
                    (await usage.History(OldRooms, UsagePeriod.Month, Today.AddDays(-900), Today, Cancel)).Value.Sum(month => month.Users)));
            return Assert.Single(said);
        }
    }

    [Theory, EachDatabase]
    public async Task Two_nodes_that_write_for_the_same_customers_agree_with_one(Database database)
    {
        await using var one = await ServerUnderTest.On(database);
        await using var both = await ServerUnderTest.On(database);
        var (first, second) = (both.Get<UsageWriter>(), Microsoft.Extensions.DependencyInjection.ActivatorUtilities.CreateInstance<UsageWriter>(both.App.Services));
        var deliveries = Enumerable.Range(0, 40).Select(Delivery).ToList();
        foreach (var delivery in deliveries)
            await one.Get<UsageWriter>().Write([delivery], Cancel);

        // Each delivery goes to both nodes, at the same time and in opposite order.
        await Task.WhenAll(Write(first, deliveries), Write(second, [.. deliveries.AsEnumerable().Reverse()]));

        Assert.Equal(await one.Dump(), await both.Dump());

        static async Task Write(UsageWriter writer, List<UsageDelivery> deliveries)
        {
            await Task.Yield();
            foreach (var group in deliveries.Chunk(3))
                await writer.Write(group, Cancel);
        }
    }

    [Theory, EachDatabase]
    public async Task A_module_nobody_reports_is_unknown_and_not_unused(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        // Not even where an administrator is content with anything.
        await server.Get<Settings>().Set(new UsageSettings { EnoughCoverage = 0 }, "test", Cancel);
        var activity = await server.Get<UsageQuestions>().Activity(OldRooms, Today, 60, Cancel);
        Assert.Equal((0, false), (activity.Month, activity.Coverage.Sufficient));
        Assert.Contains("no source has ever reported", activity.Coverage.Sentence.En, StringComparison.Ordinal);
    }

    [Theory, EachDatabase]
    public async Task A_heartbeat_covers_a_day_without_use(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        using var client = await server.As("ops@vendor.test", Role.Operations);
        await client.Send("b1", Event("2026-11-22T07:00:00Z", "rooms", "huaxin", "ann"));
        server.Clock.Advance(TimeSpan.FromDays(10));
        var until = Today.AddDays(10);
        Assert.Equal(1, (await server.Get<UsageQuestions>().Coverage(OldRooms, Today, until, Cancel)).CoveredDays);
        for (var day = 0; day < 10; day++)
        {
            await client.Send($"beat-{day}");
            server.Clock.Advance(TimeSpan.FromDays(1));
        }
        // Known: the day of use, then from the first heartbeat on; the ten days between are a gap still.
        Assert.Equal([new DaySpan(Today.AddDays(1), Today.AddDays(9))], (await server.Get<UsageQuestions>().Coverage(OldRooms, Today, Today.AddDays(19), Cancel)).Gaps);
    }

    [Theory, EachDatabase]
    public async Task The_last_report_is_one_of_its_sources_and_of_no_day_after_the_stretch(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        await server.Import(Lines(("2026-11-10", "rooms", "huaxin", "ann"), ("2026-11-12", "spaces", "huaxin", "ann"), ("2026-11-20", "spaces", "huaxin", "ann")));
        async Task<string> Said(DateOnly until) => (await server.Get<UsageQuestions>().Coverage(OldRooms, until.AddDays(-2), until, Cancel)).Sentence.En;

        Assert.Contains("last report 20 Nov 2026, on this module 10 Nov 2026", await Said(new(2026, 11, 21)));
        Assert.Contains("last report 12 Nov 2026, on this module 10 Nov 2026", await Said(new(2026, 11, 14)));
        Assert.Contains("last report 10 Nov 2026.", (await Said(new(2026, 11, 11))).Replace(';', '.'));
    }

    [Theory]
    [InlineData(3, 5)]
    [InlineData(4, 1)]
    public void Silence_longer_than_a_weekend_is_a_gap(int silent, int covered)
    {
        var known = CoverageRule.Covered([(100, [100, 101 + silent], null)], 100, 101 + silent, idleDays: 3);
        Assert.Equal(silent <= 3 ? silent + 2 : 2, known.Count(day => day));
        Assert.Equal(silent <= 3, covered == silent + 2);
    }

    [Theory, EachDatabase]
    public async Task The_questions_answer_over_http_and_names_need_a_permission(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        await server.Import(Lines(("2026-11-20", "rooms", "huaxin", "ann")));
        using var sales = await server.As("sales@vendor.test", Role.Sales);
        using var support = await server.As("support@vendor.test", Role.Support);
        foreach (var question in new[] { "", "/customers", "/overlap?replacement=spaces", "/not-moved?replacement=spaces", "/standings?replacement=spaces", "/retention", "/neighbours", "/history", "/refused", "/dependents" })
        {
            var answer = await sales.GetFromJsonAsync<JsonElement>($"/api/v1/modules/rooms/usage{question}", Cancel);
            AssertCovered(answer.GetProperty("coverage"), question.EndsWith("history", StringComparison.Ordinal));
            Assert.Equal(question.Contains("replacement", StringComparison.Ordinal), answer.TryGetProperty("replacement", out var other) && other.ValueKind == JsonValueKind.Object);
        }
        AssertCovered(await sales.GetFromJsonAsync<JsonElement>("/api/v1/modules/rooms/usage/coverage", Cancel), sufficient: false);
        AssertCovered(Assert.Single((await sales.GetFromJsonAsync<JsonElement>("/api/v1/usage/modules", Cancel)).EnumerateArray()).GetProperty("coverage"), sufficient: false);
        AssertCovered(Assert.Single((await sales.GetFromJsonAsync<JsonElement>("/api/v1/customers/huaxin/usage", Cancel)).EnumerateArray()).GetProperty("coverage"), sufficient: false);
        Assert.DoesNotContain("ann", await sales.GetStringAsync("/api/v1/modules/rooms/usage/not-moved?replacement=spaces", Cancel), StringComparison.Ordinal);
        Assert.Contains("ann", await support.GetStringAsync("/api/v1/modules/rooms/usage/not-moved?replacement=spaces", Cancel), StringComparison.Ordinal);
    }

    // One source, one report two days ago: which sources, first and last report, the gaps, and whether that is enough.
    private static void AssertCovered(JsonElement coverage, bool sufficient)
    {
        Assert.Equal("2026-11-20", coverage.GetProperty("first").GetString());
        Assert.Equal("2026-11-20", coverage.GetProperty("last").GetString());
        Assert.Equal("files", Assert.Single(coverage.GetProperty("sources").EnumerateArray()).GetProperty("source").GetString());
        Assert.Equal(sufficient, coverage.GetProperty("sufficient").GetBoolean());
        Assert.Equal(sufficient, coverage.GetProperty("gaps").GetArrayLength() == 0);
        Assert.StartsWith(sufficient ? "Known" : "Insufficient", coverage.GetProperty("sentence").GetProperty("en").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [EachDatabase("modules/rooms/usage?until=0001-01-01"), EachDatabase("modules/rooms/usage/history?until=0001-01-01"), EachDatabase("modules/rooms/usage/coverage?from=1989-12-31"), EachDatabase("usage/modules?until=9999-12-31")]
    [EachDatabase("customers/huaxin/usage?until=0001-01-01"), EachDatabase("modules/rooms/usage/dependents?until=0001-01-02"), EachDatabase("modules/rooms/usage/standings?until=0001-01-01&replacement=spaces")]
    public async Task Days_that_no_use_can_lie_near_are_refused(Database database, string path)
    {
        await using var server = await ServerUnderTest.On(database);
        using var lin = await server.As("lin@vendor.test", Role.Product);
        var answer = await lin.GetAsync($"/api/v1/{path}", Cancel);
        Assert.Equal((HttpStatusCode.BadRequest, "usage.days"), (answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("code").GetString()));
    }

    [Theory, EachDatabase]
    public async Task A_verdict_on_a_flag_needs_a_reason_and_is_remembered(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        using var client = await server.As("lin@vendor.test", Role.Product);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await client.PutAsJsonAsync("/api/v1/modules/rooms/usage/dependents/huaxin/quarter-end", new { confirmed = false, reason = " " }, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await client.PutAsJsonAsync("/api/v1/modules/rooms/usage/dependents/huaxin/quarter-end", new { confirmed = true, reason = "They close their books with it." }, Cancel)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await client.PutAsJsonAsync("/api/v1/modules/rooms/usage/dependents/huaxin/quarter-end", new { confirmed = false, reason = "They have moved that." }, Cancel)).StatusCode);
        var verdict = Assert.Single(await server.Get<FlagVerdicts>().Of(OldRooms, Cancel));
        Assert.Equal((Huaxin, DependenceKind.QuarterEnd, false, "They have moved that.", "lin@vendor.test"), (verdict.Customer, verdict.Kind, verdict.Confirmed, verdict.Reason, verdict.By));
    }

    [Theory, EachDatabase]
    public async Task A_customer_between_two_quarter_ends_is_quiet_and_its_return_is_named(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var lines = new List<(string Day, string Module, string Customer, string User)>();
        for (var day = Today.AddDays(-690); day <= Today; day = day.AddDays(1))
        {
            var iso = day.ToString("O", CultureInfo.InvariantCulture);
            lines.Add((iso, "rooms", "delta", "dan"));
            lines.Add((iso, "spaces", "delta", "dan"));
            if (day.Month % 3 == 0 && day.Day == DateTime.DaysInMonth(day.Year, day.Month))
                lines.Add((iso, "rooms", "huaxin", "ann"));
            if (day > Today.AddDays(-40))
                lines.Add((iso, "spaces", "huaxin", "ann"));
        }
        await server.Import(Lines([.. lines]));

        var standing = Assert.Single(await server.Get<UsageQuestions>().Standings(OldRooms, Spaces, Today, Cancel), one => one.Customer == Huaxin);

        Assert.Equal(Standing.Quiet, standing.State);
        Assert.Contains("31 Dec 2026", standing.Evidence.En, StringComparison.Ordinal);
        Assert.Equal(new DateOnly(2026, 12, 31), standing.ExpectedAgain);
    }

    private static UsageDelivery Delivery(int number)
    {
        var chance = new Random(number);
        var tally = new UsageTally();
        for (var line = 0; line < 200; line++)
            tally.Add(new UsageEvent
            {
                Module = Encoding.UTF8.GetBytes($"m{chance.Next(3)}"), Customer = Encoding.UTF8.GetBytes($"c{chance.Next(5)}"), User = Encoding.UTF8.GetBytes($"u{chance.Next(60)}"),
                UnixMilliseconds = ServerUnderTest.Start.AddDays(-chance.Next(4)).ToUnixTimeMilliseconds(), Count = 1,
            });
        return new UsageDelivery($"d{number}", "test", ServerUnderTest.Start, tally);
    }

    private static string Lines(params (string Day, string Module, string Customer, string User)[] lines) =>
        "time,module,customer,user\n" + string.Concat(lines.Select(line => $"{line.Day}T09:00:00Z,{line.Module},{line.Customer},{line.User}\n"));
}
