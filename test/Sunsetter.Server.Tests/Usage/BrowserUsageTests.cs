using Sunsetter.Harness;
using Sunsetter.Server.Gates;
using Sunsetter.Server.Tests.Gates;
using Sunsetter.Server.Usage;
using static Sunsetter.Server.Tests.Usage.UsageFixture;

namespace Sunsetter.Server.Tests.Usage;

public sealed class BrowserUsageTests
{
    private const string Now = "2026-11-22T07:59:00Z";

    [Theory, EachDatabase]
    public async Task A_browser_key_counts_only_for_the_customer_and_user_of_its_signed_context(Database database)
    {
        await using var scene = await GateScene.On(database);
        var backEnd = await scene.Key(EdgeKeyKind.Server);
        using var browser = scene.Server.WithToken((await scene.Key(EdgeKeyKind.Browser)).Key);
        browser.DefaultRequestHeaders.Add("X-Sunsetter-Context", scene.Context(backEnd, GateScene.Beike, "ann"));
        await NameModule(scene, "rooms");

        var answer = await browser.Send("b",
            Event(Now, "rooms", "huaxin", "ann"), Event(Now, "rooms", "beike", "ben"), Event(Now, "rooms", "", null), Event(Now, "rooms", "beike", "ann")).Body();

        Assert.Equal(["0:usage.not-yours", "1:usage.not-yours"], answer.GetProperty("rejects").EnumerateArray().Select(reject => $"{reject.GetProperty("line")}:{reject.GetProperty("code")}"));
        Assert.Equal("* beike 2026-11-22 1 2\n* zeta 2026-11-01 1 1\nrooms beike 2026-11-22 1 2\nrooms zeta 2026-11-01 1 1", await scene.Server.Dump());
    }

    [Theory, EachDatabase]
    public async Task A_browser_key_names_no_modules_and_vouches_for_no_day_but_today(Database database)
    {
        await using var scene = await GateScene.On(database);
        var backEnd = await scene.Key(EdgeKeyKind.Server);
        using var browser = scene.Server.WithToken((await scene.Key(EdgeKeyKind.Browser)).Key);
        browser.DefaultRequestHeaders.Add("X-Sunsetter-Context", scene.Context(backEnd, GateScene.Beike, "ann"));
        await scene.Server.Import("time,module,customer,user\n2026-11-21T10:00:00Z,spaces,huaxin,ann\n2026-11-22T07:00:00Z,spaces,huaxin,ann\n");

        var answer = await browser.Send("b", Event(Now, "invented", "", null), Event("2026-01-05T10:00:00Z", "spaces", "", null)).Body();

        Assert.Equal("usage.unknown-module", Assert.Single(answer.GetProperty("rejects").EnumerateArray()).GetProperty("code").GetString());
        Assert.Contains("spaces beike 2026-01-05 1 1", await scene.Server.Dump());
        // What everybody else knows of the module's days stays known.
        var coverage = await scene.Server.Get<UsageQuestions>().Coverage(Spaces, Today.AddDays(-1), Today, Cancel);
        Assert.True(coverage.Sufficient);
        Assert.Equal(Today, coverage.Sources.Single(source => source.Source == "test").First);
    }

    [Theory, EachDatabase]
    public async Task No_choice_of_names_makes_one_browsers_batch_a_repetition_of_anothers(Database database)
    {
        await using var scene = await GateScene.On(database);
        var backEnd = await scene.Key(EdgeKeyKind.Server);
        var key = (await scene.Key(EdgeKeyKind.Browser)).Key;
        await NameModule(scene, "spaces");
        foreach (var (customer, user) in new[] { ("beike", "a/b"), ("beike/a", "b") })
        {
            using var browser = scene.Server.WithToken(key);
            browser.DefaultRequestHeaders.Add("X-Sunsetter-Context", scene.Context(backEnd, new(customer), user));
            Assert.False((await browser.Send("b", Event(Now, "spaces", "", null)).Body()).GetProperty("duplicate").GetBoolean());
        }
    }

    [Theory, EachDatabase]
    public async Task A_browser_key_opens_nothing_but_the_edge(Database database)
    {
        await using var scene = await GateScene.On(database);
        var backEnd = await scene.Key(EdgeKeyKind.Server);
        using var browser = scene.Server.WithToken((await scene.Key(EdgeKeyKind.Browser)).Key);
        browser.DefaultRequestHeaders.Add("X-Sunsetter-Context", scene.Context(backEnd, GateScene.Beike, "ann"));

        var answer = await browser.PostAsync("/api/v1/imports/usage?file=a.csv", new StringContent("time,module,customer,user\n2026-11-20T10:00:00Z,rooms,huaxin,ann\n"), Cancel);

        Assert.Equal(System.Net.HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("", await scene.Server.Dump());
    }

    [Theory, EachDatabase]
    public async Task Keys_of_batches_are_forgotten_after_a_month_and_those_of_files_never(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        using var client = await server.As("ops@vendor.test", Server.Platform.Role.Operations);
        const string file = "time,module,customer,user\n2026-11-20T10:00:00Z,rooms,huaxin,ann\n";
        await server.Import(file);
        await client.Send("b", Event(Now, "rooms", "huaxin", "ann"));

        await server.Tick(ForgetBatches.Kept);
        Assert.True((await client.Send("b", Event(Now, "rooms", "huaxin", "ann")).Body()).GetProperty("duplicate").GetBoolean());
        await server.Tick(TimeSpan.FromHours(1));

        Assert.False((await client.Send("b", Event(Now, "rooms", "huaxin", "ann")).Body()).GetProperty("duplicate").GetBoolean());
        Assert.Equal(1, (await server.Import(file)).Repeated);
    }

    [Theory, EachDatabase]
    public async Task The_whole_matrix_agrees_with_the_lines_and_follows_them(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        await server.Import("time,module,customer,user\n2026-11-20T10:00:00Z,rooms,huaxin,ann\n2026-11-20T10:00:00Z,rooms,huaxin,ben\n2026-11-21T10:00:00Z,spaces,delta,ann\n");
        var usage = server.Get<UsageQuestions>();
        Assert.Equal(["delta spaces 1 1", "huaxin rooms 2 2"], Cells(await usage.Matrix(Today, 90, Cancel)));
        await server.Import("time,module,customer,user\n2026-11-20T10:00:00Z,rooms,huaxin,cyd\n");
        Assert.Equal(["delta spaces 1 1", "huaxin rooms 3 3"], Cells(await usage.Matrix(Today, 90, Cancel)));
        Assert.Equal(["delta spaces 1 1"], Cells(await usage.Matrix(Today, 2, Cancel)));

        static IEnumerable<string> Cells(IEnumerable<MatrixCell> cells) => cells.Select(cell => $"{cell.Customer} {cell.Module} {cell.Users} {cell.Calls}").Order(StringComparer.Ordinal);
    }

    /// <summary>A server counts for it, as servers do before browsers may.</summary>
    private static Task NameModule(GateScene scene, string module) =>
        scene.Server.Get<UsageWriter>().Write([new UsageDelivery("named", "test", ServerUnderTest.Start, Tally(module, "2026-11-01"))], Cancel);

    private static UsageTally Tally(string module, string day)
    {
        var tally = new UsageTally();
        tally.Add(new UsageEvent { Module = System.Text.Encoding.UTF8.GetBytes(module), Customer = "zeta"u8, User = "z"u8, UnixMilliseconds = DateTimeOffset.Parse(day + "T00:00:00Z", System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeMilliseconds(), Count = 1 });
        return tally;
    }
}
