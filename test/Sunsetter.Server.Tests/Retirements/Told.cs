using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Tests.Retirements;

/// <summary>States told by their facts, for tests of pure rules: what happened, and what follows.</summary>
internal static class Told
{
    public static readonly CustomerKey Huaxin = new("huaxin");
    public static readonly DateTimeOffset Start = new(2026, 11, 1, 1, 0, 0, TimeSpan.Zero);
    public static readonly DateOnly ClosesOn = new(2027, 3, 1);
    public static readonly Schedule Plan = new(ClosesOn, new TimeOnly(2, 0), "Asia/Shanghai", new DateOnly(2026, 12, 1), 14);

    public static readonly RetirementProposed Proposal = new(
        new ModuleKey("rooms-legacy"), new ModuleKey("spaces"), new Text("Legacy rooms go", "旧版群聊室退役"), "wang@vendor.test",
        [new Reason(ReasonKind.TechnicalRenewal, new Text("It cannot meet the retention rules of 2027.", "架构无法满足 2027 年的留存要求。"))]);

    public static Retirement Retirement(params RetirementFact[] facts) =>
        new Retirement(new RetirementId(Guid.Parse("01930000-0000-7000-8000-000000000001"))).Then("lin@vendor.test", [Proposal, .. facts]);

    /// <summary>Proposed, approved, scheduled by lin and given to customers to move.</summary>
    public static Retirement Migrating(params RetirementFact[] facts) =>
        Retirement([new RetirementApproved(), new RetirementScheduled(Plan, null), new ReplacementSignedOff("Load test passed", null), new MigrationStarted(), .. facts]);

    public static LedgerEntry Entry(params EntryFact[] facts) => EntryOf(Huaxin, CustomerClass.Key, facts);

    public static LedgerEntry EntryOf(CustomerKey customer, CustomerClass kind, params EntryFact[] facts) =>
        new LedgerEntry(Retirement().Id, customer).Then("lin@vendor.test",
            [new EntryOpened(Text.Same(customer.Value), "enterprise", kind, "yue@vendor.test", "Asia/Shanghai", "zh-CN"), .. facts]);

    public static Retirement Then(this Retirement retirement, string by, params RetirementFact[] facts) =>
        facts.Aggregate(retirement, (state, fact) => state.Apply(new Recorded(state.Id, null, state.Version + 1, Start.AddMinutes(state.Version), by, fact)));

    public static LedgerEntry Then(this LedgerEntry entry, string by, params EntryFact[] facts) =>
        facts.Aggregate(entry, (state, fact) => state.Apply(new Recorded(state.Retirement, state.Customer, state.Version + 1, Start.AddMinutes(state.Version), by, fact)));

    public static void Refused(this Decision decision, string code) => Assert.Equal(code, decision.Refusal?.Code);

    public static T Answered<T>(this Decision decision) where T : Fact
    {
        Assert.Null(decision.Refusal);
        return Assert.IsType<T>(Assert.Single(decision.Facts).Fact);
    }
}
