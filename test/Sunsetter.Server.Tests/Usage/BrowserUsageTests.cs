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

        var answer = await browser.Send("b",
            Event(Now, "rooms", "huaxin", "ann"), Event(Now, "rooms", "beike", "ben"), Event(Now, "rooms", "", null), Event(Now, "rooms", "beike", "ann")).Body();

        Assert.Equal(["0:usage.not-yours", "1:usage.not-yours"], answer.GetProperty("rejects").EnumerateArray().Select(reject => $"{reject.GetProperty("line")}:{reject.GetProperty("code")}"));
        Assert.Equal("* beike 2026-11-22 1 2\nrooms beike 2026-11-22 1 2", await scene.Server.Dump());
    }

    [Fact]
    public async Task A_browser_key_opens_nothing_but_the_edge()
    {
        await using var scene = await GateScene.On(Database.Sqlite);
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
}
