using Sunsetter.Server.Decide;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;

namespace Sunsetter.Server.Tests.Decide;

public sealed class OverrideTests
{
    private static readonly DateOnly Today = new(2026, 11, 22);
    private static readonly RetirementId Id = RetirementId.New();
    private static readonly Retirement Announced = new Retirement(Id) with { Stage = Stage.Announce };

    private static readonly LedgerEntry Entry = new LedgerEntry(Id, new CustomerKey("huaxin")) with
    {
        Earliest = new EarliestDay(new(2027, 1, 15), "non-core", new Text("a rule", "规则"), Overridden: false),
    };

    [Fact]
    public void An_override_asked_for_by_one_is_approved_by_another_and_then_stands()
    {
        var asked = Fold(Entry, new RequestOverride(new(2027, 1, 4), "They asked for it themselves.").Decide(Announced, Entry, Today), "lin@vendor.test");
        var granted = Fold(asked, new ApproveOverride(new(2027, 1, 4)).Decide(Announced, asked, "zhao@vendor.test", Today), "zhao@vendor.test");

        Assert.Equal((new DateOnly(2027, 1, 4), true), (granted.Earliest!.Day, granted.Earliest.Overridden));
        Assert.Null(granted.Dates.Asked);
    }

    [Theory]
    [InlineData("lin@vendor.test")]
    [InlineData("LIN@vendor.test")]
    public void Its_author_cannot_approve_it(string by)
    {
        var asked = Fold(Entry, new RequestOverride(new(2027, 1, 4), "Because.").Decide(Announced, Entry, Today), "lin@vendor.test");

        Assert.Equal("override.own", new ApproveOverride(new(2027, 1, 4)).Decide(Announced, asked, by, Today).Refusal?.Code);
    }

    [Fact]
    public void A_declined_override_leaves_the_rule_in_force()
    {
        var asked = Fold(Entry, new RequestOverride(new(2027, 1, 4), "Because.").Decide(Announced, Entry, Today), "lin@vendor.test");
        var declined = Fold(asked, new DeclineOverride("The contract says otherwise.").Decide(asked), "zhao@vendor.test");

        Assert.Equal((Entry.Earliest, null), (declined.Earliest, declined.Dates.Asked));
    }

    [Fact]
    public void What_nobody_asked_for_is_neither_approved_nor_declined()
    {
        Assert.Equal("override.none", new ApproveOverride(new(2027, 1, 4)).Decide(Announced, Entry, "zhao@vendor.test", Today).Refusal?.Code);
        Assert.Equal("override.none", new DeclineOverride("No.").Decide(Entry).Refusal?.Code);
    }

    [Theory]
    [InlineData("2026-11-22", "override.past")]
    [InlineData("2026-11-23", null)]
    [InlineData("2027-01-14", null)]
    [InlineData("2027-01-15", "override.not-needed")]
    public void The_day_lies_between_tomorrow_and_the_day_the_policy_allows(string day, string? code) =>
        Assert.Equal(code, new RequestOverride(DateOnly.Parse(day, null), "Because.").Decide(Announced, Entry, Today).Refusal?.Code);

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    public void An_override_needs_a_reason(string reason) =>
        Assert.Equal("text.missing", new RequestOverride(new(2027, 1, 4), reason).Decide(Announced, Entry, Today).Refusal?.Code);

    [Fact]
    public void A_customer_who_is_closed_needs_no_override() =>
        Assert.Equal("override.not-now", new RequestOverride(new(2027, 1, 4), "Because.").Decide(Announced, Entry with { ClosedAt = DateTimeOffset.UnixEpoch }, Today).Refusal?.Code);

    [Fact]
    public void An_override_is_approved_as_it_was_seen_and_while_it_still_makes_sense()
    {
        var asked = Fold(Entry, new RequestOverride(new(2027, 1, 4), "Because.").Decide(Announced, Entry, Today), "lin@vendor.test");
        Decision Approve(DateOnly? seen, Retirement retirement, LedgerEntry entry, DateOnly today) => new ApproveOverride(seen).Decide(retirement, entry, "zhao@vendor.test", today);

        Assert.Equal("override.waiting", new RequestOverride(new(2026, 12, 1), "Sooner.").Decide(Announced, asked, Today).Refusal?.Code);
        Assert.Equal("override.unseen", Approve(null, Announced, asked, Today).Refusal?.Code);
        Assert.Equal(Refusal.Overtaken, Approve(new(2027, 1, 5), Announced, asked, Today).Refusal);
        Assert.Equal(Refusal.Overtaken, new DeclineOverride("No.", new DateOnly(2027, 1, 5)).Decide(asked).Refusal);
        Assert.Equal("override.past", Approve(new(2027, 1, 4), Announced, asked, new(2027, 1, 4)).Refusal?.Code);
        Assert.Equal("override.not-now", Approve(new(2027, 1, 4), Announced with { Stage = Stage.Observe }, asked, Today).Refusal?.Code);
        Assert.Equal("override.not-now", Approve(new(2027, 1, 4), Announced, asked with { ClosedAt = DateTimeOffset.UnixEpoch }, Today).Refusal?.Code);
    }

    private static LedgerEntry Fold(LedgerEntry entry, Decision decision, string by)
    {
        Assert.Null(decision.Refusal);
        return decision.Facts.Aggregate(entry, (state, fact) => state.Apply(new Recorded(Id, state.Customer, state.Version + 1, DateTimeOffset.UnixEpoch, by, fact.Fact)));
    }
}
