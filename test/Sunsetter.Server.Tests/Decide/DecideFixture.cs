using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Sunsetter.Harness;
using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Tests.Decide;

/// <summary>A vendor with two modules and three customers, and the way of one decision over HTTP.</summary>
internal sealed class DecideFixture(ServerUnderTest server)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public HttpClient Lin { get; private set; } = null!;

    public static async Task<DecideFixture> On(ServerUnderTest server)
    {
        var fixture = new DecideFixture(server) { Lin = await server.As("lin@vendor.test", Role.Product, Role.Operations, Role.Support) };
        await server.Get<People>().Add("wang@vendor.test", "Wang *Jun*", [Role.Engineering], "zh-CN", Cancel);
        await using var db = await server.Get<IDbContextFactory<SunsetterDb>>().CreateDbContextAsync(Cancel);
        db.AddRange(
            new Module { Key = new("rooms-legacy"), NameEn = "Legacy rooms", NameZh = "旧版群聊室", Class = ModuleClass.Core, Replacements = [new("spaces")], Capabilities = ["rooms", "retention"] },
            new Module { Key = new("spaces"), NameEn = "Spaces", NameZh = "空间", Class = ModuleClass.Core },
            new Module { Key = new("search"), NameEn = "Search", NameZh = "搜索", DependsOn = [new("rooms-legacy")] });
        db.AddRange(
            new Customer { Key = new("huaxin"), NameEn = "Huaxin Bank", NameZh = "华信银行", Tier = "enterprise", Class = CustomerClass.Key, ContractNoticeDays = 180, AnnualValue = 900_000 },
            new Customer { Key = new("orbit"), NameEn = "Orbit Labs", NameZh = "轨道实验室", Tier = "enterprise", TimeZone = "America/New_York", Country = "US" },
            new Customer { Key = new("meiya"), NameEn = "Meiya", NameZh = "美雅", Tier = "free" });
        await db.SaveChangesAsync(Cancel);
        await server.Get<Calendars>().Import([new("CN", 2026, [], ""), new("CN", 2027, [], "")], "admin@vendor.test", Cancel);
        return fixture;
    }

    public async Task<JsonElement> Propose() => await Ok(Lin, "/api/v1/retirements", Proposal);

    public Task<HttpResponseMessage> TryPropose() => Lin.PostAsJsonAsync("/api/v1/retirements", Proposal, Json.Stored, Cancel);

    private static readonly object Proposal = new
    {
        module = "rooms-legacy", replacement = "spaces", owner = "wang@vendor.test",
        reasons = new[] { new { kind = "technical-renewal", explanation = new { en = "It cannot meet the retention rules of 2027.", zh = "架构无法满足 2027 年的留存要求。" } } },
    };

    /// <summary>Answers everything that a decision needs.</summary>
    public async Task GatherAll(string id)
    {
        await Ok(Lin, $"/api/v1/retirements/{id}/cost", new { currency = "CNY", months = new[] { new { month = "2026-10-01", servers = 12000, people = 30000, bugFixing = 8000, revenue = 5000 } } });
        foreach (var capability in new[] { "rooms", "retention" })
            await Ok(Lin, $"/api/v1/retirements/{id}/comparisons", new { replacement = "spaces", capability, coverage = "covered", noticeablyWorse = false });
        foreach (var from in new[] { "operations", "support" })
            await Ok(Lin, $"/api/v1/retirements/{id}/voices", new { from, leaning = "for", words = "We are ready." });
        await Ok(Lin, $"/api/v1/retirements/{id}/research", new { customer = "huaxin", on = "2026-11-20", with = "Zhao Min", finding = "They want half a year." });
        await Ok(Lin, $"/api/v1/retirements/{id}/dependent-modules", new { module = "search", how = "It reads from Spaces since October." });
        await Ok(Lin, $"/api/v1/retirements/{id}/unknown-use", new { reason = "It was never counted; every account manager asked their customers." });
        await Ok(Lin, $"/api/v1/retirements/{id}/entitled-tiers", new { tiers = new[] { "Enterprise" } });
    }

    /// <summary>An approved retirement with the ledger open for Huaxin and Orbit.</summary>
    public async Task<string> Approved()
    {
        var id = (await Propose()).GetProperty("id").GetString()!;
        await GatherAll(id);
        await Ok(Lin, $"/api/v1/retirements/{id}/submit", new { });
        await ApproveAll(id);
        return id;
    }

    /// <summary>Each of the four roles approves what was submitted.</summary>
    public async Task ApproveAll(string id)
    {
        var submittedAt = (await server.Get<FactLog>().Find(RetirementId.Parse(id, null), Cancel))!.Deciding.Submission!.At;
        foreach (var (email, role) in Approvers)
            await Ok(await server.As(email, role), $"/api/v1/retirements/{id}/approve", new { role, submittedAt });
    }

    public static readonly (string Email, Role Role)[] Approvers =
        [("pan@vendor.test", Role.Product), ("eng@vendor.test", Role.Engineering), ("sun@vendor.test", Role.Support), ("law@vendor.test", Role.Compliance)];

    public static async Task<JsonElement> Ok(HttpClient client, string path, object body)
    {
        var answer = await client.PostAsJsonAsync(path, body, Json.Stored, Cancel);
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {(int)answer.StatusCode} {text}");
        return text.Length == 0 ? default : JsonElement.Parse(text);
    }

    /// <summary>The code of the problem that a request is answered with; null where it was carried out.</summary>
    public static async Task<string?> Refused(HttpClient client, string path, object body)
    {
        var answer = await client.PostAsJsonAsync(path, body, Json.Stored, Cancel);
        if (answer.IsSuccessStatusCode)
            return null;
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        return problem.TryGetProperty("code", out var code) ? code.GetString() : $"{(int)answer.StatusCode}";
    }

    public static async Task<JsonElement> Get(HttpClient client, string path) => await client.GetFromJsonAsync<JsonElement>(path, Cancel);
}
