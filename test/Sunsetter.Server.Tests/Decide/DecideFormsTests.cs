using Sunsetter.Harness;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Tests.Decide;

/// <summary>The forms of the Decide page as a browser sends them.</summary>
public sealed class DecideFormsTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory, EachDatabase]
    public async Task Reasons_are_put_in_other_words_and_refused_where_one_language_is_missing(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
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

    [Theory, EachDatabase]
    public async Task A_retirement_is_declared_major_with_a_reason_once(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var (_, path) = await Proposed(server);
        using var lin = await Browser.SignIn(server, "lin@vendor.test");

        Assert.Equal("text.missing", (await lin.Submit(await lin.Open(path), "major", ("Form.Reason", " "))).Refused);
        (await lin.Submit(await lin.Open(path), "major", ("Form.Reason", "Every bank uses it."))).Done();

        var page = await lin.Open(path);
        Assert.Contains("Counts as a major retirement: Every bank uses it.", page.Text);
        Assert.DoesNotContain("major", page.Forms);
    }

    [Theory, EachDatabase]
    public async Task An_alternative_is_added_and_dropped_and_the_chosen_one_is_not_offered(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var (id, path) = await Proposed(server);
        using var lin = await Browser.SignIn(server, "lin@vendor.test");
        Assert.DoesNotContain("drop-alternative", (await lin.Open(path)).Forms);

        (await lin.Submit(await lin.Open(path), "alternative", ("Form.Replacement", "search"))).Done();
        (await lin.Submit(await lin.Open(path), "drop-alternative", ("Form.Note", "It finds rooms, it is none."))).Done();

        Assert.Equal([new ModuleKey("spaces")], (await server.Get<FactLog>().Find(id, Cancel))!.Deciding.Alternatives);
    }

    [Theory, EachDatabase]
    public async Task A_module_that_somebody_has_just_proposed_does_not_give_its_place_in_the_form_to_another(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var (id, _) = await Proposed(server);
        var going = (await server.Get<FactLog>().Find(id, Cancel))!.Module;
        using var lin = await Browser.SignIn(server, "lin@vendor.test");

        var page = await lin.Open($"/retirements/new?module={going}");

        Assert.Equal("module.retiring", page.Refused);
        var answer = await lin.Submit(page, "propose", ("Form.TechnicalRenewalEn", "It is old."), ("Form.TechnicalRenewalZh", "陈旧。"));
        Assert.Equal("retirement.no-module", answer.Refused);
    }

    [Theory, EachDatabase]
    public async Task A_month_whose_revenue_is_left_out_earned_something_unknown_and_not_nothing(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var (_, path) = await Proposed(server);
        using var lin = await Browser.SignIn(server, "lin@vendor.test");

        (await lin.Submit(await lin.Open(path), "cost", ("Form.Currency", "CNY"), ("Form.Lines", "2026-09, 1, 1, 1, 5000\n2026-10, 1, 1, 1\n2026-11, 1, 1, 1, 7000"))).Done();

        Assert.Contains("it earns CNY 72,000", (await lin.Open(path)).Text.Replace("earnsCNY", "earns CNY"));
    }

    [Theory, EachDatabase]
    public async Task A_forged_form_is_not_carried_out(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
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
