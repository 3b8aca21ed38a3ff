using Sunsetter.Harness;
using Sunsetter.Server.Catalogue;
using Sunsetter.Server.Decide;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Tests.Retirements;

namespace Sunsetter.Server.Tests.Decide;

/// <summary>What takes the module's place may change until the go, and everything that rested on the first choice with it.</summary>
public sealed class ChooseReplacementTests
{
    private static readonly ModuleKey Search = new("search");
    private static readonly Module[] Modules = [new Module { Key = new("spaces") }, new Module { Key = Search }];
    private static readonly MigrationTool Tool = new("mover", MigrationToolKind.WebCall, "https://mover.example", 60);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void With_another_replacement_the_sign_off_begins_anew()
    {
        var facts = Choose(Told.Migrating(), Search).Facts.Select(fact => fact.Fact).ToList();

        Assert.Equal([typeof(ReplacementChosen), typeof(ReplacementSignOffWithdrawn)], facts.Select(fact => fact.GetType()));
        var after = Told.Migrating().Then("lin@vendor.test", [.. facts.Cast<RetirementFact>()]);
        Assert.Equal((Search, null, true), (after.Replacement, after.Migrating.SignOff, after.ReplacementChangedAt is not null));
        // What the decision was made on stays; of the new one it must be said what customers lose.
        var lines = after with { Deciding = after.Deciding with { Capabilities = ["rooms"] } };
        Assert.Null(new CompareCapability(Search, "rooms", CapabilityCoverage.Covered, false, "").Decide(lines).Refusal);
        new CompareCapability(new("spaces"), "rooms", CapabilityCoverage.Covered, false, "").Decide(lines).Refused("decision.not-gathering");
    }

    [Fact]
    public void Before_the_decision_it_is_a_choice_and_no_change() =>
        Assert.Null(Told.Retirement().Then("lin@vendor.test", new ReplacementChosen(Search, "Covers more.")).ReplacementChangedAt);

    [Fact]
    public void While_a_tool_moves_customers_to_the_first_choice_there_is_no_other() =>
        Choose(Told.Migrating(new MigrationToolAttached(Tool)), Search).Refused("replacement.tool-attached");

    [Fact]
    public void After_the_go_it_stays() => Choose(Told.Migrating(new ClosingConfirmed("")), Search).Refused("replacement.too-late");

    [Fact]
    public void Where_nothing_takes_the_place_any_more_it_is_said_what_customers_do()
    {
        Choose(Told.Migrating(), null).Refused("text.missing");

        var facts = Choose(Told.Migrating(), null, new Text("Export your rooms.", "请导出群聊。")).Facts.Select(fact => fact.Fact.GetType());
        Assert.Equal([typeof(InsteadExplained), typeof(ReplacementChosen), typeof(ReplacementSignOffWithdrawn)], facts);
    }

    [Theory, EachDatabase]
    public async Task The_page_of_a_decided_retirement_changes_it(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var fixture = await DecideFixture.On(server);
        var id = await fixture.Approved();
        using var lin = await Browser.SignIn(server, "lin@vendor.test", Role.Product);

        (await lin.Submit(await lin.Open($"/retirements/{id}/decide"), "choose-replacement", ("Form.Replacement", "search"), ("Form.Note", "Spaces is going itself."))).Done();

        Assert.Equal(Search, (await server.Get<FactLog>().Find(RetirementId.Parse(id, null), Cancel))!.Replacement);
        (await lin.Submit(await lin.Open($"/retirements/{id}/decide"), "compare", ("Form.Capability", "rooms"), ("Form.Coverage", "Covered"))).Done();
        (await lin.Submit(await lin.Open($"/retirements/{id}/decide"), "choose-replacement", ("Form.Replacement", ""), ("Form.Note", "It does not do."), ("Form.InsteadEn", "Export."), ("Form.InsteadZh", "请导出。"))).Done();
        Assert.Equal("Export.", (await server.Get<FactLog>().Find(RetirementId.Parse(id, null), Cancel))!.Deciding.Instead?.En);
    }

    private static Decision Choose(Retirement retirement, ModuleKey? replacement, Text? instead = null) =>
        new ChooseReplacement(replacement, "It does not do.") { Instead = instead }.Decide(retirement, Modules, []);
}
