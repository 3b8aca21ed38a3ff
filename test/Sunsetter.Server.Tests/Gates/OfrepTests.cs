using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Sunsetter.Harness;
using Sunsetter.Server.Gates;

namespace Sunsetter.Server.Tests.Gates;

public sealed class OfrepTests
{
    private const string One = "/ofrep/v1/evaluate/flags/rooms-legacy";
    private const string All = "/ofrep/v1/evaluate/flags";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task A_module_is_a_flag_that_is_true_while_it_works(Database database)
    {
        await using var scene = await GateScene.On(database);
        var client = scene.Server.WithToken((await scene.Key(EdgeKeyKind.Server)).Key);
        var before = await Json(await Ask(client, One, "huaxin"));
        Assert.Equal((true, "warned", "TARGETING_MATCH"), (before.GetProperty("value").GetBoolean(), before.GetProperty("variant").GetString(), before.GetProperty("reason").GetString()));
        Assert.Equal("2026-11-30T18:00:00.000Z", before.GetProperty("metadata").GetProperty("closesAt").GetString());
        scene.Server.Clock.Advance(GateScene.Closing - ServerUnderTest.Start);
        var after = await Json(await Ask(client, One, "huaxin"));
        Assert.Equal((false, "closed", "spaces"), (after.GetProperty("value").GetBoolean(), after.GetProperty("variant").GetString(), after.GetProperty("metadata").GetProperty("alternative").GetString()));
    }

    [Theory, EachDatabase]
    public async Task All_flags_come_with_an_etag_that_changes_when_the_schedule_does_something(Database database)
    {
        await using var scene = await GateScene.On(database);
        var client = scene.Server.WithToken((await scene.Key(EdgeKeyKind.Server)).Key);
        var first = await Ask(client, All, "huaxin");
        Assert.Equal(["rooms-legacy", "spaces"], (await Json(first)).GetProperty("flags").EnumerateArray().Select(flag => flag.GetProperty("key").GetString()));
        client.DefaultRequestHeaders.IfNoneMatch.Add(first.Headers.ETag!);
        Assert.Equal(HttpStatusCode.NotModified, (await Ask(client, All, "huaxin")).StatusCode);
        scene.Server.Clock.Advance(GateScene.Closing - ServerUnderTest.Start);
        Assert.Equal(HttpStatusCode.OK, (await Ask(client, All, "huaxin")).StatusCode);
    }

    [Theory]
    [EachDatabase("{", "PARSE_ERROR")]
    [EachDatabase("[]", "PARSE_ERROR")]
    [EachDatabase("""{"context":{"targetingKey":"\ud800"}}""", "PARSE_ERROR")]
    [EachDatabase("""{"context":[]}""", "INVALID_CONTEXT")]
    [EachDatabase("""{"context":{"targetingKey":7}}""", "INVALID_CONTEXT")]
    [EachDatabase("""{"context":{"customer":{}}}""", "INVALID_CONTEXT")]
    public async Task A_bad_request_is_answered_in_the_protocols_words(Database database, string body, string code)
    {
        await using var scene = await GateScene.On(database);
        var client = scene.Server.WithToken((await scene.Key(EdgeKeyKind.Server)).Key);
        foreach (var path in new[] { One, All })
        {
            var answer = await client.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"), Cancel);
            Assert.Equal((HttpStatusCode.BadRequest, code), (answer.StatusCode, (await Json(answer)).GetProperty("errorCode").GetString()));
        }
    }

    [Theory, EachDatabase]
    public async Task Unknown_flags_missing_keys_and_haste_have_their_own_statuses(Database database)
    {
        await using var scene = await GateScene.On(database, "--Gates:RequestBurst=2", "--Gates:RequestsPerSecond=0.1");
        var key = await scene.Key(EdgeKeyKind.Server);
        var client = scene.Server.WithToken(key.Key);
        var unknown = await Ask(client, "/ofrep/v1/evaluate/flags/nobody%20knows", "x");
        Assert.Equal((HttpStatusCode.NotFound, "FLAG_NOT_FOUND"), (unknown.StatusCode, (await Json(unknown)).GetProperty("errorCode").GetString()));
        Assert.Equal(HttpStatusCode.Unauthorized, (await Ask(scene.Server.Stranger(), One, "x")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await Ask(scene.Server.WithToken("sst_srv_1_2"), One, "x")).StatusCode);

        var byHeader = scene.Server.Stranger();
        byHeader.DefaultRequestHeaders.Add("X-API-Key", key.Key);
        Assert.Equal(HttpStatusCode.OK, (await Ask(byHeader, One, "x")).StatusCode);
        var hasty = await Ask(client, One, "x");
        Assert.Equal((HttpStatusCode.TooManyRequests, "10"), (hasty.StatusCode, hasty.Headers.GetValues("Retry-After").Single()));
    }

    [Theory, EachDatabase]
    public async Task A_browser_cannot_ask_for_another_customer(Database database)
    {
        await using var scene = await GateScene.On(database);
        await scene.RestoreFor(GateScene.Huaxin);
        scene.Server.Clock.Advance(GateScene.Closing - ServerUnderTest.Start);
        var client = scene.Server.WithToken((await scene.Key(EdgeKeyKind.Browser)).Key);
        client.DefaultRequestHeaders.Add("X-Sunsetter-Context", scene.Context(await scene.Key(EdgeKeyKind.Server), GateScene.Beike));
        Assert.False((await Json(await Ask(client, One, "huaxin"))).GetProperty("value").GetBoolean());
    }

    private static Task<HttpResponseMessage> Ask(HttpClient client, string path, string customer) =>
        client.PostAsJsonAsync(path, new { context = new { targetingKey = "u-1", customer } }, Cancel);

    private static async Task<JsonElement> Json(HttpResponseMessage answer) => JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancel)).RootElement;
}
