using Sunsetter.Harness;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Tests.Decide;

/// <summary>The forms of the Decide page as a browser sends them.</summary>
public sealed class DecideFormsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Reasons_are_put_in_other_words_and_refused_where_one_language_is_missing()
    {
        await using var server = await ServerUnderTest.On(Database.Sqlite);
        var (id, path) = await Proposed(server);
        using var lin = await Browser.SignIn(server, "lin@vendor.test");

        var refused = await lin.Submit(await lin.Open(path), "reasons", ("Form.BusinessStrategyEn", "Spaces is what customers buy."));
        Assert.Equal("text.missing", refused.Refused);
        Assert.Equal("Spaces is what customers buy.", refused.Document.QuerySelector("textarea[name='Form.BusinessStrategyEn']")!.TextContent);

        (await lin.Submit(await lin.Open(path), "reasons", ("Form.TechnicalRenewalEn", "It is old."), ("Form.BusinessStrategyEn", "Spaces is what customers buy."), ("Form.BusinessStrategyZh", "客户购买的是空间。"))).Done();
        var reasons = (await server.Get<FactLog>().Find(id, Cancel))!.Reasons;
        Assert.Equal([ReasonKind.TechnicalRenewal, ReasonKind.BusinessStrategy], reasons.Select(reason => reason.Kind));
        Assert.Equal(("It is old.", "客户购买的是空间。"), (reasons[0].Explanation.En, reasons[1].Explanation.Zh));
    }

    [Fact]
    public async Task A_retirement_is_declared_major_with_a_reason_once()
    {
        await using var server = await ServerUnderTest.On(Database.Sqlite);
        var (_, path) = await Proposed(server);
        using var lin = await Browser.SignIn(server, "lin@vendor.test");

        Assert.Equal("text.missing", (await lin.Submit(await lin.Open(path), "major", ("Form.Reason", " "))).Refused);
        (await lin.Submit(await lin.Open(path), "major", ("Form.Reason", "Every bank uses it."))).Done();

        var page = await lin.Open(path);
        Assert.Contains("Counts as a major retirement: Every bank uses it.", page.Text);
        Assert.DoesNotContain("major", page.Forms);
    }

    [Fact]
    public async Task An_alternative_is_added_and_dropped_and_the_chosen_one_is_not_offered()
    {
        await using var server = await ServerUnderTest.On(Database.Sqlite);
        var (id, path) = await Proposed(server);
        using var lin = await Browser.SignIn(server, "lin@vendor.test");
        Assert.DoesNotContain("drop-alternative", (await lin.Open(path)).Forms);

        (await lin.Submit(await lin.Open(path), "alternative", ("Form.Replacement", "search"))).Done();
        (await lin.Submit(await lin.Open(path), "drop-alternative", ("Form.Note", "It finds rooms, it is none."))).Done();

        Assert.Equal([new ModuleKey("spaces")], (await server.Get<FactLog>().Find(id, Cancel))!.Deciding.Alternatives);
    }

    [Fact]
    public async Task A_forged_form_is_not_carried_out()
    {
        await using var server = await ServerUnderTest.On(Database.Sqlite);
        var (id, path) = await Proposed(server);
        using var lin = await Browser.SignIn(server, "lin@vendor.test");

        var answer = await lin.Submit(await lin.Open(path), "major", ("Form.Reason", "Every bank uses it."), ("__RequestVerificationToken", "forged"));

        Assert.Equal(System.Net.HttpStatusCode.BadRequest, answer.Status);
        Assert.Null((await server.Get<FactLog>().Find(id, Cancel))!.Deciding.DeclaredMajor);
    }

    private static async Task<(RetirementId Id, string Path)> Proposed(ServerUnderTest server)
    {
        var id = (await (await DecideFixture.On(server)).Propose()).GetProperty("id").GetString()!;
        return (RetirementId.Parse(id, null), $"/retirements/{id}/decide");
    }
}
