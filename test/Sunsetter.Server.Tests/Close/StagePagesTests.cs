using System.Net;
using Sunsetter.Harness;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Tests.Retirements;

namespace Sunsetter.Server.Tests.Close;

public sealed class StagePagesTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [EachDatabase("migrate", "en", "Will they be done in time?", "Huaxin Bank")]
    [EachDatabase("migrate?show=all", "zh-CN", "能否按时完成？", "华信银行")]
    [EachDatabase("ledger/huaxin", "en", "Everything that happened", "How do bots move?")]
    [EachDatabase("ledger/huaxin", "zh-CN", "全部经过", "答复")]
    [EachDatabase("close", "en", "Go or no-go", "No restore drill was passed.")]
    [EachDatabase("close", "zh-CN", "下线评审", "尚无通过的恢复演练。")]
    public async Task A_page_of_migrating_and_closing_answers_in_the_readers_language(Database database, string page, string language, params string[] words)
    {
        await using var server = await ServerUnderTest.On(database);
        var id = await Begun(server);
        await server.Tick();
        var product = await server.As("pm@vendor.test", Role.Product, Role.Qa, Role.Compliance, Role.Success);

        var answer = await product.GetAsync($"/retirements/{id}/{page}{(page.Contains('?', StringComparison.Ordinal) ? "&" : "?")}lang={language}", Cancel);
        var html = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(Cancel));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.All(words, word => Assert.Contains(word, html));
    }

    [Theory, EachDatabase("en", "1 customer is refused", "1 customer closes later"), EachDatabase("zh-CN", "1 个客户将无法使用", "另有 1 个客户因批次或延期更晚下线")]
    public async Task Who_has_more_time_is_not_counted_among_those_who_are_refused_on_the_common_day(Database database, string language, params string[] words)
    {
        await using var server = await ServerUnderTest.On(database);
        var id = await Begun(server);
        await server.Get<FactLog>().Change(id, "pm@vendor.test", _ => Decision.Of(new CustomerKey("orbit"), new ExtensionGranted(Told.ClosesOn.AddDays(20), "Audit")), Cancel);

        var html = WebUtility.HtmlDecode(await (await server.As("pm@vendor.test", Role.Product)).GetStringAsync($"/retirements/{id}/close?lang={language}", Cancel));

        Assert.All(words, word => Assert.Contains(word, html));
    }

    [Theory, EachDatabase("migrate"), EachDatabase("close"), EachDatabase("ledger/nobody")]
    public async Task A_page_of_no_retirement_says_so_with_404(Database database, string page)
    {
        await using var server = await ServerUnderTest.On(database);
        var product = await server.As("pm@vendor.test", Role.Product);

        Assert.Equal(HttpStatusCode.NotFound, (await product.GetAsync($"/retirements/{RetirementId.New()}/{page}", Cancel)).StatusCode);
    }

    private static async Task<RetirementId> Begun(ServerUnderTest server)
    {
        var id = RetirementId.New();
        EntryOpened Opened(string en, string zh, CustomerClass kind) => new(new Text(en, zh), "enterprise", kind, "yue@vendor.test", "Asia/Shanghai", "zh-CN");
        await server.Get<FactLog>().Begin(id, "lin@vendor.test", _ => Decision.Of(Told.Proposal, new RetirementApproved(), new RetirementScheduled(Told.Plan, null), new ReplacementSignedOff("Load test passed", null), new MigrationStarted())
            .And(Decision.Of(Told.Huaxin, Opened("Huaxin Bank", "华信银行", CustomerClass.Key), new EarliestComputed(new DateOnly(2027, 2, 20), "contract", new("180 days by contract", "合同约定 180 天")),
                new HelpRequested(Guid.CreateVersion7(), "How do bots move?", "li@huaxin.test")))
            .And(Decision.Of(new CustomerKey("orbit"), Opened("Orbit Labs", "奥比特", CustomerClass.Standard), new ExtensionRequested(Guid.CreateVersion7(), new DateOnly(2027, 3, 20), "Audit", "o@orbit.test"))), Cancel);
        return id;
    }
}
