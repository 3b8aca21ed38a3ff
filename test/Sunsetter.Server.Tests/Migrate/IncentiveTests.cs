using Sunsetter.Harness;
using Sunsetter.Server.Migrate;
using Sunsetter.Server.Platform;
using Sunsetter.Server.Retirements;
using Sunsetter.Server.Tests.Retirements;

namespace Sunsetter.Server.Tests.Migrate;

public sealed class IncentiveTests
{
    private static readonly Guid Offer = Guid.Parse("01930000-0000-7000-8000-00000000000a");

    [Theory]
    [InlineData("2026-10-18", null), InlineData("2026-10-17", "incentive.too-late")]
    public void One_that_was_offered_for_moving_early_is_granted_to_who_did(string moveBy, string? code)
    {
        // Measured as moved on 1 November: the last use of the old module lies two weeks back, on 18 October.
        var moved = Told.Entry(new IncentiveOffered(Offer, "A month free", 500, "CNY", DateOnly.Parse(moveBy, null)), new MovementObserved(MoveState.Moved, 0, 9, 0, Text.Same("measured")));

        Assert.Equal(code, new GrantIncentive(Offer, "").Decide(moved).Refusal?.Code);
    }

    [Fact]
    public void An_offer_that_is_repeated_is_made_once()
    {
        var offer = new OfferIncentive(Offer, "A month free", 500, "CNY", Told.ClosesOn);
        var offered = Told.Entry(offer.Decide(Told.Migrating(), Told.Entry(), Told.ClosesOn.AddDays(-30)).Answered<IncentiveOffered>());

        Assert.Empty(offer.Decide(Told.Migrating(), offered, Told.ClosesOn.AddDays(-30)).Facts);
    }

    [Theory, EachDatabase]
    public async Task Grant_pressed_twice_marks_nothing_as_used(Database database)
    {
        await using var server = await ServerUnderTest.On(database);
        var id = RetirementId.New();
        await server.Get<FactLog>().Begin(id, "lin@vendor.test", _ => Decision.Of(Told.Proposal, new RetirementApproved(), new RetirementScheduled(Told.Plan, null), new MigrationStarted())
            .And(Decision.Of(Told.Huaxin, new EntryOpened(Text.Same("Huaxin"), "standard", CustomerClass.Standard, null, "Asia/Shanghai", "en"),
                new IncentiveOffered(Offer, "A month free", 500, "CNY", Told.ClosesOn), new MovementObserved(MoveState.Moved, 0, 9, 0, Text.Same("measured")))), TestContext.Current.CancellationToken);
        using var success = await Browser.SignIn(server, "yue@vendor.test", Role.Success);
        var page = await success.Open($"/retirements/{id}/ledger/huaxin");

        (await success.Submit(page, $"incentive-{Offer:N}")).Done();
        (await success.Submit(page, $"incentive-{Offer:N}")).Done();

        var incentive = Assert.Single((await server.Get<FactLog>().FindEntry(id, Told.Huaxin, TestContext.Current.CancellationToken))!.Move.Incentives);
        Assert.True(incentive is { GrantedAt: not null, UsedAt: null });
    }

    [Fact]
    public void Nobody_who_has_not_moved_is_granted_one() =>
        new GrantIncentive(Offer, "").Decide(Told.Entry(new IncentiveOffered(Offer, "A month free", 500, "CNY", Told.ClosesOn), new MovementObserved(MoveState.Moving, 3, 9, 2, Text.Same("measured")))).Refused("incentive.not-moved");
}
