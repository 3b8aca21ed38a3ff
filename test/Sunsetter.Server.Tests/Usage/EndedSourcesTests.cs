using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Sunsetter.Harness;
using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Usage;
using static Sunsetter.Server.Tests.Usage.UsageFixture;

namespace Sunsetter.Server.Tests.Usage;

/// <summary>A source that ends for good: a gateway that was replaced by another.</summary>
public sealed class EndedSourcesTests
{
    [Theory]
    [InlineData(null, 2)]
    [InlineData(109, 5)]
    [InlineData(108, 2)]
    public void Silence_after_its_end_is_no_gap_and_who_reported_after_it_has_not_ended(int? ended, int known) =>
        Assert.Equal(known, CoverageRule.Covered([(101, [101, 109], ended), (101, [.. Enumerable.Range(101, 12)], null)], 101, 112, idleDays: 0).Count(day => day));

    [Fact]
    public void After_the_end_of_the_last_source_nothing_is_known() =>
        Assert.Equal([true, true, false, false], CoverageRule.Covered([(100, [100, 101], 101)], 100, 103, idleDays: 31));

    [Theory, EachDatabase]
    public async Task A_replaced_gateway_makes_its_module_unknown_until_an_administrator_says_that_it_ended(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        await server.Import(Reports(-80, -40), source: "gateway-1");
        await server.Import(Reports(-41, 0), source: "gateway-2");
        using var root = await server.As("root@vendor.test", Role.Administrator);
        using var lin = await server.As("lin@vendor.test", Role.Product);
        Assert.False(await Sufficient(lin));

        var day = Today.AddDays(-40);
        Assert.Equal(HttpStatusCode.Forbidden, (await lin.PutAsJsonAsync(Path, new { source = "gateway-1", day, reason = "Replaced by gateway-2." }, Cancel)).StatusCode);
        foreach (var (source, on, reason, code) in new[]
        {
            ("gateway-1", day, " ", "usage-source.reason"), ("gateway-9", day, "Replaced.", "usage-source.unknown"),
            ("gateway-1", day.AddDays(-1), "Replaced.", "usage-source.reported-later"), ("gateway-1", Today.AddDays(1), "Replaced.", "usage-source.future"),
        })
            Assert.Equal(code, (await root.PutAsJsonAsync(Path, new { source, day = on, reason }, Cancel).Body()).GetProperty("code").GetString());
        Assert.Equal(HttpStatusCode.NoContent, (await root.PutAsJsonAsync(Path, new { source = "gateway-1", day, reason = "Replaced by gateway-2." }, Cancel)).StatusCode);

        Assert.True(await Sufficient(lin));
        var said = Assert.Single((await lin.GetFromJsonAsync<JsonElement>(Path, Cancel)).EnumerateArray());
        Assert.Equal(("gateway-1", "Replaced by gateway-2.", "root@vendor.test"), (said.GetProperty("source").GetString(), said.GetProperty("reason").GetString(), said.GetProperty("by").GetString()));
        Assert.Equal(HttpStatusCode.NoContent, (await root.PutAsJsonAsync(Path, new { source = "gateway-1", reason = "It is still there." }, Cancel)).StatusCode);
        Assert.False(await Sufficient(lin));
    }

    [Theory, EachDatabase]
    public async Task The_page_of_a_modules_use_shows_its_history_and_takes_the_end_of_a_source(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        await server.Import(Reports(-80, -40), source: "gateway-1");
        await server.Import(Reports(-41, 0), source: "gateway-2");
        using var root = await Browser.SignIn(server, "root@vendor.test", Role.Administrator);
        using var lin = await Browser.SignIn(server, "lin@vendor.test", Role.Product);
        Assert.Empty((await lin.Open("/modules/rooms/usage")).Forms);

        var page = await root.Open("/modules/rooms/usage");
        Assert.Contains("Insufficient", page.Text, StringComparison.Ordinal);
        Assert.Equal("usage-source.reported-later", (await root.Submit(page, "source-0", ("Said.Day", "2026-01-01"), ("Said.Reason", "Replaced by gateway-2."))).Refused);
        (await root.Submit(page, "source-0", ("Said.Reason", "Replaced by gateway-2."))).Done();

        Assert.Contains("Replaced by gateway-2. — root", (await lin.Open("/modules/rooms/usage?by=Week")).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await lin.Look("/modules/nothing/usage")).Status);
    }

    [Theory, EachDatabase]
    public async Task The_page_names_who_has_not_moved_who_went_back_and_who_used_it_last(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        await using (var db = await server.Get<IDbContextFactory<SunsetterDb>>().CreateDbContextAsync(Cancel))
        {
            db.AddRange(new Module { Key = OldRooms, NameEn = "Rooms", NameZh = "群聊", Replacements = [Spaces] }, new Module { Key = Spaces, NameEn = "Spaces", NameZh = "空间" });
            await db.SaveChangesAsync(Cancel);
        }
        await server.Import(Reports(-80, 0) + string.Concat(Enumerable.Range(-80, 81).Select(day => $"{Today.AddDays(day):yyyy-MM-dd}T00:00:00Z,{(day is < -40 or 0 ? "rooms" : "spaces")},delta,dora\n")));
        using var lin = await Browser.SignIn(server, "lin@vendor.test", Role.Success);
        using var sales = await Browser.SignIn(server, "sue@vendor.test", Role.Sales);
        using var api = await server.As("lin@vendor.test", Role.Success);

        var page = (await lin.Open("/modules/rooms/usage?order=last-use&days=30")).Text;

        Assert.Contains("ann · huaxin", page);
        Assert.Contains("Went back", page);
        Assert.DoesNotContain("ann · huaxin", (await sales.Open("/modules/rooms/usage")).Text);
        var newest = (await api.GetFromJsonAsync<JsonElement>($"/api/v1/modules/rooms/usage/customers?order=last-use&until={Today.AddDays(-1):yyyy-MM-dd}", Cancel)).GetProperty("rows");
        Assert.Equal(["huaxin", "delta"], newest.EnumerateArray().Select(row => row.GetProperty("customer").GetString()));
    }

    private const string Path = "/api/v1/usage/sources/ended";

    private static async Task<bool> Sufficient(HttpClient client) =>
        (await client.GetFromJsonAsync<JsonElement>($"/api/v1/modules/rooms/usage/coverage?from={Today.AddDays(-80):yyyy-MM-dd}", Cancel)).GetProperty("sufficient").GetBoolean();

    private static string Reports(int from, int until) =>
        "time,module,customer,user\n" + string.Concat(Enumerable.Range(from, until - from + 1).Select(day => $"{Today.AddDays(day):yyyy-MM-dd}T00:00:00Z,rooms,huaxin,ann\n"));
}
